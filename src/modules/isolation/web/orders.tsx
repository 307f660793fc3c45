import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { orderModes, orderStates, type Order } from "#domain/isolation";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, StateWord } from "#webx/parts";
import { SiteName } from "./site-name.tsx";
import type { Column } from "#webx/rows";

function OrderActions({ row }: { readonly row: Order }): ReactNode {
  const params = { id: row.id };
  const atHome = row.mode === "home" || row.mode === "homeMonitor";
  return (
    <span className="row-actions">
      {row.state === "pending" && atHome ? (
        <OperationButton operation="startHome" fixed={{ orderIds: [row.id] }} only={["carerPersonId"]} />
      ) : null}
      {row.state === "pending" && !atHome && row.siteId === null ? (
        <OperationButton operation="allocateBeds" fixed={{ orderIds: [row.id] }} only={[]} />
      ) : null}
      {row.state === "pending" && row.siteId !== null ? (
        <OperationButton operation="takeBackBed" params={params} danger />
      ) : null}
      {row.state === "pending" ? <OperationButton operation="setOrderNeeds" params={params} /> : null}
      {row.state === "pending" || row.state === "active" ? (
        <OperationButton operation="changePlace" params={params} />
      ) : null}
    </span>
  );
}

/** Isolation orders, due first, with what can be done for each. */
export function OrderList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Order>[] = [
    {
      title: t("releases.plan"),
      key: "plan",
      fixed: "left",
      render: (_, row) => wordFor(t, "rooms.values.plan", row.category === "case" ? "case" : row.planClass),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="rooms.values.orderState" value={row.state} />,
    },
    { title: t("rooms.orders.mode"), key: "mode", render: (_, row) => wordFor(t, "rooms.values.mode", row.mode) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("rooms.site"), key: "site", render: (_, row) => <SiteName row={row} /> },
    { title: t("rooms.orders.why"), key: "rule", render: (_, row) => row.placementRule ?? "–" },
    {
      title: t("transfers.due"),
      sortBy: "due",
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.startAt} />,
    },
    { title: t("rooms.orders.until"), sortBy: "end", key: "end", render: (_, row) => row.plannedEndDay ?? "–" },
    { title: t("sites.next"), key: "next", render: (_, row) => <OrderActions row={row} /> },
  ];
  return (
    <ListPage<Order>
      title={t("rooms.orders.title")}
      intro={t("rooms.orders.intro")}
      path="/api/v1/orders"
      usual="due"
      topics={["isolation"]}
      columns={columns}
      rowKey="id"
      states={{ group: "rooms.values.orderState", values: orderStates }}
      filter={{ name: "mode", label: t("rooms.orders.mode"), group: "rooms.values.mode", values: orderModes }}
      // Without a choice the list is work: who is not in place yet, the earliest due first.
      spell={(query) => ({ ...query, state: query["state"] ?? "pending" })}
      bulk={[
        {
          key: "allocate",
          operation: "allocateBeds",
          may: (row) =>
            row.state === "pending" && row.siteId === null && row.mode !== "home" && row.mode !== "homeMonitor",
          name: (row) => `${wordFor(t, "rooms.values.mode", row.mode)} ${row.areaCode}`,
          send: (row) => post("/api/v1/orders/allocate", { orderIds: [row.id] }, { key: newKey() }),
        },
      ]}
      empty={t("rooms.orders.empty")}
      actions={
        <>
          <OperationButton operation="allocateBeds" />
          <OperationButton operation="startHome" only={["areaCode"]} />
        </>
      }
    />
  );
}
