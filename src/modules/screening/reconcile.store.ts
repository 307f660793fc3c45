import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type {
  CoverageDifference,
  DifferenceQuery,
  Reconciliation,
  ReconciliationQuery,
  ReconciliationReason,
  StoredCounter,
} from "./reconcile.model.ts";
import type { Difference, VillageCounts } from "./reconcile.rules.ts";
import { roundColumns, type RoundRow } from "./rounds.store.ts";

/** The recounts of rounds and what they found. */

/**
 * Rounds that a night's recount is due for: those that are open, and those that closed since their last one. Each is
 * locked, and one that another process has in hand is passed over.
 */
export async function roundsDue(tx: Tx, night: Instant, limit: number): Promise<RoundRow[]> {
  return tx.sql.many<RoundRow>(
    `select ${roundColumns} from round r
     left join lateral (select max(at) as at from reconciliation where round_id = r.id and reason = 'nightly') last on true
     where r.opened_at < $1 and coalesce(last.at < $1, true) and (r.state = 'open' or last.at is null or r.closed_at >= last.at)
     order by r.opened_at, r.id limit $2 for no key update of r skip locked`,
    [night, limit],
  );
}

/** Locks a round against a second recount; tubes may refer to it meanwhile. */
export async function lockForRecount(tx: Tx, roundId: string): Promise<RoundRow | undefined> {
  return tx.sql.maybe<RoundRow>(`select ${roundColumns} from round r where r.id = $1 for no key update`, [roundId]);
}

/** Locks the counters of villages, so that nobody moves them between the count and what is set by it. */
export async function lockCounters(tx: Tx, roundId: string, villages: readonly string[]): Promise<void> {
  await tx.sql.run(
    "select from coverage where round_id = $1 and area_code = any($2::text[]) order by area_code for update",
    [roundId, villages],
  );
}

export interface NewReconciliation {
  readonly roundId: string;
  readonly reason: ReconciliationReason;
  readonly villages: number;
  readonly differing: number;
  readonly ms: number;
  readonly differences: readonly Difference[];
}

/** Stores recounts with what each found; returns their ids in the order given. */
export async function insertReconciliations(tx: Tx, found: readonly NewReconciliation[]): Promise<string[]> {
  const ids = found.map(() => tx.newId());
  await tx.sql.run(
    `insert into reconciliation (id, round_id, at, reason, villages, differing, differences, ms, actor_id)
     select n.id, n.round_id, $7, n.reason, n.villages, n.differing, n.differences, n.ms, $8
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::int[], $9::int[])
       n (id, round_id, reason, villages, differing, differences, ms)`,
    [
      ids,
      found.map((one) => one.roundId),
      found.map((one) => one.reason),
      found.map((one) => one.villages),
      found.map((one) => one.differing),
      found.map((one) => one.differences.length),
      tx.now,
      tx.actor.id,
      found.map((one) => one.ms),
    ],
  );
  const rows = found.flatMap((one, i) => one.differences.map((difference) => ({ id: ids[i], difference })));
  if (rows.length > 0)
    await tx.sql.run(
      `insert into reconciliation_difference (reconciliation_id, area_code, counter, counted, kept, causes)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::jsonb[])`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.difference.areaCode),
        rows.map((row) => row.difference.counter),
        rows.map((row) => row.difference.counted),
        rows.map((row) => row.difference.kept),
        rows.map((row) => JSON.stringify(row.difference.causes)),
      ],
    );
  return ids;
}

/** Sets the counters of villages to what their rows count. spec: SCR-21 */
export async function writeCounters(tx: Tx, roundId: string, villages: readonly VillageCounts[]): Promise<void> {
  const of = (counter: StoredCounter): number[] => villages.map((village) => village.counted[counter]);
  await tx.sql.run(
    `insert into coverage as c (round_id, area_code, due, excused, at_site, in_transit, received, resulted, positive, lost, collected)
     select $1, n.code, n.due, n.excused, n.at_site, n.in_transit, n.received, n.resulted, n.positive, n.lost,
       n.at_site + n.in_transit + n.received + n.resulted + n.lost
     from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[])
       n (code, due, excused, at_site, in_transit, received, resulted, positive, lost)
     on conflict (round_id, area_code) do update set due = excluded.due, excused = excluded.excused, at_site = excluded.at_site,
       in_transit = excluded.in_transit, received = excluded.received, resulted = excluded.resulted, positive = excluded.positive,
       lost = excluded.lost, collected = excluded.collected`,
    [
      roundId,
      villages.map((village) => village.areaCode),
      of("due"),
      of("excused"),
      of("atSite"),
      of("inTransit"),
      of("received"),
      of("resulted"),
      of("positive"),
      of("lost"),
    ],
  );
}

const columns = `id, round_id as "roundId", at, reason, villages, differing, differences, ms`;

/** The newest recount of a round. */
export async function lastReconciliation(tx: Tx, roundId: string): Promise<Reconciliation | undefined> {
  return tx.sql.maybe<Reconciliation>(
    `select ${columns} from reconciliation where round_id = $1 order by no desc limit 1`,
    [roundId],
  );
}

/** The recounts of a round, newest first. */
export async function pageReconciliations(tx: Tx, query: ReconciliationQuery): Promise<Page<Reconciliation>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<Reconciliation & { readonly no: number }>(
    `select no, ${columns} from reconciliation
     where round_id = $1 and ($2::bigint is null or no < $2::bigint) order by no desc limit $3`,
    [query.roundId, after?.[0] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.no]);
}

/** What a recount found in an area, in the order of villages. */
export async function pageDifferences(
  tx: Tx,
  reconciliationId: string,
  query: DifferenceQuery,
): Promise<Page<CoverageDifference>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<CoverageDifference>(
    `select area_code || ' ' || counter as key, area_code as "areaCode", null as "areaName", counter, counted, kept, causes from reconciliation_difference
     where reconciliation_id = $1 and area_code >= $2 and area_code < $3
       and ($4::text is null or causes @> jsonb_build_array(jsonb_build_object('cause', $4::text)))
       and ($5::text is null or (area_code, counter) > ($5, $6)) order by area_code, counter limit $7`,
    [reconciliationId, lo, hi, query.cause ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.counter]);
}

/** A difference of the newest recount of some round, as it goes out in a spreadsheet. */
export interface DifferenceLine extends Omit<CoverageDifference, "areaName" | "key"> {
  readonly reconciliationId: string;
  readonly roundNo: number;
  readonly roundArea: string;
  readonly at: Instant;
}

/** The differences that the newest recounts of the rounds of an outbreak found, by village; `state` is the rounds'. */
export async function pageNewestDifferences(
  tx: Tx,
  query: { readonly areaCode?: string; readonly state?: string; readonly limit: number; readonly cursor?: string },
): Promise<Page<DifferenceLine>> {
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<DifferenceLine>(
    `select d.reconciliation_id as "reconciliationId", r.no as "roundNo", r.area_code as "roundArea", last.at, d.area_code as "areaCode",
       d.counter, d.counted, d.kept, d.causes
     from round r
     join lateral (select id, at, reason from reconciliation where round_id = r.id order by no desc limit 1) last on last.reason <> 'setRight'
     join reconciliation_difference d on d.reconciliation_id = last.id
     where d.area_code >= $1 and d.area_code < $2 and ($3::text is null or r.state = $3)
       and ($4::text is null or (d.area_code, d.reconciliation_id, d.counter) > ($4, $5::uuid, $6))
     order by d.area_code, d.reconciliation_id, d.counter limit $7`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, query.limit + 1],
  );
  return pageOf(rows, query.limit, (row) => [row.areaCode, row.reconciliationId, row.counter]);
}
