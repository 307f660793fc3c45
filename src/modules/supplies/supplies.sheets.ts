import { defineSheet } from "#platform/sheets";
import {
  batchColumn,
  both,
  donationColumns,
  expiryColumn,
  giverWords,
  importDonations,
  importItems,
  importRequests,
  importStock,
  importWarehouses,
  itemColumns,
  kindWords,
  levelWords,
  requestColumns,
  stockColumns,
  warehouseColumns,
} from "./imports.service.ts";
import type { RequestRow } from "./requests.model.ts";
import { listRequests } from "./requests.service.ts";
import { listDonations, listItems, listLots, listWarehouses } from "./stock.service.ts";
import type { DonationRow, Item, LotRow, Warehouse } from "./supplies.model.ts";

const tag = "supplies";

/** What one request asks for, in one cell. */
function lineText(row: RequestRow, what: "asked" | "approved" | "received"): string {
  return row.lines.map((line) => `${line.item}×${line[what] ?? "–"}`).join("; ");
}

/** What the stores send in and out as spreadsheets. */
export const sheets = [
  defineSheet<typeof itemColumns, Item>({
    name: "supplies-items",
    title: both("物资目录", "Supply items"),
    tag,
    columns: itemColumns,
    take: importItems,
    out: [
      { heading: itemColumns.code.heading, value: (row) => row.code },
      { heading: itemColumns.name.heading, value: (row) => row.name },
      { heading: itemColumns.nameEn.heading, value: (row) => row.nameEn },
      { heading: itemColumns.unit.heading, value: (row) => row.unit },
      { heading: itemColumns.unitEn.heading, value: (row) => row.unitEn },
      { heading: itemColumns.kind.heading, value: (row, lang) => kindWords[row.kind][lang] },
      {
        heading: itemColumns.perishable.heading,
        value: (row, lang) => itemColumns.perishable.show(row.perishable, lang),
      },
    ],
    list: listItems,
  }),
  defineSheet<typeof warehouseColumns, Warehouse>({
    name: "supplies-warehouses",
    title: both("物资仓库", "Supply warehouses"),
    tag,
    columns: warehouseColumns,
    take: importWarehouses,
    out: [
      { heading: warehouseColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: warehouseColumns.code.heading, value: (row) => row.code },
      { heading: warehouseColumns.name.heading, value: (row) => row.name },
      { heading: warehouseColumns.nameEn.heading, value: (row) => row.nameEn },
      { heading: warehouseColumns.level.heading, value: (row, lang) => levelWords[row.level][lang] },
    ],
    list: listWarehouses,
  }),
  defineSheet<typeof stockColumns, LotRow>({
    name: "supplies-stock",
    title: both("物资库存", "Supply stock"),
    tag,
    columns: stockColumns,
    take: importStock,
    out: [
      { heading: stockColumns.warehouse.heading, value: (row) => row.warehouse },
      { heading: stockColumns.item.heading, value: (row) => row.item },
      { heading: both("名称", "name"), value: (row, lang) => (lang === "en" ? row.itemNameEn : row.itemName) },
      { heading: batchColumn.heading, value: (row) => row.batch },
      { heading: expiryColumn.heading, value: (row) => row.expiresOn },
      { heading: both("在库", "on hand"), value: (row) => row.onHand },
      { heading: both("单位", "unit"), value: (row, lang) => (lang === "en" ? row.unitEn : row.unit) },
    ],
    list: listLots,
  }),
  defineSheet<typeof requestColumns, RequestRow>({
    name: "supplies-requests",
    title: both("物资申请", "Supply requests"),
    tag,
    columns: requestColumns,
    take: importRequests,
    out: [
      { heading: requestColumns.no.heading, value: (row) => row.no },
      { heading: both("区划代码", "area code"), value: (row) => row.areaCode },
      { heading: requestColumns.source.heading, value: (row) => row.sourceAreaCode },
      { heading: both("状态", "state"), value: (row) => row.state },
      { heading: both("申请", "asked"), value: (row) => lineText(row, "asked") },
      { heading: both("批准", "approved"), value: (row) => lineText(row, "approved") },
      { heading: both("收到", "received"), value: (row) => lineText(row, "received") },
      { heading: both("申请时间", "asked at"), value: (row) => row.askedAt },
      { heading: requestColumns.neededBy.heading, value: (row) => row.neededBy },
      { heading: both("收货时间", "received at"), value: (row) => row.receivedAt },
    ],
    list: listRequests,
  }),
  defineSheet<typeof donationColumns, DonationRow>({
    name: "supplies-donations",
    title: both("物资捐赠", "Donations"),
    tag,
    columns: donationColumns,
    take: importDonations,
    out: [
      { heading: donationColumns.warehouse.heading, value: (row) => row.warehouse },
      { heading: donationColumns.receiptNo.heading, value: (row) => row.receiptNo },
      { heading: donationColumns.giverKind.heading, value: (row, lang) => giverWords[row.giverKind][lang] },
      { heading: donationColumns.giver.heading, value: (row) => row.giver },
      { heading: donationColumns.item.heading, value: (row) => row.item },
      { heading: donationColumns.batch.heading, value: (row) => row.batch },
      { heading: donationColumns.expiresOn.heading, value: (row) => row.expiresOn },
      { heading: donationColumns.quantity.heading, value: (row) => row.quantity },
      { heading: both("时间", "at"), value: (row) => row.at },
    ],
    list: listDonations,
  }),
];
