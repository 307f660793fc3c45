import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { addDays, dayOf } from "#kernel/time";
import { areasByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { sentinelOf } from "./protocol.service.ts";
import type { CountQuery, NewCount, NewUnit, RowsTaken, SilentQuery, SilentUnit, UnitQuery } from "./sentinel.model.ts";
import { isLate, lastDueDay, missingDays } from "./sentinel.rules.ts";
import {
  pageCounts,
  pageQuiet,
  pageUnits,
  unitHomes,
  unitsByCode,
  upsertCounts,
  upsertUnits,
  type LastReturn,
  type StoredCount,
} from "./units.store.ts";

/** Who reports, what they counted every day, and who is silent. */

/** The time of day by which a return is due where the unit says nothing else; the agenda's evening meeting needs it. */
const reportsByDefault = "18:00";

type Bad = RowsTaken["bad"][number];

/** Registers probes or changes them; a code belongs to one place. */
export const registerUnits = useCase(
  { name: "sentinel.registerUnits", permission: "sentinel.unit.write", kind: "write" },
  (tx, input: { units: readonly NewUnit[] }) => takeUnits(tx, input.units),
);

/** The same inside a caller's transaction (the spreadsheet's). */
export async function takeUnits(tx: Tx, units: readonly NewUnit[]): Promise<RowsTaken> {
  checkSize(units.length);
  const outbreak = await currentOutbreak(tx);
  const codes = units.map((unit) => unit.code);
  const homes = await unitHomes(tx, codes);
  const placed = await areasByCode(tx, [...new Set(units.map((unit) => unit.areaCode))]);
  const bad: Bad[] = [];
  const good = units.filter((unit, index) => {
    const fault = unitFault(tx, unit, { home: homes.get(unit.code), placed: placed.has(unit.areaCode) });
    const twice = codes.indexOf(unit.code) !== index;
    if (fault) bad.push({ index, ...fault });
    else if (twice) bad.push({ index, field: "code", message: "stands twice in this list / 本次重复" });
    return !fault && !twice;
  });
  const stored = await upsertUnits(tx, good, { from: dayOf(tx.now, outbreak.timeZone), reportsBy: reportsByDefault });
  const taken = stored.filter((row) => row.fresh).length;
  return { taken, known: good.length - taken, bad };
}

function unitFault(
  tx: Tx,
  unit: NewUnit,
  facts: { home: string | undefined; placed: boolean },
): { field: string; message: string } | null {
  if (!isWithin(unit.areaCode, tx.actor.areaCode))
    return { field: "areaCode", message: "lies outside your area / 超出辖区" };
  if (!facts.placed) return { field: "areaCode", message: "is not an area / 无此区划" };
  if (facts.home !== undefined && facts.home !== unit.areaCode)
    return { field: "code", message: "is the code of a unit elsewhere / 编码已被别处使用" };
  return null;
}

function checkSize(rows: number): void {
  if (rows > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
}

export const listUnits = useCase(
  { name: "sentinel.units", permission: "sentinel.unit.read", kind: "read" },
  (tx, query: UnitQuery) => pageUnits(tx, query),
);

/** Takes daily counts; zeros are a nil return. A second return of a day corrects the first. spec: SEN-6 */
export const recordCounts = useCase(
  { name: "sentinel.recordCounts", permission: "sentinel.count.write", kind: "write" },
  (tx, input: { counts: readonly NewCount[] }) => takeCounts(tx, input.counts),
);

/** The same inside a caller's transaction (the spreadsheet's). */
export async function takeCounts(tx: Tx, counts: readonly NewCount[]): Promise<RowsTaken> {
  checkSize(counts.length);
  const outbreak = await currentOutbreak(tx);
  const today = dayOf(tx.now, outbreak.timeZone);
  const units = await unitsByCode(tx, [...new Set(counts.map((row) => row.unit))]);
  const bad: Bad[] = [];
  const seen = new Set<string>();
  const good: StoredCount[] = [];
  for (const [index, row] of counts.entries()) {
    const unit = units.get(row.unit);
    const key = `${row.unit} ${row.day}`;
    if (!unit) bad.push({ index, field: "unit", message: "is not a unit of your area / 辖区内无此单位" });
    else if (row.day > today) bad.push({ index, field: "day", message: "has not begun yet / 日期未到" });
    else if (seen.has(key)) bad.push({ index, field: "day", message: "stands twice in this list / 本次重复" });
    else {
      seen.add(key);
      const late = isLate(row.day, unit.reportsBy, tx.now, outbreak.timeZone);
      good.push({ ...row, unitId: unit.id, areaCode: unit.areaCode, late });
    }
  }
  const taken = good.length === 0 ? 0 : await upsertCounts(tx, good);
  return { taken, known: good.length - taken, bad };
}

export const listCounts = useCase(
  { name: "sentinel.counts", permission: "sentinel.count.read", kind: "read" },
  (tx, query: CountQuery) => pageCounts(tx, query),
);

/** Units whose return is missing for as many days as the protocol lets pass. spec: SEN-7 */
export const listSilent = useCase(
  { name: "sentinel.silent", permission: "sentinel.count.read", kind: "read" },
  async (tx, query: SilentQuery): Promise<Page<SilentUnit>> => {
    const limit = pageSize(query.limit);
    const outbreak = await currentOutbreak(tx);
    const { silentDays } = sentinelOf(outbreak);
    const dueDay = (row: LastReturn) => lastDueDay(row.reportsBy, tx.now, outbreak.timeZone);
    // A unit that has returned since then misses fewer days than that, whatever its own time of day.
    const before = addDays(dayOf(tx.now, outbreak.timeZone), 1 - silentDays);
    const rows = await pageQuiet(tx, {
      areaCode: query.areaCode ?? tx.actor.areaCode,
      before,
      after: cursorKey(query.cursor, 2),
      limit: limit + 1,
    });
    const page = pageOf(rows, limit, (row) => [row.areaCode, row.code]);
    const items = page.items.flatMap((row) => {
      const missing = missingDays(row.reportsFrom, row.lastDay, dueDay(row));
      if (missing < silentDays) return [];
      const { id, areaCode, code, kind, name, lastDay } = row;
      return [{ id, areaCode, code, kind, name, lastDay, missingDays: missing }];
    });
    return { items, next: page.next };
  },
);
