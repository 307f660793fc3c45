import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  arrivalLevels,
  declarationStates,
  escortStates,
  type Arrival,
  type Escort,
  type KeyRegion,
} from "#domain/inbound";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

/** Arrivals, the earliest due visit first. */
export function Arrivals(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Arrival>[] = [
    {
      title: t("inbound.receipt"),
      key: "receipt",
      fixed: "left",
      render: (_, row) => (
        <Link to="/inbound/$id" params={{ id: row.id }}>
          {row.receipt}
        </Link>
      ),
    },
    { title: t("inbound.level"), key: "level", render: (_, row) => wordFor(t, "inbound.values.level", row.level) },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inbound.values.state" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.origin"), key: "origin", dataIndex: "origin" },
    {
      title: t("inbound.arrivesAt"),
      sortBy: "arrives",
      key: "arrivesAt",
      render: (_, row) => <Moment at={row.arrivesAt} />,
    },
    {
      title: t("inbound.visitBy"),
      sortBy: "due",
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.classifiedAt} />,
    },
    { title: t("inbound.source"), key: "source", render: (_, row) => wordFor(t, "inbound.values.source", row.source) },
    { title: "", key: "actions", render: (_, row) => <ArrivalActions row={row} /> },
  ];
  return (
    <ListPage<Arrival>
      title={t("inbound.arrivals.title")}
      intro={t("inbound.arrivals.intro")}
      path="/api/v1/inbound/arrivals"
      usual="due"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.state", values: declarationStates }}
      filter={{ name: "level", label: t("inbound.level"), group: "inbound.values.level", values: arrivalLevels }}
      bulk={[
        {
          key: "visited",
          label: t("inbound.visited"),
          operation: "classifyArrivals",
          may: (row) => row.state === "declared" || row.state === "arrived",
          name: (row) => row.receipt,
          send: (row) => post("/api/v1/inbound/arrivals/classify", { ids: [row.id] }, { key: newKey() }),
        },
      ]}
      empty={t("inbound.arrivals.empty")}
      actions={
        <>
          <OperationButton operation="enterArrivals" values={{ travellers: [{}] }} />
          <SheetButtons name="inbound-declarations" canImport canExport personal />
        </>
      }
    />
  );
}

/** What a grid worker does with an arrival: visited, or never came. */
export function ArrivalActions(props: { readonly row: Pick<Arrival, "id" | "state"> }): ReactNode {
  const { t } = useTranslation();
  const { id, state } = props.row;
  const open = state === "declared" || state === "arrived";
  return (
    <>
      {open ? (
        <OperationButton
          operation="classifyArrivals"
          fixed={{ ids: [id] }}
          label={t("inbound.visited")}
          confirm={t("inbound.visitedConfirm")}
        />
      ) : null}
      {open || state === "classified" ? <OperationButton operation="closeArrival" params={{ id }} /> : null}
    </>
  );
}

/** Key regions, with the form that lists a place. */
export function Regions(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<KeyRegion>[] = [
    { title: t("inbound.place"), key: "place", dataIndex: "place" },
    { title: t("inbound.name"), key: "name", dataIndex: "name" },
    { title: t("inbound.level"), key: "level", render: (_, row) => wordFor(t, "inbound.values.level", row.level) },
    { title: t("inbound.from"), key: "from", dataIndex: "fromDay" },
    { title: t("inbound.to"), key: "to", render: (_, row) => row.toDay ?? "–" },
    { title: t("inbound.told"), key: "source", dataIndex: "source" },
  ];
  return (
    <ListPage<KeyRegion>
      title={t("inbound.regions.title")}
      intro={t("inbound.regions.intro")}
      path="/api/v1/inbound/regions"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      empty={t("inbound.regions.empty")}
      unfiltered
      actions={
        <>
          <OperationButton operation="listPlace" />
          <OperationButton operation="setKeyRegions" values={{ regions: [{}] }} />
          <SheetButtons name="inbound-key-regions" canImport canExport />
        </>
      }
    />
  );
}

/** People to be met and driven home. */
export function Escorts(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Escort>[] = [
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("inbound.meetAt"), key: "place", dataIndex: "place" },
    {
      title: t("inbound.reason"),
      key: "reason",
      render: (_, row) => wordFor(t, "inbound.values.escortReason", row.reason),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="inbound.values.escortState" value={row.state} />,
    },
    { title: t("inbound.homeBy"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.deliveredAt} /> },
    { title: t("inbound.vehicle"), key: "vehicle", render: (_, row) => row.vehicle ?? "–" },
    { title: "", key: "actions", render: (_, row) => <EscortActions row={row} /> },
  ];
  return (
    <ListPage<Escort>
      title={t("inbound.escorts.title")}
      intro={t("inbound.escorts.intro")}
      path="/api/v1/inbound/escorts"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.escortState", values: escortStates }}
      actions={<OperationButton operation="planEscorts" values={{ escorts: [{}] }} />}
      bulk={[
        {
          key: "deliver",
          label: t("inbound.deliver"),
          operation: "deliverEscorts",
          may: (row) => row.state === "met",
          name: (row) => `${row.place} ${row.vehicle ?? ""}`,
          send: (row) => post("/api/v1/inbound/escorts/deliver", { ids: [row.id] }, { key: newKey() }),
        },
      ]}
      empty={t("inbound.escorts.empty")}
    />
  );
}

function EscortActions(props: { readonly row: Escort }): ReactNode {
  const { t } = useTranslation();
  const { id, state } = props.row;
  const fixed = { ids: [id] };
  if (state === "planned")
    return <OperationButton operation="meetEscorts" fixed={fixed} label={t("inbound.meet")} primary />;
  if (state !== "met") return null;
  return (
    <OperationButton
      operation="deliverEscorts"
      fixed={fixed}
      label={t("inbound.deliver")}
      confirm={t("inbound.deliverConfirm")}
      primary
    />
  );
}
