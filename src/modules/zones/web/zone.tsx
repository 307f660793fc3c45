import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ZoneDetail, ZoneStep } from "#domain/zones";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { Criteria } from "#webx/criteria";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Moment, Panel, ProblemNotice, RiskMark, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";

/** One risk zone: its level over time, each step with its reason, and what lifting still needs. */
export function ZonePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["zone", id],
    queryFn: () => get<ZoneDetail>(`/api/v1/zones/${encodeURIComponent(id)}`),
    meta: { topics: ["zones", "cases", "screening"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/zones">{t("zones.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const zone = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/zones">{t("zones.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {areaLabel(zone)} <RiskMark level={zone.level} /> <StateWord group="enums.zoneState" value={zone.state} />
        </h1>
        <div className="page-actions">
          <Actions zone={zone} />
        </div>
      </header>
      <div className="columns">
        <Panel title={t("zones.facts")}>
          <Facts
            rows={[
              [t("common.area"), <AreaPath key="a" code={zone.areaCode} />],
              [t("zones.unit"), wordFor(t, "enums.unit", zone.unit)],
              [t("zones.since"), <Moment key="m" at={zone.since} long />],
              [t("zones.cleanDays"), zone.cleanDays ?? "–"],
              [t("zones.nextLift"), <Moment key="m" at={zone.nextLift} long />],
              [t("zones.case"), zone.caseId ? <CaseLink key="c" id={zone.caseId} /> : "–"],
            ]}
          />
        </Panel>
        <Panel title={t("zones.lift")}>
          <Lift zone={zone} />
        </Panel>
        <Panel title={t("zones.steps")}>
          <Steps steps={zone.levels} />
        </Panel>
        <Timeline subjects={[{ type: "zone", id }]} />
      </div>
    </div>
  );
}

/** What explains the count of clean days; it is not a condition that one waits for. */
const setsBack: ReadonlySet<string> = new Set(["newInfection", "extended"]);

/** What may be decided now; each says what it does before it is done. */
function Actions({ zone }: { readonly zone: ZoneDetail }): ReactNode {
  const { t } = useTranslation();
  const params = { id: zone.id };
  if (zone.state === "proposed")
    return (
      <>
        <OperationButton
          operation="publishZone"
          params={params}
          values={{ level: zone.level }}
          confirm={t("zones.confirm.publish")}
          primary
        />
        <OperationButton operation="dropZone" params={params} confirm={t("zones.confirm.drop")} danger />
      </>
    );
  if (zone.state !== "published") return null;
  return (
    <>
      <OperationButton
        operation="liftZone"
        params={params}
        confirm={zone.liftCheck?.allowed === true ? t("zones.confirm.lift") : t("zones.confirm.liftUnmet")}
        primary={zone.liftCheck?.allowed === true}
      />
      <OperationButton operation="raiseZone" params={params} confirm={t("zones.confirm.raise")} danger />
      <OperationButton operation="extendZone" params={params} confirm={t("zones.confirm.extend")} />
      <OperationButton operation="keepZone" params={params} confirm={t("zones.confirm.keep")} />
    </>
  );
}

function CaseLink(props: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Link to="/cases/$id" params={{ id: props.id }}>
      {t("zones.openCase")}
    </Link>
  );
}

function Lift(props: { readonly zone: ZoneDetail }): ReactNode {
  const { t } = useTranslation();
  const check = props.zone.liftCheck;
  if (!check) return <p className="muted">{t("zones.noLift")}</p>;
  return (
    <>
      <p>{check.allowed ? t("zones.mayFall", { level: wordFor(t, "enums.risk", check.to) }) : t("zones.mayNotFall")}</p>
      <Criteria group="zones.reason" items={check.reasons.filter(({ id }) => !setsBack.has(id))} />
      {check.reasons
        .filter(({ id }) => setsBack.has(id))
        .map(({ id, value }) => (
          <p key={id} className="muted">
            {t("zones.setBack", { reason: wordFor(t, "zones.reason", id), day: String(value) })}
          </p>
        ))}
    </>
  );
}

function Steps(props: { readonly steps: readonly ZoneStep[] }): ReactNode {
  const { t } = useTranslation();
  if (props.steps.length === 0) return <p className="muted">{t("zones.noSteps")}</p>;
  return (
    <ol className="steps">
      {props.steps.map((step) => (
        <li key={`${step.level}${step.from}`}>
          <RiskMark level={step.level} /> <Moment at={step.from} long />
          {step.to ? (
            <>
              {" "}
              – <Moment at={step.to} />
            </>
          ) : null}
          <p className="muted">
            {step.reason === step.rule ? null : `${step.reason} `}
            <code>{step.rule}</code> · {step.protocolVersion}
          </p>
        </li>
      ))}
    </ol>
  );
}
