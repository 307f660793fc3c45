import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseDetail } from "#domain/cases";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";
import { CaseActions } from "./actions.tsx";
import { Course } from "./course.tsx";
import { PersonLookup } from "./person.tsx";
import { Reach } from "./reach.tsx";
import { Tracks } from "./tracks.tsx";

/** One case: its state, its clocks, where it was found and how its class changed. */
export function CasePage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["case", id],
    queryFn: () => get<CaseDetail>(`/api/v1/cases/${encodeURIComponent(id)}`),
    meta: { topics: ["cases"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/cases">{t("cases.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const record = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/cases">{t("cases.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {record.number ?? t("cases.noNumber")} <StateWord group="enums.caseState" value={record.state} />
        </h1>
        <div className="page-actions">
          <CaseActions record={record} />
        </div>
      </header>
      <Course record={record} />
      <div className="columns">
        <Panel title={t("cases.facts")}>
          <CaseFacts record={record} />
        </Panel>
        <Panel title={t("cases.person")}>
          <PersonLookup caseId={record.id} />
        </Panel>
        <Panel title={t("cases.tracks.title")}>
          <Tracks caseId={record.id} />
        </Panel>
        <Panel title={t("cases.reach.title")}>
          <Reach caseId={record.id} />
        </Panel>
        <Panel title={t("cases.history")}>
          <History record={record} />
        </Panel>
        <Timeline subjects={[{ type: "case", id: record.id }]} />
      </div>
    </div>
  );
}

function CaseFacts(props: { readonly record: CaseDetail }): ReactNode {
  const { t } = useTranslation();
  const { record } = props;
  return (
    <Facts
      rows={[
        [t("common.area"), <AreaPath key="a" code={record.areaCode} />],
        [t("cases.severity"), wordFor(t, "enums.severity", record.severity)],
        [t("cases.provenance"), wordFor(t, "enums.provenance", record.provenance)],
        [t("cases.sampledAt"), <Moment key="m" at={record.sampledAt} long />],
        [t("cases.positiveAt"), <Moment key="m" at={record.positiveAt} long />],
        [t("cases.controlAt"), <Moment key="m" at={record.controlAt} long />],
        [t("cases.diagnosedAt"), <Moment key="m" at={record.diagnosedAt} long />],
        [t("cases.report"), <Due key="d" at={record.reportDueAt} doneAt={record.reportedAt} />],
        [t("cases.outcome"), wordFor(t, "enums.outcome", record.outcome)],
        [t("cases.tube"), record.tubeId === null ? "–" : <TubeLink key="t" id={record.tubeId} />],
        [t("cases.signalTube"), record.signalTubeId === null ? "–" : <TubeLink key="s" id={record.signalTubeId} />],
        [t("cases.ct"), `${record.ctN ?? "–"} / ${record.ctOrf ?? "–"}`],
        [
          t("cases.contacts"),
          <Link key="k" to="/contacts" search={{ caseId: record.id }}>
            {t("cases.openContacts")}
          </Link>,
        ],
        [
          t("cases.infector"),
          record.infectorCaseId ? <CaseLink key="c" id={record.infectorCaseId} /> : t("cases.unknownInfector"),
        ],
        [t("common.protocol"), record.protocolVersion],
      ]}
    />
  );
}

function TubeLink(props: { readonly id: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <Link to="/tubes/$id" params={{ id: String(props.id) }}>
      {t("cases.openTube")}
    </Link>
  );
}

function CaseLink(props: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Link to="/cases/$id" params={{ id: props.id }}>
      {t("cases.openInfector")}
    </Link>
  );
}

function History(props: { readonly record: CaseDetail }): ReactNode {
  const { t } = useTranslation();
  const changes = props.record.reclassifications;
  if (changes.length === 0) return <p className="muted">{t("cases.noHistory")}</p>;
  return (
    <ol className="steps">
      {changes.map((change) => (
        <li key={change.at}>
          <Moment at={change.at} long />{" "}
          <span>
            {wordFor(t, "enums.caseState", change.from)} → {wordFor(t, "enums.caseState", change.to)}
          </span>
          <code> {change.ruleId}</code>
          {change.reason === null ? null : <span className="muted"> {change.reason}</span>}
        </li>
      ))}
    </ol>
  );
}
