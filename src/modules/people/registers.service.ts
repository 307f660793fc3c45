import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, dayOf, daysBetween, type Day } from "#kernel/time";
import { areasByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { PlainNumber, SealedNumber, Secrets } from "#platform/secrets";
import { isSpread } from "#platform/spread";
import { useCase } from "#platform/usecase";
import { idFault, isDay, maskedName, normalId, normalPhone } from "./identity.rules.ts";
import { insertEntries, pageEntryRows, type SealedEntry } from "./entries.store.ts";
import { qualityOf } from "./linkage.rules.ts";
import type {
  EntriesTaken,
  Entry,
  EntryQuery,
  NewEntry,
  NewRegister,
  ProgressDay,
  Source,
  SourceQuery,
} from "./registers.model.ts";
import { progressOf } from "./progress.rules.ts";
import {
  insertRegister,
  pageSources,
  registersByCode,
  reporterDays,
  updateElectronic,
  type StoredRegister,
} from "./registers.store.ts";

/** The registers that are brought together: who keeps them, their rows, what each is worth. */

async function areaOfRegister(input: { code: string }, tx: Tx): Promise<string> {
  return (await registerOrNone(tx, input.code)).areaCode;
}

export async function registerOrNone(tx: Tx, code: string): Promise<StoredRegister> {
  const register = (await registersByCode(tx, [code])).get(code);
  if (!register) throw new ProblemError("record.notFound", { what: "register" });
  return register;
}

/** Comparing asks each county's people by four keys at once, which only one machine can. spec: PEOPLE-19 */
export async function checkComparable(tx: Tx): Promise<void> {
  if (await isSpread(tx.sql, "person"))
    throw new ProblemError("rule.refused", {
      rule: "PEOPLE-19",
      why: "the people are spread over several machines / 人员已分布到多台机器，无法比对",
    });
}

/** Names a register: whose it is, of what kind, and since when it was asked to come electronically. */
export const openRegister = useCase(
  {
    name: "people.openRegister",
    permission: "people.register.write",
    kind: "write",
    area: (input: NewRegister) => input.areaCode,
  },
  async (tx, input): Promise<{ code: string }> => {
    const { timeZone } = await currentOutbreak(tx);
    const askedOn = input.askedOn ?? dayOf(tx.now, timeZone);
    checkDay(input.electronicSince ?? askedOn, askedOn);
    if (!(await insertRegister(tx, input, askedOn))) throw new ProblemError("record.duplicate", { what: "register" });
    return { code: input.code };
  },
);

function checkDay(day: Day, from: Day): void {
  if (isDay(day) && day >= from) return;
  throw new ProblemError("request.invalid", {}, [
    { pointer: "/electronicSince", detail: "is a day, not before the request" },
  ]);
}

/** Notes that a reporter's register comes electronically from a day on. spec: PEOPLE-16 */
export const markElectronic = useCase(
  { name: "people.markElectronic", permission: "people.register.write", kind: "write", area: areaOfRegister },
  async (tx, input: { code: string; day: Day }): Promise<{ code: string }> => {
    const register = await registerOrNone(tx, input.code);
    checkDay(input.day, register.askedOn);
    await updateElectronic(tx, input.code, input.day);
    return { code: input.code };
  },
);

/** The registers of an area with the quality of each. */
export const listSources = useCase(
  { name: "people.sources", permission: "people.register.read", kind: "read" },
  async (tx, query: SourceQuery): Promise<Page<Source>> => {
    const limit = pageSize(query.limit);
    const rows = await pageSources(tx, {
      areaCode: query.areaCode ?? tx.actor.areaCode,
      after: cursorKey(query.cursor, 2),
      limit: limit + 1,
    });
    const page = pageOf(rows, limit, (row) => [row.areaCode, row.code]);
    return { items: page.items.map((row) => ({ ...row, quality: qualityOf(row) })), next: page.next };
  },
);

/** Takes rows of registers, each under its own number; a wrong identity number is noted, not kept. */
export const addEntries = useCase(
  { name: "people.addEntries", permission: "people.register.write", kind: "write" },
  (tx, input: { entries: readonly NewEntry[] }) => takeEntries(tx, input.entries),
);

/** Rows of one transaction: enough of them for the counts of villages to be touched seldom, few enough to be held in memory. */
export const entriesMax = 50_000;

/** The same inside a caller's transaction (the spreadsheet's). */
export async function takeEntries(tx: Tx, entries: readonly NewEntry[]): Promise<EntriesTaken> {
  if (entries.length > entriesMax) throw new ProblemError("limit.exceeded", { limit: entriesMax });
  const { timeZone } = await currentOutbreak(tx);
  const today = dayOf(tx.now, timeZone);
  const registers = await registersByCode(tx, [...new Set(entries.map((row) => row.register))]);
  const areas = await areasByCode(tx, [...new Set(entries.map((row) => row.areaCode))]);
  const bad: EntriesTaken["bad"] = [];
  const good = new Map<string, PlainEntry>();
  let twice = 0;
  for (const [index, row] of entries.entries()) {
    const fault = entryFault(row, today, {
      register: registers.has(row.register),
      area: areas.has(row.areaCode) && isWithin(row.areaCode, tx.actor.areaCode),
    });
    const key = `${row.register} ${row.ref}`;
    if (fault) bad.push({ index, ...fault });
    else if (good.has(key)) twice += 1;
    else good.set(key, plainEntry(row, today));
  }
  const taken = good.size === 0 ? 0 : await insertEntries(tx, await sealed(tx.services.secrets, [...good.values()]));
  return { taken, known: good.size - taken + twice, bad };
}

function entryFault(
  row: NewEntry,
  today: Day,
  known: { register: boolean; area: boolean },
): { field: string; message: string } | null {
  if (!known.register) return { field: "register", message: "is not a register of your area / 辖区内无此来源" };
  if (!known.area) return { field: "areaCode", message: "is not an area of yours / 不在辖区内" };
  if (row.name.trim() === "") return { field: "name", message: "must be filled in / 必填" };
  if (row.birthDate !== undefined && (!isDay(row.birthDate) || row.birthDate > today))
    return { field: "birthDate", message: "is not a day of birth / 出生日期有误" };
  return null;
}

/** An entry before its numbers are sealed; a number that cannot be right is left out. */
interface PlainEntry extends Omit<SealedEntry, "idHash" | "idEnc" | "phoneHash" | "phoneEnc"> {
  readonly id: PlainNumber | null;
  readonly phone: PlainNumber | null;
}

function plainEntry(row: NewEntry, today: Day): PlainEntry {
  const kind = row.idKind ?? "residentId";
  const number = row.idNumber ? normalId(kind, row.idNumber) : null;
  const valid = number !== null && idFault(kind, number, { today }) === null;
  const phone = row.phone ? normalPhone(row.phone) : null;
  return {
    register: row.register,
    ref: row.ref,
    areaCode: row.areaCode,
    name: row.name.trim(),
    birthDate: row.birthDate ?? null,
    sex: row.sex ?? "unknown",
    address: row.address?.trim() ?? "",
    // spec: PEOPLE-15: a number that cannot be right says something about its source.
    idState: number === null ? "missing" : valid ? "valid" : "invalid",
    idKind: valid ? kind : null,
    id: valid ? { key: `${kind}:${number}`, text: number } : null,
    phone: phone === null ? null : { key: phone, text: phone },
  };
}

/** Seals the numbers of all entries together, which threads can do beside this one. */
async function sealed(secrets: Secrets, entries: readonly PlainEntry[]): Promise<SealedEntry[]> {
  const numbers = entries.flatMap(({ id, phone }) => [id, phone].filter((number) => number !== null));
  const done = (await secrets.sealMany(numbers)).values();
  const next = (number: PlainNumber | null): SealedNumber | null =>
    number === null ? null : need(done.next().value, "every number is sealed");
  return entries.map(({ id, phone, ...entry }) => {
    const idSealed = next(id);
    const phoneSealed = next(phone);
    return {
      ...entry,
      idHash: idSealed?.hash ?? null,
      idEnc: idSealed?.enc ?? null,
      phoneHash: phoneSealed?.hash ?? null,
      phoneEnc: phoneSealed?.enc ?? null,
    };
  });
}

/** Entries of an area, their names covered. */
export const listEntries = useCase(
  { name: "people.entries", permission: "people.register.read", kind: "read" },
  (tx, query: EntryQuery) => pageEntries(tx, query),
);

/** Where a page of entries begins: behind a village's entry. */
function entryCursor(cursor: string | undefined): readonly [string, number] | null {
  const key = cursorKey(cursor, 2);
  return key === null ? null : [String(key[0]), Number(key[1])];
}

/** The same inside a caller's transaction (the spreadsheet's). */
export async function pageEntries(tx: Tx, query: EntryQuery): Promise<Page<Entry>> {
  const limit = pageSize(query.limit);
  const rows = await pageEntryRows(tx, {
    areaCode: query.areaCode ?? tx.actor.areaCode,
    state: query.state ?? null,
    after: entryCursor(query.cursor),
    limit: limit + 1,
  });
  const page = pageOf(rows, limit, (row) => [row.areaCode, row.id]);
  const items = page.items.map(({ id, register, ref, areaCode, name, idState, state, personId, receivedAt }) => ({
    id,
    register,
    ref,
    areaCode,
    maskedName: maskedName(name),
    idState,
    state,
    personId,
    receivedAt,
  }));
  return { items, next: page.next };
}

const progressDaysMax = 60;

/** By day, how many reporters of an area were electronic of those asked, and who missed the week. spec: PEOPLE-16 */
export const electronicProgress = useCase(
  { name: "people.progress", permission: "people.register.read", kind: "read" },
  async (tx, input: { areaCode?: string }): Promise<ProgressDay[]> => {
    const { timeZone } = await currentOutbreak(tx);
    const reporters = await reporterDays(tx, input.areaCode ?? tx.actor.areaCode);
    if (reporters.length === 0) return [];
    const today = dayOf(tx.now, timeZone);
    const first = need(reporters[0], "there is a reporter").askedOn;
    const days = Math.min(progressDaysMax, Math.max(1, daysBetween(first, today) + 1));
    return Array.from({ length: days }, (_, i) => progressOf(reporters, addDays(today, i - days + 1)));
  },
);
