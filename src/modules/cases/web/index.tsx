import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "#domain/cases";
import { caseStates, provenances } from "#domain/outbreaks";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { Delays } from "./delays.tsx";
import type { Column } from "#webx/rows";

/** The page of one positive tube, fetched when it is opened. */
export async function loadTubePage(): Promise<() => ReactNode> {
  return (await import("./tube.tsx")).TubePage;
}

/** The page of one case, fetched when it is opened. */
export async function loadCasePage(): Promise<() => ReactNode> {
  return (await import("./case.tsx")).CasePage;
}

export { PositivesPage } from "./positives.tsx";

/** The cases, and how long each step of theirs takes. */
export function CasesPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "cases", label: t("cases.title"), render: () => <CaseList /> },
        { key: "delays", label: t("cases.delays.title"), render: () => <Delays /> },
      ]}
    />
  );
}

/** The case list: every infected person found, newest first, with the 2 h report clock. */
function CaseList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<CaseRow>[] = [
    {
      title: t("cases.number"),
      key: "number",
      fixed: "left",
      render: (_, row) => (
        <Link to="/cases/$id" params={{ id: row.id }}>
          {row.number ?? wordFor(t, "enums.caseState", row.state)}
        </Link>
      ),
    },
    {
      title: t("cases.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.caseState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("cases.provenance"),
      key: "provenance",
      render: (_, row) => wordFor(t, "enums.provenance", row.provenance),
    },
    {
      title: t("cases.positiveAt"),
      key: "positiveAt",
      sortBy: "positive",
      render: (_, row) => <Moment at={row.positiveAt} />,
    },
    { title: t("cases.diagnosedAt"), key: "diagnosedAt", render: (_, row) => <Moment at={row.diagnosedAt} /> },
    {
      title: t("cases.report"),
      key: "report",
      render: (_, row) => <Due at={row.reportDueAt} doneAt={row.reportedAt} />,
    },
    { title: t("cases.controlAt"), key: "controlAt", render: (_, row) => <Moment at={row.controlAt} /> },
    { title: t("cases.outcome"), key: "outcome", render: (_, row) => wordFor(t, "enums.outcome", row.outcome) },
  ];
  return (
    <ListPage<CaseRow>
      title={t("cases.title")}
      intro={t("cases.intro")}
      path="/api/v1/cases"
      usual="-positive"
      topics={["cases"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.caseState", values: caseStates }}
      filter={{
        name: "provenance",
        label: t("cases.provenance"),
        group: "enums.provenance",
        values: provenances,
      }}
      actions={<OperationButton operation="registerCase" />}
      empty={t("cases.empty")}
    />
  );
}
