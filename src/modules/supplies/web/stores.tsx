import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Item, LotRow, Warehouse } from "#domain/supplies";
import { wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";

const topics = ["supplies"];

/** The items that stores count in. */
export function ItemsTab(): ReactNode {
  const { t, i18n } = useTranslation();
  const en = i18n.language === "en";
  const columns: Column<Item>[] = [
    { title: t("supplies.item"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    { title: t("supplies.unit"), key: "unit", render: (_, row) => (en ? row.unitEn : row.unit) },
    { title: t("supplies.kind"), key: "kind", render: (_, row) => wordFor(t, "supplies.values.itemKind", row.kind) },
    {
      title: t("field.perishable"),
      key: "perishable",
      render: (_, row) => (row.perishable ? t("supplies.yes") : t("supplies.no2")),
    },
  ];
  return (
    <ListPage<Item>
      title={t("supplies.items.title")}
      intro={t("supplies.items.intro")}
      path="/api/v1/supplies/items"
      topics={topics}
      columns={columns}
      rowKey="id"
      level={2}
      unfiltered
      empty={t("supplies.items.empty")}
      actions={
        <>
          <OperationButton operation="loadSupplyCatalogue" confirm={t("supplies.confirm.catalogue")} />
          <OperationButton operation="registerSupplyItems" />
          <SheetButtons name="supplies-items" canImport canExport />
        </>
      }
    />
  );
}

/** The stores, from the city's down to those of sites. */
export function WarehousesTab(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Warehouse>[] = [
    { title: t("supplies.warehouse"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("field.code"), dataIndex: "code" },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("field.level"),
      key: "level",
      render: (_, row) => wordFor(t, "supplies.values.warehouseLevel", row.level),
    },
    {
      key: "action",
      render: (_, row) => (
        <>
          <OperationButton operation="countStock" fixed={{ warehouse: row.code }} values={{ lines: [{}] }} />
          <OperationButton operation="moveStock" fixed={{ warehouse: row.code }} values={{ lines: [{}] }} />
          <OperationButton operation="donateSupplies" fixed={{ warehouse: row.code }} values={{ lines: [{}] }} />
        </>
      ),
    },
  ];
  return (
    <ListPage<Warehouse>
      title={t("supplies.warehouses.title")}
      intro={t("supplies.warehouses.intro")}
      path="/api/v1/supplies/warehouses"
      topics={topics}
      columns={columns}
      rowKey="id"
      level={2}
      empty={t("supplies.warehouses.empty")}
      actions={
        <>
          <OperationButton operation="registerWarehouses" />
          <SheetButtons name="supplies-warehouses" canImport canExport />
        </>
      }
    />
  );
}

/** What lies where, batch by batch. */
export function LotsTab(props: { readonly columns: Column<LotRow>[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ListPage<LotRow>
      title={t("supplies.lots.title")}
      intro={t("supplies.lots.intro")}
      path="/api/v1/supplies/lots"
      topics={topics}
      columns={props.columns}
      rowKey="id"
      level={2}
      empty={t("supplies.lots.empty")}
    />
  );
}
