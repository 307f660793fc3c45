import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RequestDetail } from "#domain/supplies";
import { get } from "#web/api";
import { numberText } from "#web/time";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";
import { RequestSteps } from "./steps.tsx";
import { Rows } from "#webx/rows";

/** One request: who asks whom, what was granted, which batches serve it, and what arrived of them. */
export function SupplyRequestPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const url = `/api/v1/supplies/requests/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: ["supplyRequest", id],
    queryFn: () => get<RequestDetail>(url),
    meta: { topics: ["supplies"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={
          <Link to="/supplies" search={{ tab: "requests" }}>
            {t("supplies.requests.title")}
          </Link>
        }
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const request = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/supplies" search={{ tab: "requests" }}>
          {t("supplies.requests.title")}
        </Link>
      </p>
      <h1>
        {request.no} <StateWord group="supplies.values.requestState" value={request.state} />
      </h1>
      <Panel title={t("supplies.facts")} side={<RequestSteps row={request} />}>
        <Facts
          rows={[
            [t("common.area"), <AreaPath key="a" code={request.areaCode} />],
            [t("supplies.source"), <AreaPath key="s" code={request.sourceAreaCode} />],
            [t("supplies.reason"), request.reason],
            [t("supplies.decision"), request.decision || "–"],
            [t("supplies.neededBy"), <Moment key="n" at={request.neededBy} long />],
            [t("supplies.vehicle"), request.vehicle ?? "–"],
            [t("supplies.dueAt"), <Moment key="d" at={request.dueAt} long />],
            [t("supplies.receivedAt"), <Moment key="r" at={request.receivedAt} long />],
          ]}
        />
      </Panel>
      <Panel title={t("supplies.batches")}>
        <Rows
          columns={[
            { title: t("supplies.item"), key: "item", render: (_, row) => nameOf(request, row.item) },
            { title: t("supplies.batch"), dataIndex: "batch" },
            { title: t("supplies.expiresOn"), dataIndex: "expiresOn" },
            {
              title: t("supplies.quantity"),
              key: "quantity",
              align: "right",
              render: (_, row) => numberText(row.quantity),
            },
            {
              title: t("supplies.received"),
              key: "received",
              align: "right",
              render: (_, row) => (row.received === null ? "–" : numberText(row.received)),
            },
            { title: t("supplies.difference"), dataIndex: "discrepancy" },
            { title: t("supplies.settlement"), dataIndex: "settlement" },
            {
              key: "action",
              render: (_, row) =>
                request.state === "dispatched" ? (
                  <OperationButton
                    operation="receiveDifferingLoad"
                    params={{ id }}
                    fixed={{ allocationId: row.id }}
                    label={t("supplies.do.receiveDiffering")}
                  />
                ) : null,
            },
          ]}
          rows={request.allocations}
          rowKey="id"
        />
      </Panel>
      <Timeline subjects={[{ type: "supplyRequest", id: request.id }]} />
    </div>
  );
}

/** What an item is called in the lines of the request; one that was added to it later keeps its code. */
function nameOf(request: RequestDetail, item: string): string {
  const line = request.lines.find((one) => one.item === item);
  return line ? areaLabel({ name: line.itemName, nameEn: line.itemNameEn }) : item;
}
