import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { rowFault, type ReadRow } from "#kernel/sheet";
import { addDays, addMinutes, dayOf, instantAt, type Day, type Instant } from "#kernel/time";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import { createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize } from "#platform/paging";
import type { Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { logDue, logRefusal, staffTestDue } from "./life.rules.ts";
import { siteIdsByName } from "./life.store.ts";
import type { WorkZone } from "./life.model.ts";
import { staffColumns } from "./sheet.columns.ts";
import {
  lockStaff,
  pageLogs,
  pageStaff,
  presentBefore,
  saveLogs,
  saveStaff,
  saveStaffTests,
  siteAreas,
  sitesWithoutLog,
  type LogQuery,
  type StaffQuery,
} from "./staff.store.ts";

/** A site's day and its staff. */

const logWrite = "isolation.log.write";
const read = "isolation.read";
const rowsMax = 5_000;
const noSite = { "zh-CN": "未找到该隔离点", en: "no such site in this area" };
/** A positive member of staff is taken out and traced at once. */
const positiveMinutes = 120;

async function inOwnArea(tx: Tx, siteIds: readonly string[]): Promise<void> {
  const areas = await siteAreas(tx, [...new Set(siteIds)]);
  for (const id of siteIds) {
    const area = areas.get(id);
    if (area === undefined) throw new ProblemError("record.notFound", { what: "site" });
    if (!isWithin(area, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
  }
}

export interface SiteLog {
  readonly siteId: string;
  readonly day: Day;
  readonly cameIn: number;
  readonly wentOut: number;
  readonly present: number;
  readonly incidents: number;
  readonly note?: string;
}

/** Enters the daily logs of sites; numbers that do not follow from the day before are refused. spec: ISO-27 */
export const enterLogs = useCase(
  { name: "isolation.enterLogs", permission: logWrite, kind: "write" },
  async (tx, input: { logs: readonly SiteLog[] }): Promise<{ entered: number; corrected: number }> => {
    if (input.logs.length > rowsMax) throw new ProblemError("limit.exceeded", { limit: rowsMax });
    await inOwnArea(
      tx,
      input.logs.map((log) => log.siteId),
    );
    const outbreak = await currentOutbreak(tx);
    const today = dayOf(tx.now, outbreak.timeZone);
    const before = await presentBefore(tx, input.logs);
    for (const log of input.logs) {
      if (log.day > today)
        throw new ProblemError("rule.refused", { rule: "ISO-27", why: "the day has not come yet / 日期尚未到来" });
      const refusal = logRefusal(log, before.get(`${log.siteId} ${log.day}`) ?? null);
      if (refusal) throw new ProblemError("rule.refused", { ...refusal });
    }
    const entered = await saveLogs(
      tx,
      input.logs.map((log) => ({
        ...log,
        note: log.note ?? null,
        dueAt: logDue(outbreak.protocol.isolation ?? null, log.day, outbreak.timeZone),
      })),
    );
    return { entered, corrected: input.logs.length - entered };
  },
);

export const listLogs = useCase({ name: "isolation.listLogs", permission: read, kind: "read" }, (tx, query: LogQuery) =>
  pageLogs(tx, query),
);

/** Open sites whose log of a day (yesterday's by default) is missing. spec: ISO-27 */
export const missingLogs = useCase(
  { name: "isolation.missingLogs", permission: read, kind: "read" },
  async (tx, query: { areaCode?: string; day?: Day; limit?: number; cursor?: string }) => {
    const limit = pageSize(query.limit);
    const { timeZone } = await currentOutbreak(tx);
    const day = query.day ?? addDays(dayOf(tx.now, timeZone), -1);
    const rows = await sitesWithoutLog(tx, {
      areaCode: query.areaCode ?? tx.actor.areaCode,
      day,
      dayEnds: instantAt(addDays(day, 1), "00:00", timeZone),
      limit: limit + 1,
      after: cursorKey(query.cursor, 2),
    });
    return { day, ...pageOf(rows, limit, (row) => [row.areaCode, row.no]) };
  },
);

export interface StaffMember {
  readonly siteId: string;
  /** The member's number with the team that sent him; never a name. */
  readonly code: string;
  readonly zone: WorkZone;
}

async function register(tx: Tx, staff: readonly StaffMember[]): Promise<number> {
  const outbreak = await findCurrentOutbreak(tx);
  return saveStaff(
    tx,
    [...new Map(staff.map((member) => [`${member.siteId} ${member.code}`, member])).values()].map((member) => ({
      ...member,
      id: tx.newId(),
      dueAt: outbreak
        ? staffTestDue(outbreak.protocol.isolation ?? null, member.zone, tx.now, outbreak.timeZone)
        : null,
    })),
  );
}

/** Registers the staff of sites by the zone they work in; their first test is due by the protocol. spec: ISO-28 */
export const registerStaff = useCase(
  { name: "isolation.registerStaff", permission: logWrite, kind: "write" },
  async (tx, input: { staff: readonly StaffMember[] }): Promise<{ registered: number; known: number }> => {
    if (input.staff.length > rowsMax) throw new ProblemError("limit.exceeded", { limit: rowsMax });
    await inOwnArea(
      tx,
      input.staff.map((member) => member.siteId),
    );
    const registered = await register(tx, input.staff);
    return { registered, known: input.staff.length - registered };
  },
);

/** Staff out of a table: each row that names a known site is taken. */
export const importStaff = useCase(
  { name: "isolation.importStaff", permission: logWrite, kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof staffColumns>[] }): Promise<Taken> => {
    const sites = await siteIdsByName(
      tx,
      input.rows.map(({ row }) => ({ areaCode: row.areaCode, name: row.site })),
    );
    const good: StaffMember[] = [];
    const faults = [];
    for (const { line, row } of input.rows) {
      const siteId = sites.get(`${row.areaCode} ${row.site}`);
      if (siteId === undefined) faults.push(rowFault(staffColumns.site, line, noSite, tx.lang));
      else good.push({ siteId, code: row.code, zone: row.zone });
    }
    const taken = await register(tx, good);
    return { taken, known: good.length - taken, faults };
  },
);

export interface StaffTest {
  readonly staffId: string;
  readonly result: "negative" | "positive";
  readonly sampledAt?: Instant;
}

/** Files tests of staff; the next one is due by the zone, and a positive one becomes work for tracing at once. spec: ISO-28 */
export const recordStaffTests = useCase(
  { name: "isolation.recordStaffTests", permission: logWrite, kind: "write" },
  async (tx, input: { tests: readonly StaffTest[] }): Promise<{ filed: number; positive: number }> => {
    if (input.tests.length > rowsMax) throw new ProblemError("limit.exceeded", { limit: rowsMax });
    const outbreak = await currentOutbreak(tx);
    const tests = new Map(input.tests.map((test) => [test.staffId, test]));
    const staff = await lockStaff(tx, [...tests.keys()]);
    if (staff.length !== tests.size) throw new ProblemError("record.notFound", { what: "member of staff" });
    const times = outbreak.protocol.isolation ?? null;
    const filed = await saveStaffTests(
      tx,
      staff.map((member) => {
        const test = tests.get(member.id);
        const sampledAt = test?.sampledAt ?? tx.now;
        return {
          id: member.id,
          sampledAt,
          result: test?.result ?? "negative",
          nextDueAt: staffTestDue(times, member.zone, sampledAt, outbreak.timeZone),
        };
      }),
    );
    const positive = staff.filter((member) => tests.get(member.id)?.result === "positive");
    await createTasks(
      tx,
      positive.map((member) => ({
        outbreakId: outbreak.id,
        kind: "siteStaffPositive",
        areaCode: member.areaCode,
        ownerTeam: "cdc" as const,
        subjectType: "siteStaff",
        subjectId: member.id,
        dueAt: addMinutes(tx.now, positiveMinutes),
      })),
    );
    return { filed, positive: positive.length };
  },
);

export const listStaff = useCase(
  { name: "isolation.listStaff", permission: read, kind: "read" },
  (tx, query: StaffQuery) => pageStaff(tx, query),
);
