import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  alertStates,
  signalStates,
  unitKinds,
  type Alert,
  type Count,
  type Signal,
  type SignalPerson,
  type SilentUnit,
  type Unit,
} from "#domain/sentinel";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { RevealButton } from "#webx/reveal";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import type { Column } from "#webx/rows";

/** The three probes: signals to visit, daily counts, alerts to verify, and who is silent. */
export function SentinelPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "signals", label: t("sentinel.tabs.signals"), render: () => <Signals /> },
        { key: "counts", label: t("sentinel.tabs.counts"), render: () => <Counts /> },
        { key: "alerts", label: t("sentinel.tabs.alerts"), render: () => <Alerts /> },
        { key: "silent", label: t("sentinel.tabs.silent"), render: () => <Silent /> },
        { key: "units", label: t("sentinel.tabs.units"), render: () => <Units /> },
      ]}
    />
  );
}

function Seen(props: { readonly row: Signal }): ReactNode {
  const { t } = useTranslation();
  const { temperature, drugClasses, symptoms } = props.row;
  const parts = [
    ...(temperature === null ? [] : [t("sentinel.temperature", { degrees: temperature })]),
    ...symptoms.map((symptom) => wordFor(t, "sentinel.values.symptom", symptom)),
    ...drugClasses.map((id) => wordFor(t, "sentinel.values.drugClass", id)),
  ];
  return <>{parts.join(" · ")}</>;
}

function SignalActions(props: { readonly row: Signal }): ReactNode {
  const { t } = useTranslation();
  const { id, state } = props.row;
  return (
    <span className="row-actions">
      {["open", "visited", "tested", "lost"].includes(state) ? (
        <OperationButton operation="recordProbeVisit" params={{ id }} label={t("sentinel.visit")} />
      ) : null}
      <RevealButton<SignalPerson>
        label={t("sentinel.who")}
        path={`/api/v1/sentinel/signals/${encodeURIComponent(id)}/person`}
        show={(person) => (
          <Facts
            rows={[
              [t("sentinel.person.name"), person.name],
              [t("sentinel.person.id"), person.idLast4 ?? "–"],
              [t("common.area"), <AreaPath key="a" code={person.areaCode} />],
            ]}
          />
        )}
      />
    </span>
  );
}

function Signals(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Signal>[] = [
    { title: t("common.area"), key: "area", fixed: "left", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="sentinel.values.signalState" value={row.state} />,
    },
    {
      title: t("sentinel.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "sentinel.values.unitKind", row.unitKind),
    },
    { title: t("sentinel.unit"), key: "unit", render: (_, row) => row.unitName ?? "–" },
    { title: t("sentinel.seen"), key: "seen", render: (_, row) => <Seen row={row} /> },
    { title: t("sentinel.at"), sortBy: "at", key: "at", render: (_, row) => <Moment at={row.at} /> },
    {
      sortBy: "visitDue",
      title: t("sentinel.visitDue"),
      key: "due",
      render: (_, row) => <Due at={row.visitDueAt} doneAt={row.visitedAt ?? row.endedAt} />,
    },
    { title: t("sentinel.visitedAt"), key: "visited", render: (_, row) => <Moment at={row.visitedAt} /> },
    { title: t("sentinel.reason"), key: "reason", render: (_, row) => row.reason ?? "" },
    { title: "", key: "act", fixed: "right", render: (_, row) => <SignalActions row={row} /> },
  ];
  return (
    <ListPage<Signal>
      title={t("sentinel.title")}
      intro={t("sentinel.intro.signals")}
      path="/api/v1/sentinel/signals"
      usual="-at"
      topics={["sentinel", "screening"]}
      columns={columns}
      rowKey="id"
      states={{ group: "sentinel.values.signalState", values: signalStates }}
      actions={
        <>
          <OperationButton operation="reportProbeSignals" values={{ signals: [{}] }} />
          <OperationButton operation="recordProbeVisits" values={{ visits: [{}] }} />
          <SheetButtons name="sentinel-signals" canImport canExport />
        </>
      }
      empty={t("sentinel.empty.signals")}
    />
  );
}

function Counts(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Count>[] = [
    { title: t("sentinel.unit"), key: "unit", fixed: "left", render: (_, row) => row.unitName },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("sentinel.day"), key: "day", render: (_, row) => row.day },
    { title: t("sentinel.fever"), key: "fever", align: "right", render: (_, row) => numberText(row.fever) },
    {
      title: t("sentinel.respiratory"),
      key: "respiratory",
      align: "right",
      render: (_, row) => numberText(row.respiratory),
    },
    { title: t("sentinel.drugs"), key: "drugs", align: "right", render: (_, row) => numberText(row.drugs) },
    {
      title: t("sentinel.receivedAt"),
      key: "received",
      render: (_, row) => (
        <>
          <Moment at={row.receivedAt} /> {row.late ? <span className="due-late">{t("sentinel.late")}</span> : null}
        </>
      ),
    },
    { title: t("sentinel.corrections"), key: "corrections", align: "right", render: (_, row) => row.corrections },
  ];
  return (
    <ListPage<Count>
      title={t("sentinel.tabs.counts")}
      intro={t("sentinel.intro.counts")}
      path="/api/v1/sentinel/counts"
      topics={["sentinel"]}
      columns={columns}
      rowKey="id"
      actions={
        <>
          <OperationButton operation="recordProbeCounts" values={{ counts: [{}] }} />
          <SheetButtons name="sentinel-counts" canImport canExport />
        </>
      }
      empty={t("sentinel.empty.counts")}
    />
  );
}

function Alerts(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Alert>[] = [
    { title: t("common.area"), key: "area", fixed: "left", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="sentinel.values.alertState" value={row.state} />,
    },
    { title: t("sentinel.level"), key: "level", render: (_, row) => wordFor(t, "sentinel.values.level", row.level) },
    {
      title: t("sentinel.measure"),
      key: "measure",
      render: (_, row) => wordFor(t, "sentinel.values.measure", row.measure),
    },
    { title: t("sentinel.day"), key: "day", render: (_, row) => row.day },
    { title: t("sentinel.observed"), key: "observed", align: "right", render: (_, row) => numberText(row.observed) },
    {
      title: t("sentinel.expected"),
      key: "expected",
      align: "right",
      render: (_, row) => (row.expected === null ? "–" : row.expected.toFixed(1)),
    },
    {
      title: t("sentinel.rules"),
      key: "rules",
      render: (_, row) => row.rules.map((rule) => wordFor(t, "sentinel.values.rule", rule)).join(" · "),
    },
    {
      title: t("sentinel.verifyDue"),
      key: "due",
      render: (_, row) => <Due at={row.verifyDueAt} doneAt={row.answeredAt} />,
    },
    { title: t("sentinel.reason"), key: "reason", render: (_, row) => row.reason ?? "" },
    {
      title: "",
      key: "act",
      fixed: "right",
      render: (_, row) =>
        row.state === "raised" ? <OperationButton operation="answerProbeAlert" params={{ id: row.id }} /> : null,
    },
  ];
  return (
    <ListPage<Alert>
      title={t("sentinel.tabs.alerts")}
      intro={t("sentinel.intro.alerts")}
      path="/api/v1/sentinel/alerts"
      topics={["sentinel"]}
      columns={columns}
      rowKey="id"
      states={{ group: "sentinel.values.alertState", values: alertStates }}
      empty={t("sentinel.empty.alerts")}
    />
  );
}

function Silent(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<SilentUnit>[] = [
    { title: t("sentinel.unit"), key: "unit", fixed: "left", render: (_, row) => row.name },
    { title: t("sentinel.code"), key: "code", render: (_, row) => row.code },
    { title: t("sentinel.kind"), key: "kind", render: (_, row) => wordFor(t, "sentinel.values.unitKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("sentinel.lastDay"), key: "last", render: (_, row) => row.lastDay ?? "–" },
    { title: t("sentinel.missingDays"), key: "missing", align: "right", render: (_, row) => row.missingDays },
  ];
  return (
    <ListPage<SilentUnit>
      title={t("sentinel.tabs.silent")}
      intro={t("sentinel.intro.silent")}
      path="/api/v1/sentinel/silent"
      topics={["sentinel"]}
      columns={columns}
      rowKey="id"
      empty={t("sentinel.empty.silent")}
    />
  );
}

function Units(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Unit>[] = [
    { title: t("sentinel.unit"), key: "unit", fixed: "left", render: (_, row) => row.name },
    { title: t("sentinel.code"), key: "code", render: (_, row) => row.code },
    { title: t("sentinel.kind"), key: "kind", render: (_, row) => wordFor(t, "sentinel.values.unitKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("sentinel.reportsBy"), key: "by", render: (_, row) => row.reportsBy },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="sentinel.values.unitState" value={row.state} />,
    },
  ];
  return (
    <ListPage<Unit>
      title={t("sentinel.tabs.units")}
      intro={t("sentinel.intro.units")}
      path="/api/v1/sentinel/units"
      topics={["sentinel"]}
      columns={columns}
      rowKey="id"
      filter={{ name: "kind", label: t("sentinel.kind"), group: "sentinel.values.unitKind", values: unitKinds }}
      actions={
        <>
          <OperationButton operation="registerProbeUnits" values={{ units: [{}] }} />
          <SheetButtons name="sentinel-units" canImport canExport />
        </>
      }
      empty={t("sentinel.empty.units")}
    />
  );
}
