import { ProblemError } from "#kernel/errors";
import {
  areaColumn,
  choiceColumn,
  dayColumn,
  momentColumn,
  numberColumn,
  optional,
  rowFault,
  textColumn,
  yesNoColumn,
  type Both,
  type Column,
  type ReadRow,
  type RowFault,
} from "#kernel/sheet";
import { instantAt } from "#kernel/time";
import type { Refusal } from "#kernel/result";
import { areasByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { bookCount, bookIn, openDesk } from "./desk.service.ts";
import { findWarehouse, insertCount, itemIds, post } from "./ledger.store.ts";
import { donationLines, insertDonation } from "./lists.store.ts";
import { ask } from "./requests.service.ts";
import { knownNumbers } from "./requests.store.ts";
import { takeItems, takeWarehouse } from "./stock.service.ts";
import { quantityMax, type DonationRow, type ItemKind, type Warehouse } from "./supplies.model.ts";

export const both = (zh: string, en: string): Both => ({ "zh-CN": zh, en });

export const kindWords: Readonly<Record<ItemKind, Both>> = {
  ppe: both("防护", "protection"),
  sampling: both("采样", "sampling"),
  disinfection: both("消杀", "disinfection"),
  medicine: both("药品", "medicine"),
  food: both("食品", "food"),
  other: both("其他", "other"),
};
export const levelWords: Readonly<Record<Warehouse["level"], Both>> = {
  city: both("市级", "city"),
  county: both("县级", "county"),
  town: both("镇级", "town"),
  site: both("点位", "site"),
};
export const giverWords: Readonly<Record<DonationRow["giverKind"], Both>> = {
  organisation: both("单位", "organisation"),
  person: both("个人", "person"),
};

const warehouseColumn = textColumn(both("仓库编码", "warehouse"), { max: 40, example: "CK-3717" });
const itemColumn = textColumn(both("物资编码", "item"), { max: 40, example: "mask" });
export const batchColumn = optional(textColumn(both("批次", "batch"), { max: 60, example: "B2022-07" }));
export const expiryColumn = optional(dayColumn(both("有效期至", "expires on"), { example: "2024-07-01" }));
const quantityColumn = numberColumn(both("数量", "quantity"), { min: 1, max: quantityMax, example: "100" });

const unknownWarehouse = both("辖区内没有这个仓库", "no such warehouse in your area");
const unknownItem = both("物资目录中没有这个编码", "no such item in the register");

/** A refused rule as the fault of its row, in both languages. */
function refused(of: Column<unknown>, line: number, refusal: Refusal, tx: Tx): RowFault {
  const why = String(refusal.params["why"] ?? refusal.code);
  return rowFault(of, line, both(why, why), tx.lang);
}

/** What a request was refused for; it is refused before anything of it is written. */
async function tried(run: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.code, params: error.params };
    throw error;
  }
}

interface Placed {
  readonly warehouse: string;
  readonly item: string;
}

/** Rows by warehouse in the order of its code, so that the locks are taken in one order; unknown codes are faults. */
async function byWarehouse<R extends Placed>(
  tx: Tx,
  rows: readonly { readonly line: number; readonly row: R }[],
): Promise<{
  readonly groups: readonly (readonly [Warehouse, { readonly line: number; readonly row: R }[]])[];
  readonly items: Map<string, string>;
  readonly faults: RowFault[];
}> {
  const items = await itemIds(tx, [...new Set(rows.map(({ row }) => row.item))]);
  const faults: RowFault[] = [];
  const groups: (readonly [Warehouse, { readonly line: number; readonly row: R }[]])[] = [];
  for (const code of [...new Set(rows.map(({ row }) => row.warehouse))].toSorted()) {
    const warehouse = await findWarehouse(tx, code);
    const own = rows.filter(({ row }) => row.warehouse === code);
    if (warehouse === undefined) {
      faults.push(...own.map(({ line }) => rowFault(warehouseColumn, line, unknownWarehouse, tx.lang)));
      continue;
    }
    const good = own.filter(({ row }) => items.has(row.item));
    faults.push(
      ...own
        .filter(({ row }) => !items.has(row.item))
        .map(({ line }) => rowFault(itemColumn, line, unknownItem, tx.lang)),
    );
    if (good.length > 0) groups.push([warehouse, good]);
  }
  return { groups, items, faults };
}

const write = "write" as const;

export const itemColumns = {
  code: itemColumn,
  name: textColumn(both("名称", "name (Chinese)"), { max: 100, example: "医用外科口罩" }),
  nameEn: textColumn(both("英文名称", "name (English)"), { max: 100, example: "Surgical masks" }),
  unit: textColumn(both("单位", "unit (Chinese)"), { max: 20, example: "只" }),
  unitEn: textColumn(both("英文单位", "unit (English)"), { max: 20, example: "pieces" }),
  kind: choiceColumn(both("类别", "kind"), kindWords),
  perishable: yesNoColumn(both("有有效期", "perishable")),
};
export const importItems = useCase(
  { name: "supplies.importItems", permission: "supplies.item.write", kind: write },
  async (tx, { rows }: { rows: readonly ReadRow<typeof itemColumns>[] }): Promise<Taken> => ({
    ...(await takeItems(
      tx,
      rows.map(({ row }) => row),
    )),
    faults: [],
  }),
);

export const warehouseColumns = {
  areaCode: areaColumn(both("区划代码", "area code"), { example: "371721" }),
  code: warehouseColumn,
  name: textColumn(both("名称", "name (Chinese)"), { max: 100, example: "曹县应急物资库" }),
  nameEn: textColumn(both("英文名称", "name (English)"), { max: 100, example: "Cao county emergency store" }),
  level: choiceColumn(both("级别", "level"), levelWords),
};
export const importWarehouses = useCase(
  { name: "supplies.importWarehouses", permission: "supplies.warehouse.write", kind: write },
  async (tx, { rows }: { rows: readonly ReadRow<typeof warehouseColumns>[] }): Promise<Taken> => {
    const areas = await areasByCode(
      tx,
      rows.map(({ row }) => row.areaCode),
    );
    const faults: RowFault[] = [];
    let taken = 0;
    for (const { line, row } of rows) {
      if (areas.has(row.areaCode)) taken += (await takeWarehouse(tx, row)) ? 1 : 0;
      else faults.push(rowFault(warehouseColumns.areaCode, line, both("没有这个区划", "no such area"), tx.lang));
    }
    return { taken, known: rows.length - taken - faults.length, faults };
  },
);

export const stockColumns = {
  warehouse: warehouseColumn,
  item: itemColumn,
  batch: batchColumn,
  expiresOn: expiryColumn,
  counted: numberColumn(both("盘点数", "counted"), { max: quantityMax, example: "1200" }),
  reason: optional(textColumn(both("差异原因", "reason of the difference"), { max: 500, example: "期初盘点" })),
};
/** Counts of a table: a row that agrees with the book is known, a difference without its reason is a fault. */
export const importStock = useCase(
  { name: "supplies.importStock", permission: "supplies.stock.write", kind: write },
  async (tx, { rows }: { rows: readonly ReadRow<typeof stockColumns>[] }): Promise<Taken> => {
    const { groups, items, faults } = await byWarehouse(tx, rows);
    let taken = 0;
    let known = 0;
    for (const [warehouse, own] of groups) {
      const desk = await openDesk(tx, warehouse, items);
      for (const { line, row } of own) {
        const counted = await bookCount(tx, desk, row);
        if (!counted.ok) {
          faults.push(refused(stockColumns.reason, line, counted.refusal, tx));
          continue;
        }
        const { lot, booked, difference } = counted.value;
        const reason = row.reason ?? "";
        const id = await insertCount(tx, warehouse, {
          itemId: lot.itemId,
          lotId: lot.id,
          booked,
          counted: row.counted,
          reason,
        });
        if (difference === 0) known += 1;
        else {
          taken += 1;
          const movement = { itemId: lot.itemId, lotId: lot.id, kind: "counted", quantity: difference } as const;
          await post(
            tx,
            warehouse,
            [{ ...movement, referenceType: "count", referenceId: id, note: reason }],
            desk.today,
          );
        }
      }
    }
    return { taken, known, faults };
  },
);

export const requestColumns = {
  no: textColumn(both("申请单号", "request no."), { max: 40, example: "CX-0725-01" }),
  warehouse: warehouseColumn,
  source: optional(textColumn(both("向哪个区划申请", "asked of (area code)"), { max: 20, example: "3717" })),
  item: itemColumn,
  quantity: quantityColumn,
  neededBy: momentColumn(both("需要时间", "needed by"), { example: "2022-07-26 08:00" }),
  reason: textColumn(both("事由", "reason"), { max: 500, example: "第三轮核酸" }),
};
/** Rows of one number are one request; a number that stands in the register is known. */
export const importRequests = useCase(
  { name: "supplies.importRequests", permission: "supplies.request.write", kind: write },
  async (tx, { rows }: { rows: readonly ReadRow<typeof requestColumns>[] }): Promise<Taken> => {
    const { timeZone } = await currentOutbreak(tx);
    const { groups, faults } = await byWarehouse(tx, rows);
    const known = await knownNumbers(tx, [...new Set(rows.map(({ row }) => row.no))]);
    let taken = 0;
    let before = 0;
    for (const [warehouse, own] of groups)
      for (const no of new Set(own.map(({ row }) => row.no))) {
        const lines = own.filter(({ row }) => row.no === no);
        const first = lines[0]?.row;
        if (known.has(no) || first === undefined) {
          before += lines.length;
          continue;
        }
        known.add(no);
        const [day = "", time = ""] = first.neededBy.split(" ");
        const refusal = await tried(() =>
          ask(tx, warehouse, {
            warehouse: warehouse.code,
            ...(first.source === undefined ? {} : { sourceAreaCode: first.source }),
            no,
            neededBy: instantAt(day, time, timeZone),
            reason: first.reason,
            lines: lines.map(({ row }) => ({ item: row.item, quantity: row.quantity })),
          }),
        );
        if (refusal !== null) {
          faults.push(...lines.map(({ line }) => refused(requestColumns.source, line, refusal, tx)));
          continue;
        }
        taken += lines.length;
      }
    return { taken, known: before, faults };
  },
);

export const donationColumns = {
  warehouse: warehouseColumn,
  receiptNo: textColumn(both("收据号", "receipt no."), { max: 40, example: "JZ-0001" }),
  giverKind: choiceColumn(both("捐赠方类别", "given by"), giverWords),
  giver: optional(textColumn(both("捐赠单位", "organisation"), { max: 100, example: "某某公司" })),
  item: itemColumn,
  batch: batchColumn,
  expiresOn: expiryColumn,
  quantity: quantityColumn,
};
/** Gifts of a table; a line of a receipt that is there already is known. spec: SUP-11 */
export const importDonations = useCase(
  { name: "supplies.importDonations", permission: "supplies.stock.write", kind: write },
  async (tx, { rows }: { rows: readonly ReadRow<typeof donationColumns>[] }): Promise<Taken> => {
    const { groups, items, faults } = await byWarehouse(tx, rows);
    const receipts = await donationLines(tx, [...new Set(rows.map(({ row }) => row.receiptNo))]);
    const there = new Set(receipts.map((row) => `${row.receiptNo}\n${row.item}\n${row.batch}`));
    let taken = 0;
    let known = 0;
    for (const [warehouse, own] of groups) {
      const desk = await openDesk(tx, warehouse, items);
      for (const { line, row } of own) {
        const { receiptNo, giverKind, giver = "", item, quantity } = row;
        const key = `${receiptNo}\n${item}\n${row.batch ?? row.expiresOn ?? "-"}`;
        if (there.has(key)) {
          known += 1;
          continue;
        }
        if ((giverKind === "organisation") !== (giver !== "")) {
          const why = both("单位须写名称，个人不写", "name an organisation, never a person");
          faults.push(rowFault(donationColumns.giver, line, why, tx.lang));
          continue;
        }
        const reference = { type: "donation", id: receiptNo, note: "" };
        const booked = await bookIn(tx, desk, "donated", row, reference);
        if (!booked.ok) {
          faults.push(refused(donationColumns.expiresOn, line, booked.refusal, tx));
          continue;
        }
        there.add(key);
        await post(tx, warehouse, [booked.value], desk.today);
        const { itemId, lotId } = booked.value;
        await insertDonation(tx, warehouse, { receiptNo, giverKind, giver, itemId, lotId, quantity });
        taken += 1;
      }
    }
    return { taken, known, faults };
  },
);
