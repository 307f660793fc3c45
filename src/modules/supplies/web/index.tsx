import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  movementKinds,
  stockStates,
  type DonationRow,
  type LotRow,
  type MovementRow,
  type StockRow,
} from "#domain/supplies";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment } from "#webx/parts";
import { SheetButtons } from "#webx/sheet-buttons";
import { PageTabs } from "#webx/tabs";
import { DeliveriesTab } from "./deliveries.tsx";
import { DemandTab } from "./demand.tsx";
import { RequestsTab } from "./requests.tsx";
import { ItemsTab, LotsTab, WarehousesTab } from "./stores.tsx";
import type { Column } from "#webx/rows";

/** The page of one request, fetched when it is opened. */
export async function loadSupplyRequestPage(): Promise<() => ReactNode> {
  return (await import("./request.tsx")).SupplyRequestPage;
}

const topics = ["supplies"];

interface Named {
  readonly warehouse: string;
  readonly warehouseName: string;
  readonly warehouseNameEn: string;
  readonly itemName: string;
  readonly itemNameEn: string;
  readonly areaCode: string;
}

/** The columns that say where it lies and what it is. */
function usePlace<R extends Named>(sortBy?: string): Column<R>[] {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  return [
    { title: t("supplies.item"), key: "item", fixed: "left", render: (_, row) => (en ? row.itemNameEn : row.itemName) },
    {
      title: t("supplies.warehouse"),
      key: "warehouse",
      render: (_, row) => `${en ? row.warehouseNameEn : row.warehouseName} (${row.warehouse})`,
    },
    {
      title: t("common.area"),
      key: "area",
      ...(sortBy === undefined ? {} : { sortBy }),
      render: (_, row) => <AreaPath code={row.areaCode} />,
    },
  ];
}

/** How long it lasts: a short stock stands out in weight and words, not by colour alone. */
function DaysLeft(props: { readonly row: StockRow }): ReactNode {
  const { t } = useTranslation();
  const { daysLeft, state } = props.row;
  if (daysLeft === null || state === "unused")
    return <span className="muted">{t("supplies.values.stockState.unused")}</span>;
  const text = t("supplies.days", {
    days: numberText(daysLeft < 10 ? Number(daysLeft.toFixed(1)) : Math.floor(daysLeft)),
  });
  return state === "short" ? (
    <strong className="due-late">
      {text} · {t("supplies.values.stockState.short")}
    </strong>
  ) : (
    <span>{text}</span>
  );
}

function StockActions(props: { readonly row: StockRow }): ReactNode {
  const { t } = useTranslation();
  const { warehouse, item } = props.row;
  const fixed = { warehouse, item };
  return (
    <span className="row-actions">
      <OperationButton operation="countOneItem" fixed={fixed} label={t("supplies.do.count")} />
      <OperationButton
        operation="moveOneItem"
        fixed={{ ...fixed, kind: "issued" }}
        only={["quantity", "note"]}
        label={t("supplies.do.issue")}
      />
      <OperationButton operation="askOneItem" fixed={fixed} label={t("supplies.do.ask")} />
    </span>
  );
}

function StockTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  const columns: Column<StockRow>[] = [
    ...usePlace<StockRow>("place"),
    {
      title: t("supplies.onHand"),
      key: "onHand",
      align: "right",
      render: (_, row) => `${numberText(row.onHand)} ${en ? row.unitEn : row.unit}`,
    },
    { title: t("supplies.reserved"), dataIndex: "reserved", align: "right" },
    { title: t("supplies.dailyUse"), key: "use", align: "right", render: (_, row) => Math.round(row.dailyUse) },
    { title: t("supplies.daysLeft"), sortBy: "daysLeft", key: "left", render: (_, row) => <DaysLeft row={row} /> },
    { title: t("supplies.countedAt"), key: "countedAt", render: (_, row) => <Moment at={row.countedAt} /> },
    { key: "action", render: (_, row) => <StockActions row={row} /> },
  ];
  return (
    <ListPage<StockRow>
      title={t("supplies.stock.title")}
      intro={t("supplies.stock.intro")}
      path="/api/v1/supplies/stock"
      usual="place"
      topics={topics}
      columns={columns}
      rowKey="key"
      level={2}
      states={{ group: "supplies.values.stockState", values: stockStates.slice(0, 2) }}
      empty={t("supplies.stock.empty")}
      actions={
        <>
          <OperationButton operation="moveOneItem" fixed={{ kind: "received" }} label={t("supplies.do.receive")} />
          <OperationButton operation="askSupplies" values={{ lines: [{}] }} />
          <SheetButtons name="supplies-stock" canImport canExport />
        </>
      }
    />
  );
}

function MovementsTab(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<MovementRow>[] = [
    { title: t("supplies.at"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    ...usePlace<MovementRow>(),
    {
      title: t("supplies.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "supplies.values.movementKind", row.kind),
    },
    { title: t("supplies.quantity"), dataIndex: "quantity", align: "right" },
    { title: t("supplies.batch"), dataIndex: "batch" },
    { title: t("supplies.note"), dataIndex: "note" },
  ];
  return (
    <ListPage<MovementRow>
      title={t("supplies.movements.title")}
      intro={t("supplies.movements.intro")}
      path="/api/v1/supplies/movements"
      topics={topics}
      columns={columns}
      rowKey="id"
      level={2}
      states={{ group: "supplies.values.movementKind", values: movementKinds }}
      empty={t("supplies.movements.empty")}
    />
  );
}

function ExpiryTab(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<LotRow>[] = [
    ...usePlace<LotRow>(),
    { title: t("supplies.batch"), dataIndex: "batch" },
    { title: t("supplies.expiresOn"), dataIndex: "expiresOn" },
    {
      title: t("supplies.daysToExpiry"),
      key: "left",
      render: (_, row) =>
        (row.daysToExpiry ?? 0) < 0 ? (
          <strong className="due-late">{t("supplies.expired")}</strong>
        ) : (
          t("supplies.days", { days: row.daysToExpiry })
        ),
    },
    { title: t("supplies.onHand"), dataIndex: "onHand", align: "right" },
    {
      key: "action",
      render: (_, row) =>
        (row.daysToExpiry ?? 0) < 0 ? (
          <OperationButton
            operation="discardExpired"
            fixed={{ warehouse: row.warehouse }}
            label={t("supplies.do.discard")}
            danger
          />
        ) : null,
    },
  ];
  return (
    <ListPage<LotRow>
      title={t("supplies.expiry.title")}
      intro={t("supplies.expiry.intro")}
      path="/api/v1/supplies/expiry"
      topics={topics}
      columns={columns}
      rowKey="id"
      level={2}
      empty={t("supplies.expiry.empty")}
    />
  );
}

function Lots(): ReactNode {
  const { t } = useTranslation();
  return (
    <LotsTab
      columns={[
        ...usePlace<LotRow>(),
        { title: t("supplies.batch"), dataIndex: "batch" },
        { title: t("supplies.expiresOn"), key: "expires", render: (_, row) => row.expiresOn ?? "–" },
        { title: t("supplies.onHand"), dataIndex: "onHand", align: "right" },
      ]}
    />
  );
}

function DonationsTab(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<DonationRow>[] = [
    { title: t("supplies.at"), key: "at", render: (_, row) => <Moment at={row.at} /> },
    { title: t("supplies.receiptNo"), dataIndex: "receiptNo" },
    {
      title: t("supplies.giver"),
      key: "giver",
      render: (_, row) => row.giver || wordFor(t, "supplies.values.giverKind", row.giverKind),
    },
    ...usePlace<DonationRow>(),
    { title: t("supplies.quantity"), dataIndex: "quantity", align: "right" },
  ];
  return (
    <ListPage<DonationRow>
      title={t("supplies.donations.title")}
      intro={t("supplies.donations.intro")}
      path="/api/v1/supplies/donations"
      topics={topics}
      columns={columns}
      rowKey="id"
      level={2}
      empty={t("supplies.donations.empty")}
      actions={
        <>
          <OperationButton operation="donateOneItem" />
          <SheetButtons name="supplies-donations" canImport canExport />
        </>
      }
    />
  );
}

/** Stores: what there is and how long it lasts, who asks, what moved, what spoils, what the days ahead take. */
export function SuppliesPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="page">
      <h1>{t("supplies.title")}</h1>
      <PageTabs
        tabs={[
          { key: "stock", label: t("supplies.stock.title"), render: () => <StockTab /> },
          { key: "requests", label: t("supplies.requests.title"), render: () => <RequestsTab /> },
          { key: "deliveries", label: t("supplies.deliveries.title"), render: () => <DeliveriesTab /> },
          { key: "movements", label: t("supplies.movements.title"), render: () => <MovementsTab /> },
          { key: "expiry", label: t("supplies.expiry.title"), render: () => <ExpiryTab /> },
          { key: "donations", label: t("supplies.donations.title"), render: () => <DonationsTab /> },
          { key: "lots", label: t("supplies.lots.title"), render: () => <Lots /> },
          { key: "warehouses", label: t("supplies.warehouses.title"), render: () => <WarehousesTab /> },
          { key: "items", label: t("supplies.items.title"), render: () => <ItemsTab /> },
          { key: "demand", label: t("supplies.demand.title"), render: () => <DemandTab /> },
        ]}
      />
    </div>
  );
}
