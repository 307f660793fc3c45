import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  itemStates,
  listStates,
  needStates,
  streetStates,
  type DoorItem,
  type DoorList,
  type GridRow,
  type Need,
  type StreetRound,
} from "#domain/grid";
import { doorKinds, needKinds, streetKinds } from "#domain/outbreaks";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { FiguresStrip, LanesButton, TextsPart, WorkersPart } from "./force.tsx";
import { ReachPart } from "./reach.tsx";
import type { Column } from "#webx/rows";

/** Grid work: whose doors are walked, what households need, what the streets get, who has no door. */
export function GridPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <FiguresStrip />
      <PageTabs
        tabs={[
          { key: "lists", label: t("grid.lists.title"), render: () => <ListsPart /> },
          { key: "doors", label: t("grid.doors.title"), render: () => <DoorsPart /> },
          { key: "needs", label: t("grid.needs.title"), render: () => <NeedsPart /> },
          { key: "reach", label: t("grid.reach.title"), render: () => <ReachPart /> },
          { key: "streets", label: t("grid.streets.title"), render: () => <StreetsPart /> },
          { key: "force", label: t("grid.force.title"), render: () => <WorkersPart /> },
          { key: "texts", label: t("grid.texts.title"), render: () => <TextsPart /> },
          { key: "grids", label: t("grid.grids.title"), render: () => <GridsPart /> },
        ]}
      />
    </>
  );
}

function ListsPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<DoorList>[] = [
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.doorKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("common.state"), key: "state", render: (_, row) => wordFor(t, "grid.values.listState", row.state) },
    { title: t("grid.due"), sortBy: "due", key: "due", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("grid.lists.total"), key: "total", align: "right", render: (_, row) => row.total },
    { title: t("grid.lists.done"), sortBy: "done", key: "done", align: "right", render: (_, row) => row.done },
    { title: t("grid.lists.notHome"), key: "notHome", align: "right", render: (_, row) => row.notHome },
    { title: t("grid.lists.refused"), key: "refused", align: "right", render: (_, row) => row.refused },
  ];
  return (
    <ListPage<DoorList>
      title={t("grid.lists.title")}
      intro={t("grid.lists.intro")}
      path="/api/v1/grid/door-lists"
      usual="-due"
      topics={["grid", "screening"]}
      columns={columns}
      rowKey="id"
      states={{ group: "grid.values.listState", values: listStates }}
      filter={{ name: "kind", label: t("grid.kind"), group: "grid.values.doorKind", values: doorKinds }}
      empty={t("grid.lists.empty")}
      actions={<OperationButton operation="makeDoorList" />}
    />
  );
}

function DoorsPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<DoorItem>[] = [
    { title: t("grid.grid"), key: "grid", fixed: "left", render: (_, row) => row.gridCode ?? row.areaCode },
    { sortBy: "walk", title: t("grid.doors.no"), key: "no", align: "right", render: (_, row) => row.no },
    { title: t("grid.household"), key: "household", render: (_, row) => row.householdId ?? "–" },
    { title: t("common.state"), key: "state", render: (_, row) => wordFor(t, "grid.values.itemState", row.state) },
    { title: t("grid.due"), sortBy: "due", key: "due", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("grid.doors.visited"), key: "visited", render: (_, row) => <Moment at={row.visitedAt} /> },
    {
      title: t("grid.doors.proof"),
      key: "proof",
      render: (_, row) => (row.method === null ? "–" : wordFor(t, "grid.values.proof", row.method)),
    },
    {
      title: "",
      key: "visit",
      render: (_, row) =>
        row.state === "done" ? null : (
          <OperationButton operation="recordDoorVisits" values={{ visits: [{ itemId: row.id }] }} />
        ),
    },
  ];
  return (
    <ListPage<DoorItem>
      title={t("grid.doors.title")}
      intro={t("grid.doors.intro")}
      path="/api/v1/grid/door-items"
      usual="walk"
      topics={["grid"]}
      columns={columns}
      rowKey="id"
      states={{ group: "grid.values.itemState", values: itemStates }}
      empty={t("grid.doors.empty")}
      actions={<SheetButtons name="grid-door-items" canImport={false} canExport personal />}
    />
  );
}

/** The next step of a need, as a button; what is at its end has none. */
function NeedStep(props: { readonly need: Need }): ReactNode {
  const { t } = useTranslation();
  const { id, state } = props.need;
  if (state === "asked" || state === "accepted")
    return (
      <>
        <OperationButton
          operation="moveHouseholdNeeds"
          fixed={{ ids: [id], to: "delivered" }}
          only={[]}
          label={t("grid.needs.deliver")}
          confirm={t("grid.needs.deliverConfirm")}
          primary
        />
        <OperationButton operation="moveHouseholdNeeds" fixed={{ ids: [id] }} />
      </>
    );
  if (state !== "delivered") return null;
  return (
    <OperationButton
      operation="moveHouseholdNeeds"
      fixed={{ ids: [id], to: "confirmed" }}
      label={t("grid.needs.confirm")}
      primary
    />
  );
}

function NeedsPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Need>[] = [
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.needKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.household"), key: "household", render: (_, row) => row.householdId ?? row.place },
    { title: t("grid.needs.cause"), key: "cause", render: (_, row) => wordFor(t, "grid.values.needCause", row.cause) },
    { title: t("common.state"), key: "state", render: (_, row) => wordFor(t, "grid.values.needState", row.state) },
    { title: t("grid.due"), sortBy: "due", key: "due", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("grid.late"), key: "late", render: (_, row) => (row.late ? t("grid.late") : "") },
    { title: "", key: "step", render: (_, row) => <NeedStep need={row} /> },
  ];
  return (
    <ListPage<Need>
      title={t("grid.needs.title")}
      intro={t("grid.needs.intro")}
      path="/api/v1/grid/needs"
      usual="due"
      topics={["grid", "zones"]}
      columns={columns}
      rowKey="id"
      states={{ group: "grid.values.needState", values: needStates }}
      filter={{ name: "kind", label: t("grid.kind"), group: "grid.values.needKind", values: needKinds }}
      bulk={[
        {
          key: "deliver",
          label: t("grid.needs.deliver"),
          operation: "moveHouseholdNeeds",
          may: (row) => row.state === "asked" || row.state === "accepted",
          name: (row) => `${wordFor(t, "grid.values.needKind", row.kind)} ${row.householdId ?? row.place}`,
          send: (row) => post("/api/v1/grid/needs/move", { ids: [row.id], to: "delivered" }, { key: newKey() }),
        },
        {
          key: "confirm",
          label: t("grid.needs.confirm"),
          operation: "moveHouseholdNeeds",
          may: (row) => row.state === "delivered",
          name: (row) => `${wordFor(t, "grid.values.needKind", row.kind)} ${row.householdId ?? row.place}`,
          send: (row) => post("/api/v1/grid/needs/move", { ids: [row.id], to: "confirmed" }, { key: newKey() }),
        },
      ]}
      empty={t("grid.needs.empty")}
      actions={
        <>
          <OperationButton operation="askHouseholdNeeds" values={{ needs: [{}] }} />
          <SheetButtons name="grid-needs" canImport canExport />
        </>
      }
    />
  );
}

function StreetsPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<StreetRound>[] = [
    { title: t("grid.kind"), key: "kind", render: (_, row) => wordFor(t, "grid.values.streetKind", row.kind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.streets.half"), key: "half", render: (_, row) => wordFor(t, "grid.values.half", row.half) },
    { title: t("common.state"), key: "state", render: (_, row) => wordFor(t, "grid.values.streetState", row.state) },
    { title: t("grid.streets.missing"), key: "missing", render: (_, row) => row.lanesMissing.join(" ") },
    { title: t("grid.due"), key: "due", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("grid.late"), key: "late", render: (_, row) => (row.late ? t("grid.late") : "") },
    {
      title: "",
      key: "walked",
      render: (_, row) =>
        row.state === "done" ? null : (
          <span className="row-actions">
            <OperationButton
              operation="recordStreetRounds"
              fixed={{ rounds: [{ id: row.id }] }}
              label={t("grid.streets.walked")}
              confirm={t("grid.streets.walkedConfirm")}
            />
            <OperationButton
              operation="recordStreetRounds"
              values={{ rounds: [{ id: row.id, lanes: [] }] }}
              label={t("grid.streets.walkedPart")}
            />
            <LanesButton areaCode={row.areaCode} />
          </span>
        ),
    },
  ];
  return (
    <ListPage<StreetRound>
      title={t("grid.streets.title")}
      intro={t("grid.streets.intro")}
      path="/api/v1/grid/streets"
      topics={["grid", "zones"]}
      columns={columns}
      rowKey="id"
      states={{ group: "grid.values.streetState", values: streetStates }}
      filter={{ name: "kind", label: t("grid.kind"), group: "grid.values.streetKind", values: streetKinds }}
      empty={t("grid.streets.empty")}
    />
  );
}

function GridsPart(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<GridRow>[] = [
    { title: t("grid.grid"), key: "code", fixed: "left", render: (_, row) => `${row.name} ${row.code}` },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("grid.grids.households"), key: "households", align: "right", render: (_, row) => row.households },
    { title: t("grid.grids.workers"), key: "workers", align: "right", render: (_, row) => row.workers },
  ];
  return (
    <ListPage<GridRow>
      title={t("grid.grids.title")}
      intro={t("grid.grids.intro")}
      path="/api/v1/grid/grids"
      topics={["grid"]}
      columns={columns}
      rowKey="code"
      empty={t("grid.grids.empty")}
      actions={
        <>
          <OperationButton operation="cutGrids" />
        </>
      }
    />
  );
}
