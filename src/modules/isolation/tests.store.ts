import { areaRange } from "#kernel/area";
import type { Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { DueTest } from "./isolation.model.ts";
import type { TestFact } from "./release.rules.ts";

/** SQL of the test calendar. */

export interface CalendarRow {
  readonly orderId: string;
  readonly segment: number;
  readonly dayNo: number;
  readonly dueDay: Day;
}

/** Writes the calendar of stretches; a test that is already there stays as it is. */
export async function insertCalendar(tx: Tx, rows: readonly CalendarRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `insert into test_due (person_id, order_id, segment, day_no, area_code, site_id, site_area_code, due_day)
     select o.person_id, o.id, n.segment, n.day_no, o.area_code, o.site_id, o.site_area_code, n.due_day
     from unnest($1::uuid[], $2::integer[], $3::integer[], $4::date[]) n (order_id, segment, day_no, due_day) join isolation_order o on o.id = n.order_id
     on conflict do nothing`,
    [rows.map((r) => r.orderId), rows.map((r) => r.segment), rows.map((r) => r.dayNo), rows.map((r) => r.dueDay)],
  );
}

/** Takes back the tests nobody has sampled yet, because the days moved; with `after`, only those of later days. */
export async function dropUnsampled(tx: Tx, orderIds: readonly string[], after: Day | null = null): Promise<void> {
  await tx.sql.run(
    `delete from test_due t using isolation_order o
     where o.id = any($1::uuid[]) and t.person_id = o.person_id and t.order_id = o.id and t.sampled_at is null and ($2::date is null or t.due_day > $2)`,
    [orderIds, after],
  );
}

export interface DueQuery {
  readonly day: Day;
  readonly areaCode: string;
  readonly siteId?: string;
  readonly category?: "contact" | "case";
  readonly limit: number;
  readonly after?: number;
}

/** One row a person who must be sampled by `day` where he is: his earliest open test; in the order of person ids. */
export async function dueRows(tx: Tx, query: DueQuery): Promise<DueTest[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<DueTest>(
    // The order is looked up row by row on purpose: few tests are open, and no plan may start from the orders.
    `select distinct on (t.person_id) t.order_id as "orderId", t.person_id as "personId", t.area_code as "areaCode", t.site_id as "siteId",
       t.segment, t.day_no as "dayNo", t.due_day as "dueDay", t.due_day < $3::date as missed
     from test_due t
     where t.sampled_at is null and t.due_day <= $3::date
       and coalesce(t.site_area_code, t.area_code) >= $1 and coalesce(t.site_area_code, t.area_code) < $2
       and ($4::uuid is null or t.site_id = $4) and t.person_id > $6
       and (select o.state = 'active' and o.category = $5 from isolation_order o where o.id = t.order_id)
     order by t.person_id, t.due_day, t.day_no limit $7`,
    [lo, hi, query.day, query.siteId ?? null, query.category ?? "contact", query.after ?? 0, query.limit],
  );
}

export interface SampleLink {
  readonly personId: number;
  readonly tubeId: number | null;
}

/** Links a sample to the person's earliest open test that is due. spec: ISO-14 */
export async function linkSamples(tx: Tx, day: Day, samples: readonly SampleLink[]): Promise<number> {
  return tx.sql.run(
    `with pick as (
       select n.person_id, n.tube_id, t.order_id, t.segment, t.day_no
       from unnest($1::bigint[], $2::bigint[]) n (person_id, tube_id) cross join lateral (
         select t.order_id, t.segment, t.day_no from test_due t
         where t.person_id = n.person_id and t.sampled_at is null and t.due_day <= $3::date
           and (select o.state = 'active' from isolation_order o where o.id = t.order_id)
         order by t.due_day, t.day_no limit 1
       ) t
     ) update test_due t set sampled_at = $4, tube_id = pick.tube_id from pick
       where t.person_id = pick.person_id and t.order_id = pick.order_id and t.segment = pick.segment and t.day_no = pick.day_no`,
    [samples.map((s) => s.personId), samples.map((s) => s.tubeId), day, tx.now],
  );
}

export interface TestResult {
  readonly personId: number;
  readonly tubeId: number | null;
  readonly result: "negative" | "positive";
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly sampledAt: string;
  readonly sampledDay: Day;
}

/** A result as it went into the calendar; `testNo`, counted from 1, only for positives. */
export interface WrittenResult {
  readonly personId: number;
  readonly orderId: string;
  readonly result: "negative" | "positive";
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly testNo: number | null;
}

/** Writes results to the test that was linked to the tube, else to the earliest open one that was due when sampled. */
export async function writeResults(tx: Tx, rows: readonly TestResult[]): Promise<WrittenResult[]> {
  return tx.sql.many(
    `with n as (
       select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::numeric[], $5::numeric[], $6::timestamptz[], $7::date[])
         as n (person_id, tube_id, result, ct_n, ct_orf, sampled_at, sampled_day)
     ), pick as (
       select n.*, t.order_id, t.segment, t.day_no from n cross join lateral (
         select t.order_id, t.segment, t.day_no from test_due t
         where t.person_id = n.person_id and t.result is null and t.due_day <= n.sampled_day and (t.tube_id is null or t.tube_id = n.tube_id)
           -- A sample taken before the order ended still belongs to it: its own result may have ended it.
           and (select o.state = 'active' or o.ended_at >= n.sampled_at from isolation_order o where o.id = t.order_id)
         order by (t.tube_id = n.tube_id) desc nulls last, t.due_day, t.day_no limit 1
       ) t
     ) update test_due t set result = pick.result, ct_n = pick.ct_n, ct_orf = pick.ct_orf, resulted_at = $8, tube_id = pick.tube_id,
         sampled_at = coalesce(t.sampled_at, pick.sampled_at)
       from pick where t.person_id = pick.person_id and t.order_id = pick.order_id and t.segment = pick.segment and t.day_no = pick.day_no
       returning t.person_id as "personId", t.order_id as "orderId", t.result, t.ct_n as "ctN", t.ct_orf as "ctOrf",
         case when t.result = 'positive' then (select count(*) from test_due b where b.person_id = t.person_id and b.order_id = t.order_id
           and (b.segment, b.day_no) <= (t.segment, t.day_no)) end as "testNo"`,
    [
      rows.map((r) => r.personId),
      rows.map((r) => r.tubeId),
      rows.map((r) => r.result),
      rows.map((r) => r.ctN),
      rows.map((r) => r.ctOrf),
      rows.map((r) => r.sampledAt),
      rows.map((r) => r.sampledDay),
      tx.now,
    ],
  );
}

/** An unclear tube does not count: its people are due again. */
export async function reopenTests(tx: Tx, tubeIds: readonly number[], personIds: readonly number[]): Promise<void> {
  await tx.sql.run(
    "update test_due set sampled_at = null, tube_id = null where person_id = any($2::bigint[]) and tube_id = any($1::bigint[]) and result is null",
    [tubeIds, personIds],
  );
}

/** Tests of orders in their order, by order. */
export async function testsOf(tx: Tx, orderIds: readonly string[]): Promise<Map<string, TestFact[]>> {
  const rows = await tx.sql.many<TestFact & { orderId: string }>(
    `select t.order_id as "orderId", t.result, t.sampled_at as "sampledAt", t.ct_n as "ctN", t.ct_orf as "ctOrf"
     from isolation_order o join test_due t on t.person_id = o.person_id and t.order_id = o.id
     where o.id = any($1::uuid[]) order by t.order_id, t.segment, t.day_no`,
    [orderIds],
  );
  const byOrder = new Map<string, TestFact[]>();
  for (const { orderId, ...fact } of rows) {
    const list = byOrder.get(orderId);
    if (list) list.push(fact);
    else byOrder.set(orderId, [fact]);
  }
  return byOrder;
}

/** The last calendar day of each order, for adding the next exit test. */
export async function lastTests(
  tx: Tx,
  orderIds: readonly string[],
): Promise<{ orderId: string; segment: number; dayNo: number; dueDay: Day; open: number }[]> {
  return tx.sql.many(
    `select t.order_id as "orderId", max(t.segment) as segment, max(t.day_no) as "dayNo", max(t.due_day) as "dueDay",
       count(*) filter (where t.result is null)::int as open
     from isolation_order o join test_due t on t.person_id = o.person_id and t.order_id = o.id
     where o.id = any($1::uuid[]) group by t.order_id order by t.order_id`,
    [orderIds],
  );
}
