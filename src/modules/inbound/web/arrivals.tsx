import { Link } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
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
import { originLevels } from "#domain/outbreaks";
import { wordFor } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";

/** Arrivals, the earliest due visit first. */
export function Arrivals(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<Arrival> = [
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
    { title: t("inbound.arrivesAt"), key: "arrivesAt", render: (_, row) => <Moment at={row.arrivesAt} /> },
    { title: t("inbound.visitBy"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.classifiedAt} /> },
    { title: t("inbound.source"), key: "source", render: (_, row) => wordFor(t, "inbound.values.source", row.source) },
    { title: "", key: "actions", render: (_, row) => <ArrivalActions row={row} /> },
  ];
  return (
    <ListPage<Arrival>
      title={t("inbound.arrivals.title")}
      intro={t("inbound.arrivals.intro")}
      path="/api/v1/inbound/arrivals"
      topics={["inbound"]}
      columns={columns}
      rowKey="id"
      states={{ group: "inbound.values.state", values: declarationStates }}
      filter={{ name: "level", label: t("inbound.level"), group: "inbound.values.level", values: arrivalLevels }}
      empty={t("inbound.arrivals.empty")}
      actions={<SheetButtons name="inbound-declarations" canImport canExport personal />}
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
        <ActionButton
          label={t("inbound.visited")}
          title={t("inbound.visited")}
          url="/api/v1/inbound/arrivals/classify"
          fixed={{ ids: [id] }}
          confirm={t("inbound.visitedConfirm")}
        />
      ) : null}
      {open || state === "classified" ? (
        <ActionButton
          label={t("inbound.close")}
          title={t("inbound.close")}
          url={`/api/v1/inbound/arrivals/${id}/close`}
          fields={[{ name: "reason", label: t("inbound.reason"), kind: "long", required: true, max: 500 }]}
        />
      ) : null}
    </>
  );
}

/** Key regions, with the form that lists a place. */
export function Regions(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<KeyRegion> = [
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
          <ListPlace />
          <SheetButtons name="inbound-key-regions" canImport canExport />
        </>
      }
    />
  );
}

function ListPlace(): ReactNode {
  const { t } = useTranslation();
  const levels = originLevels.map((value) => ({ value, label: wordFor(t, "inbound.values.level", value) }));
  return (
    <ActionButton
      label={t("inbound.listPlace")}
      title={t("inbound.listPlace")}
      url="/api/v1/inbound/regions/place"
      fields={[
        { name: "place", label: t("inbound.place"), kind: "text", required: true, max: 80 },
        { name: "name", label: t("inbound.name"), kind: "text", required: true, max: 100 },
        { name: "level", label: t("inbound.level"), kind: "choice", choices: levels, required: true },
        { name: "fromDay", label: t("inbound.from"), kind: "day", required: true },
        { name: "toDay", label: t("inbound.to"), kind: "day" },
        { name: "source", label: t("inbound.told"), kind: "text", required: true, max: 200 },
      ]}
    />
  );
}

/** People to be met and driven home. */
export function Escorts(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<Escort> = [
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
      empty={t("inbound.escorts.empty")}
    />
  );
}

function EscortActions(props: { readonly row: Escort }): ReactNode {
  const { t } = useTranslation();
  const { id, state } = props.row;
  if (state === "planned")
    return (
      <ActionButton
        label={t("inbound.meet")}
        title={t("inbound.meet")}
        url="/api/v1/inbound/escorts/meet"
        fixed={{ ids: [id] }}
        fields={[{ name: "vehicle", label: t("inbound.vehicle"), kind: "text", required: true, max: 20 }]}
      />
    );
  if (state !== "met") return null;
  return (
    <ActionButton
      label={t("inbound.deliver")}
      title={t("inbound.deliver")}
      url="/api/v1/inbound/escorts/deliver"
      fixed={{ ids: [id] }}
      confirm={t("inbound.deliverConfirm")}
    />
  );
}
