import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ArrivalDetail } from "#domain/inbound";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Due, Moment, Panel } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { Timeline } from "#webx/timeline";
import { ArrivalActions } from "./arrivals.tsx";

/** One arrival with who it is; asked for with a purpose, which is kept. */
export function ArrivalPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const asked = useMutation({
    mutationFn: (reason: string) => getFor<ArrivalDetail>(`/api/v1/inbound/arrivals/${encodeURIComponent(id)}`, reason),
  });
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/inbound">{t("inbound.arrivals.title")}</Link>
      </p>
      {asked.data ? (
        <Known arrival={asked.data} />
      ) : (
        <>
          <h1>{t("inbound.one")}</h1>
          <PurposeForm busy={asked.isPending} error={asked.error} onAsk={(reason) => asked.mutate(reason)} />
        </>
      )}
    </div>
  );
}

function Known(props: { readonly arrival: ArrivalDetail }): ReactNode {
  const { t } = useTranslation();
  const row = props.arrival;
  return (
    <>
      <h1>{row.receipt}</h1>
      <ArrivalActions row={row} />
      <div className="columns">
        <Panel title={t("inbound.who")}>
          <Facts
            rows={[
              [t("inbound.name"), row.name],
              [t("inbound.idLast4"), row.idLast4 ?? "–"],
              [t("inbound.phone"), row.phone ?? "–"],
              [t("common.area"), <AreaPath key="a" code={row.areaCode} />],
            ]}
          />
        </Panel>
        <Panel title={t("inbound.journey")}>
          <Facts
            rows={[
              [t("inbound.origin"), row.origin],
              [t("inbound.leftOn"), row.leftOn],
              [t("inbound.via"), row.via === "" ? "–" : row.via],
              [t("inbound.vehicle"), row.vehicle ?? "–"],
              [t("inbound.arrivesAt"), <Moment key="m" at={row.arrivesAt} long />],
            ]}
          />
        </Panel>
        <Panel title={t("inbound.handled")}>
          <Facts
            rows={[
              [t("common.state"), wordFor(t, "inbound.values.state", row.state)],
              [t("inbound.level"), wordFor(t, "inbound.values.level", row.level)],
              [
                t("inbound.plan"),
                row.plan === null ? t("inbound.noPlan") : wordFor(t, "inbound.values.plan", row.plan),
              ],
              [t("inbound.rule"), row.ruleId],
              [t("inbound.visitBy"), <Due key="d" at={row.dueAt} doneAt={row.classifiedAt} />],
            ]}
          />
        </Panel>
        <Timeline subjects={[{ type: "arrival", id: row.id }]} />
      </div>
    </>
  );
}
