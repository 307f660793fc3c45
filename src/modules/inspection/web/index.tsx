import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  findingStates,
  fixedAt,
  placeTypes,
  sanctionKinds,
  type Finding,
  type RouteRow,
  type Sanction,
  type VisitRow,
} from "#domain/inspection";
import { currentLanguage, wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { ChecklistsTab, PlacesList, TeamsList } from "./places.tsx";
import { RecordVisit } from "./record.tsx";
import { AccountTable, CoverageTable, RepeatsTable } from "./figures.tsx";
import type { Column } from "#webx/rows";

/** The page of one finding, fetched when it is opened. */
export async function loadFindingPage(): Promise<() => ReactNode> {
  return (await import("./finding.tsx")).FindingPage;
}

const topics = ["inspection", "tasks"] as const;

/** Supervision: the problem list, routes and visits, what counties answer for, and the standing check of venue codes. */
export function InspectionPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "findings", label: t("inspection.tabs.findings"), render: () => <FindingsList /> },
        { key: "routes", label: t("inspection.tabs.routes"), render: () => <RoutesList /> },
        { key: "visits", label: t("inspection.tabs.visits"), render: () => <VisitsList /> },
        { key: "places", label: t("inspection.tabs.places"), render: () => <PlacesList /> },
        { key: "teams", label: t("inspection.tabs.teams"), render: () => <TeamsList /> },
        { key: "checklists", label: t("inspection.tabs.checklists"), render: () => <ChecklistsTab /> },
        { key: "coverage", label: t("inspection.tabs.coverage"), render: () => <CoverageTable /> },
        { key: "account", label: t("inspection.tabs.account"), render: () => <AccountTable /> },
        { key: "repeats", label: t("inspection.tabs.repeats"), render: () => <RepeatsTable /> },
        { key: "sanctions", label: t("inspection.tabs.sanctions"), render: () => <SanctionsList /> },
      ]}
    />
  );
}

function FindingsList(): ReactNode {
  const { t } = useTranslation();
  const english = currentLanguage() === "en";
  const columns: Column<Finding>[] = [
    {
      title: t("inspection.problem"),
      key: "problem",
      fixed: "left",
      render: (_, row) => (
        <Link to="/inspection/$id" params={{ id: row.id }}>
          {english ? row.textEn : row.text}
        </Link>
      ),
    },
    { title: t("inspection.place"), key: "place", render: (_, row) => row.placeName },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("inspection.severity"),
      key: "severity",
      render: (_, row) => (
        <>
          {wordFor(t, "inspection.values.severity", row.severity)}
          {row.fixNow ? ` · ${t("inspection.fixNow")}` : ""}
        </>
      ),
    },
    { title: t("inspection.owner"), key: "owner", render: (_, row) => wordFor(t, "enums.team", row.ownerTeam) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inspection.values.state" value={row.state} />,
    },
    {
      title: t("inspection.due"),
      sortBy: "due",
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={fixedAt(row)} />,
    },
    {
      sortBy: "repeats",
      title: t("inspection.repeated"),
      key: "repeats",
      align: "right",
      render: (_, row) => row.repeats,
    },
  ];
  return (
    <ListPage<Finding>
      title={t("inspection.title")}
      intro={t("inspection.intro")}
      path="/api/v1/inspection/findings"
      usual="due"
      topics={topics}
      columns={columns}
      rowKey="id"
      states={{ group: "inspection.values.state", values: ["unresolved", ...findingStates] }}
      filter={{
        name: "placeType",
        label: t("inspection.placeType"),
        group: "inspection.values.placeType",
        values: placeTypes,
      }}
      actions={
        <>
          <a href="/api/v1/inspection/problem-list" target="_blank" rel="noreferrer">
            {t("inspection.print")}
          </a>
          <RecordVisit />
          <SheetButtons name="inspection-findings" canImport canExport />
        </>
      }
      empty={t("inspection.empty")}
    />
  );
}

function RoutesList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<RouteRow>[] = [
    {
      title: t("inspection.team"),
      key: "team",
      render: (_, row) => areaLabel({ name: row.teamName, nameEn: row.teamNameEn }),
    },
    { title: t("inspection.day"), key: "day", render: (_, row) => row.day },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inspection.stops"), key: "stops", render: (_, row) => row.places.join(" → ") },
    {
      title: t("inspection.visited"),
      key: "visited",
      align: "right",
      render: (_, row) => `${row.visited} / ${row.places.length}`,
    },
  ];
  return (
    <ListPage<RouteRow>
      title={t("inspection.tabs.routes")}
      intro={t("inspection.routesIntro")}
      path="/api/v1/inspection/routes"
      topics={topics}
      columns={columns}
      rowKey="id"
      actions={
        <>
          <OperationButton operation="planInspectionRoutes" />
          <SheetButtons name="inspection-routes" canImport canExport />
        </>
      }
      empty={t("inspection.noRoutes")}
    />
  );
}

function VisitsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<VisitRow>[] = [
    { title: t("inspection.place"), key: "place", render: (_, row) => row.placeName },
    {
      title: t("inspection.placeType"),
      key: "type",
      render: (_, row) => wordFor(t, "inspection.values.placeType", row.placeType),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inspection.team"), key: "team", render: (_, row) => row.teamCode },
    { title: t("inspection.at"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    { title: t("inspection.score"), key: "score", align: "right", render: (_, row) => row.score ?? "–" },
    { title: t("inspection.found"), key: "found", align: "right", render: (_, row) => row.findings },
    {
      title: t("inspection.list"),
      key: "list",
      render: (_, row) => <code>{`${row.checklistId} ${row.checklistVersion}`}</code>,
    },
  ];
  return (
    <ListPage<VisitRow>
      title={t("inspection.tabs.visits")}
      intro={t("inspection.visitsIntro")}
      path="/api/v1/inspection/visits"
      topics={topics}
      columns={columns}
      rowKey="id"
      actions={<RecordVisit />}
      empty={t("inspection.noVisits")}
    />
  );
}

function SanctionsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Sanction>[] = [
    { title: t("inspection.subject"), key: "subject", fixed: "left", render: (_, row) => row.subject },
    {
      title: t("inspection.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "inspection.values.sanction", row.kind),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inspection.reason"), key: "reason", render: (_, row) => row.reason },
    { title: t("inspection.at"), key: "at", render: (_, row) => <Moment at={row.decidedAt} /> },
  ];
  return (
    <ListPage<Sanction>
      title={t("inspection.tabs.sanctions")}
      intro={t("inspection.sanctionsIntro")}
      path="/api/v1/inspection/sanctions"
      topics={topics}
      columns={columns}
      rowKey="id"
      filter={{
        name: "kind",
        label: t("inspection.kind"),
        group: "inspection.values.sanction",
        values: sanctionKinds,
      }}
      actions={<OperationButton operation="recordSanction" />}
      empty={t("inspection.noSanctions")}
    />
  );
}
