import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { LogRow, StaffRow, WorkZone } from "./life.model.ts";

/** SQL of a site's days and of its staff with their tests. */

/** The areas of sites the reader may see. */
export async function siteAreas(tx: Tx, siteIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ id: string; areaCode: string }>(
    `select id, area_code as "areaCode" from isolation_site where id = any($1::uuid[])`,
    [siteIds],
  );
  return new Map(rows.map((row) => [row.id, row.areaCode]));
}

export interface NewLog {
  readonly siteId: string;
  readonly day: Day;
  readonly cameIn: number;
  readonly wentOut: number;
  readonly present: number;
  readonly incidents: number;
  readonly note: string | null;
  readonly dueAt: Instant | null;
}

/** Who was present by the log of the day before, by site. */
export async function presentBefore(
  tx: Tx,
  rows: readonly { siteId: string; day: Day }[],
): Promise<Map<string, number>> {
  const found = await tx.sql.many<{ siteId: string; day: Day; present: number }>(
    `select n.site_id as "siteId", n.day::text as day, l.present from unnest($1::uuid[], $2::date[]) n (site_id, day)
     join site_log l on l.site_id = n.site_id and l.day = n.day - 1`,
    [rows.map((row) => row.siteId), rows.map((row) => row.day)],
  );
  return new Map(found.map((row) => [`${row.siteId} ${row.day}`, row.present]));
}

/** Stores logs; one that is there is corrected. Returns how many were new. */
export async function saveLogs(tx: Tx, logs: readonly NewLog[]): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    `with saved as (
       insert into site_log (site_id, day, area_code, entered_at, entered_by, came_in, went_out, present, register_present, incidents, note, due_at)
       select s.id, n.day, s.area_code, $2, $3, n.came_in, n.went_out, n.present,
         (select coalesce(sum(c.in_use), 0) from isolation_counter c where c.site_id = s.id), n.incidents, n.note, n.due_at
       from jsonb_to_recordset($1::jsonb) as n (site_id uuid, day date, came_in integer, went_out integer, present integer,
         incidents integer, note text, due_at timestamptz)
       join isolation_site s on s.id = n.site_id
       on conflict (site_id, day) do update set came_in = excluded.came_in, went_out = excluded.went_out, present = excluded.present,
         incidents = excluded.incidents, note = excluded.note, entered_by = excluded.entered_by
       returning xmax = 0 as fresh
     ) select count(*) filter (where fresh)::int as n from saved`,
    [
      JSON.stringify(
        logs.map((log) => ({
          site_id: log.siteId,
          day: log.day,
          came_in: log.cameIn,
          went_out: log.wentOut,
          present: log.present,
          incidents: log.incidents,
          note: log.note,
          due_at: log.dueAt,
        })),
      ),
      tx.now,
      tx.actor.id,
    ],
  );
  return row.n;
}

export interface LogQuery {
  readonly areaCode?: string;
  readonly siteId?: string;
  readonly day?: Day;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageLogs(tx: Tx, query: LogQuery): Promise<Page<LogRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<LogRow>(
    `select l.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", l.area_code as "areaCode", l.day::text as day, l.came_in as "cameIn",
       l.went_out as "wentOut", l.present, l.register_present as "registerPresent", l.incidents, l.note,
       l.entered_at as "enteredAt", l.entered_by as "enteredBy"
     from site_log l join isolation_site s on s.id = l.site_id
     where l.area_code >= $1 and l.area_code < $2 and ($3::uuid is null or l.site_id = $3) and ($4::date is null or l.day = $4)
       and ($5::text is null or (l.area_code, l.day, l.site_id::text) > ($5::text, $6::date, $7::text))
     order by l.area_code, l.day, l.site_id::text limit $8`,
    [
      lo,
      hi,
      query.siteId ?? null,
      query.day ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.day, row.siteId]);
}

/** Open sites without a log of a day, in the order of their numbers; those opened only after it owe none. */
export async function sitesWithoutLog(
  tx: Tx,
  query: { areaCode: string; day: Day; dayEnds: Instant; limit: number; after: readonly (string | number)[] | null },
): Promise<{ siteId: string; siteName: string; siteNameEn: string | null; areaCode: string; no: number }[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many(
    `select s.id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", s.area_code as "areaCode", s.no from isolation_site s
     where s.area_code >= $1 and s.area_code < $2 and s.state = 'open' and s.opened_at < $3
       and not exists (select 1 from site_log l where l.site_id = s.id and l.day = $4)
       and ($5::text is null or (s.area_code, s.no) > ($5::text, $6::integer))
     order by s.area_code, s.no limit $7`,
    [lo, hi, query.dayEnds, query.day, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  );
}

export interface NewStaff {
  readonly id: string;
  readonly siteId: string;
  readonly code: string;
  readonly zone: WorkZone;
  readonly dueAt: Instant | null;
}

/** Registers members of staff; who is there already moves to the zone given. Returns how many were new. */
export async function saveStaff(tx: Tx, staff: readonly NewStaff[]): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    `with saved as (
       insert into site_staff (id, site_id, area_code, code, zone, from_at, due_at)
       select n.id, s.id, s.area_code, n.code, n.zone, $6, n.due_at
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) n (id, site_id, code, zone, due_at)
       join isolation_site s on s.id = n.site_id
       on conflict (site_id, code) do update set zone = excluded.zone, to_at = null, due_at = coalesce(site_staff.due_at, excluded.due_at)
       returning xmax = 0 as fresh
     ) select count(*) filter (where fresh)::int as n from saved`,
    [
      staff.map((member) => member.id),
      staff.map((member) => member.siteId),
      staff.map((member) => member.code),
      staff.map((member) => member.zone),
      staff.map((member) => member.dueAt),
      tx.now,
    ],
  );
  return row.n;
}

export interface StaffQuery {
  readonly areaCode?: string;
  readonly siteId?: string;
  readonly overdue?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Staff, the earliest test due first; those without a date come last. */
export async function pageStaff(tx: Tx, query: StaffQuery): Promise<Page<StaffRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<StaffRow>(
    `select m.id, m.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", m.area_code as "areaCode", m.code, m.zone, m.from_at as "fromAt",
       m.to_at as "toAt", m.last_tested_at as "lastTestedAt", m.last_result as "lastResult", m.due_at as "dueAt",
       coalesce(m.due_at < $3::timestamptz, false) as overdue
     from site_staff m join isolation_site s on s.id = m.site_id
     where m.area_code >= $1 and m.area_code < $2 and (not $4::boolean or m.due_at < $3::timestamptz) and ($5::uuid is null or m.site_id = $5)
       and ($6::text is null or (m.area_code, m.code, m.id::text) > ($6::text, $7::text, $8::text))
     order by m.area_code, m.code, m.id::text limit $9`,
    [
      lo,
      hi,
      tx.now,
      query.overdue ?? false,
      query.siteId ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code, row.id]);
}

export interface StaffFacts {
  readonly id: string;
  readonly siteId: string;
  readonly areaCode: string;
  readonly code: string;
  readonly zone: WorkZone;
  readonly dueAt: Instant | null;
  readonly lastTestedAt: Instant | null;
}

/** Members who are on duty, by their ids. */
export async function lockStaff(tx: Tx, ids: readonly string[]): Promise<StaffFacts[]> {
  return tx.sql.many<StaffFacts>(
    `select id, site_id as "siteId", area_code as "areaCode", code, zone, due_at as "dueAt", last_tested_at as "lastTestedAt"
     from site_staff where id = any($1::uuid[]) and to_at is null order by id for update`,
    [ids],
  );
}

export interface StaffTested {
  readonly id: string;
  readonly sampledAt: Instant;
  readonly result: "negative" | "positive";
  /** When the next test is due. */
  readonly nextDueAt: Instant | null;
}

/** Files the tests and moves the dates on; a test that is filed already changes nothing. */
export async function saveStaffTests(tx: Tx, tests: readonly StaffTested[]): Promise<number> {
  const ids = tests.map((test) => test.id);
  const sampled = tests.map((test) => test.sampledAt);
  const results = tests.map((test) => test.result);
  const stored = await tx.sql.run(
    `insert into site_staff_test (staff_id, sampled_at, area_code, due_at, result)
     select m.id, n.sampled_at, m.area_code, m.due_at, n.result
     from unnest($1::uuid[], $2::timestamptz[], $3::text[]) n (id, sampled_at, result) join site_staff m on m.id = n.id
     on conflict do nothing`,
    [ids, sampled, results],
  );
  await tx.sql.run(
    `update site_staff m set last_tested_at = n.sampled_at, last_result = n.result, due_at = n.next_due_at
     from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::timestamptz[]) n (id, sampled_at, result, next_due_at)
     where m.id = n.id and (m.last_tested_at is null or m.last_tested_at < n.sampled_at)`,
    [ids, sampled, results, tests.map((test) => test.nextDueAt)],
  );
  return stored;
}

/** The staff of a site leave with it. */
export async function endStaff(tx: Tx, siteId: string): Promise<void> {
  await tx.sql.run("update site_staff set to_at = $2, due_at = null where site_id = $1 and to_at is null", [
    siteId,
    tx.now,
  ]);
}
