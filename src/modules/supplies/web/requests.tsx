import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { requestStates, type RequestRow } from "#domain/supplies";
import { newKey, post } from "#web/api";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { RequestSteps } from "./steps.tsx";
import type { Column } from "#webx/rows";

/** Requests from this area and to it, each with its next step. */
export function RequestsTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  const columns: Column<RequestRow>[] = [
    {
      title: t("supplies.no"),
      key: "no",
      fixed: "left",
      render: (_, row) => (
        <Link to="/supplies/requests/$id" params={{ id: row.id }}>
          {row.no}
        </Link>
      ),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="supplies.values.requestState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("supplies.source"), key: "source", render: (_, row) => <AreaPath code={row.sourceAreaCode} /> },
    {
      title: t("supplies.item"),
      key: "lines",
      render: (_, row) =>
        row.lines.map((line) => `${en ? line.itemNameEn : line.itemName} ${line.approved ?? line.asked}`).join("; "),
    },
    {
      sortBy: "needed",
      title: t("supplies.neededBy"),
      key: "needed",
      render: (_, row) => <Due at={row.neededBy} doneAt={row.receivedAt ?? row.closedAt} />,
    },
    { title: t("supplies.vehicle"), key: "vehicle", render: (_, row) => row.vehicle ?? "–" },
    { key: "action", render: (_, row) => <RequestSteps row={row} /> },
  ];
  return (
    <ListPage<RequestRow>
      title={t("supplies.requests.title")}
      intro={t("supplies.requests.intro")}
      path="/api/v1/supplies/requests"
      topics={["supplies"]}
      columns={columns}
      rowKey="id"
      level={2}
      states={{ group: "supplies.values.requestState", values: requestStates }}
      bulk={[
        {
          key: "approve",
          label: t("supplies.do.approve"),
          operation: "decideSupplyRequest",
          may: (row) => row.state === "asked",
          name: (row) => row.no,
          send: (row) =>
            post(
              `/api/v1/supplies/requests/${row.id}/decide`,
              { lines: row.lines.map((line) => ({ item: line.item, quantity: line.asked })) },
              { key: newKey() },
            ),
        },
        {
          key: "receive",
          label: t("supplies.do.receiveWhole"),
          operation: "receiveSupplyRequest",
          may: (row) => row.state === "dispatched",
          name: (row) => row.no,
          send: (row) => post(`/api/v1/supplies/requests/${row.id}/receive`, { differences: [] }, { key: newKey() }),
        },
      ]}
      empty={t("supplies.requests.empty")}
      actions={<SheetButtons name="supplies-requests" canImport canExport />}
    />
  );
}
