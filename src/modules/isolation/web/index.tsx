import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { siteKinds, transferStates, type Room, type Transfer } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { numberText } from "#web/time";
import { PageTabs } from "#webx/tabs";
import { SiteName } from "./site-name.tsx";
import { CapacityTab } from "./capacity.tsx";
import { OrderList } from "./orders.tsx";
import { TransferBoard } from "./transfers.tsx";
import type { Column } from "#webx/rows";

/** The page of one site, fetched when it is opened. */
export async function loadSitePage(): Promise<() => ReactNode> {
  return (await import("./site.tsx")).SitePage;
}

/** The page of the floors of a site, fetched when it is opened. */
export async function loadFloorsPage(): Promise<() => ReactNode> {
  return (await import("./floors.tsx")).FloorsPage;
}

export { ReleasesPage } from "./releases.tsx";
export { SitesPage } from "./sites.tsx";

/** Rooms and beds, and the orders of the people who need them. */
export function RoomsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "rooms", label: t("rooms.tabs.rooms"), render: () => <RoomList /> },
        { key: "orders", label: t("rooms.tabs.orders"), render: () => <OrderList /> },
        { key: "capacity", label: t("rooms.capacity.title"), render: () => <CapacityTab /> },
      ]}
    />
  );
}

/** What is in use, by whom (contacts or cases), and what is free. */
function RoomList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Room>[] = [
    {
      title: t("rooms.site"),
      key: "site",
      fixed: "left",
      render: (_, row) => (
        <Link to="/sites/$id/floors" params={{ id: row.siteId }}>
          <SiteName row={row} />
        </Link>
      ),
    },
    { title: t("rooms.siteKind"), key: "siteKind", render: (_, row) => wordFor(t, "enums.siteKind", row.siteKind) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("rooms.floor"), key: "floor", render: (_, row) => row.floor ?? "–" },
    { title: t("rooms.no"), key: "no", render: (_, row) => row.no ?? "–" },
    { title: t("rooms.kind"), key: "kind", render: (_, row) => wordFor(t, "enums.roomKind", row.kind) },
    {
      title: t("rooms.inUse"),
      key: "inUse",
      align: "right",
      render: (_, row) => `${numberText(row.inUse)} / ${numberText(row.beds)}`,
    },
    { title: t("rooms.category"), key: "category", render: (_, row) => wordFor(t, "enums.category", row.category) },
  ];
  return (
    <ListPage<Room>
      title={t("rooms.title")}
      intro={t("rooms.intro")}
      path="/api/v1/rooms"
      topics={["isolation"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.roomState", values: ["free", "inUse", "full"] }}
      filter={{ name: "kind", label: t("rooms.siteKind"), group: "enums.siteKind", values: siteKinds }}
      empty={t("rooms.empty")}
    />
  );
}

function Destination(props: { readonly row: Transfer }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  return <>{row.direction === "home" ? t("transfers.home") : <SiteName row={row} none="–" />}</>;
}

/** Transfers: the board of what is under way, and the list of all. */
export function TransfersPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "board", label: t("transfers.tabs.board"), render: () => <TransferBoard /> },
        { key: "list", label: t("transfers.tabs.list"), render: () => <TransferList /> },
      ]}
    />
  );
}

/** All transfers: asked, on the road, arrived, and which miss their deadline. */
function TransferList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Transfer>[] = [
    { title: t("transfers.to"), key: "to", fixed: "left", render: (_, row) => <Destination row={row} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.transferState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("transfers.people"), key: "people", align: "right", render: (_, row) => numberText(row.people) },
    { title: t("transfers.who"), key: "category", render: (_, row) => wordFor(t, "enums.category", row.category) },
    { title: t("transfers.vehicle"), key: "vehicle", render: (_, row) => row.vehicle ?? "–" },
    {
      title: t("transfers.requestedAt"),
      sortBy: "requested",
      key: "requestedAt",
      render: (_, row) => <Moment at={row.requestedAt} />,
    },
    { title: t("transfers.departedAt"), key: "departedAt", render: (_, row) => <Moment at={row.departedAt} /> },
    {
      title: t("transfers.arrivedAt"),
      sortBy: "arrived",
      key: "arrivedAt",
      render: (_, row) => <Moment at={row.arrivedAt} />,
    },
    {
      title: t("transfers.due"),
      sortBy: "due",
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.arrivedAt} />,
    },
  ];
  return (
    <ListPage<Transfer>
      title={t("transfers.title")}
      intro={t("transfers.intro")}
      path="/api/v1/transfers"
      usual="due"
      topics={["isolation"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.transferState", values: transferStates }}
      empty={t("transfers.empty")}
    />
  );
}
