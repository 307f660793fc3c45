import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { lockedInOrder } from "./counters.store.ts";
import { numbersOf } from "./rounds.store.ts";
import type { Purpose, Tube, TubeResult } from "./screening.model.ts";
import type { ReportedTube, Stage } from "./screening.rules.ts";

export interface TubeRow extends ReportedTube {
  readonly id: number;
  readonly outbreakId: string;
  readonly roundId: string;
  readonly areaCode: string;
  readonly boxId: string;
  readonly barcode: string;
  readonly kind: Tube["kind"];
  readonly capacity: number;
  readonly size: number;
  readonly purpose: Purpose;
  readonly recheckOf: number | null;
  readonly collectedAt: Instant;
}

const rowColumns = `id, outbreak_id as "outbreakId", round_id as "roundId", area_code as "areaCode", box_id as "boxId", barcode, kind, capacity,
  size, purpose, recheck_of as "recheckOf", collected_at as "collectedAt", state, result, unclear, lab_id as "labId"`;

/** Locks the tubes with the barcodes. */
export async function lockTubes(tx: Tx, barcodes: readonly string[]): Promise<Map<string, TubeRow>> {
  const rows = await tx.sql.many<TubeRow>(
    `select ${rowColumns} from tube where barcode = any($1::text[]) order by id for update`,
    [barcodes],
  );
  return new Map(rows.map((row) => [row.barcode, row]));
}

export async function lockTubeOf(tx: Tx, roundId: string, personId: number): Promise<TubeRow | undefined> {
  return tx.sql.maybe<TubeRow>(
    `select ${rowColumns} from tube where id = (select tube_id from sample where person_id = $2 and round_id = $1) for update`,
    [roundId, personId],
  );
}

/** Members of tubes, ascending. */
export async function membersOf(tx: Tx, tubeIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await tx.sql.many<{ tubeId: number; personIds: number[] }>(
    `select tube_id as "tubeId", json_agg(person_id order by person_id) as "personIds" from sample where tube_id = any($1::bigint[]) group by tube_id`,
    [numbersOf(tubeIds)],
  );
  return new Map(rows.map((row) => [row.tubeId, row.personIds]));
}

export interface StoredResult {
  readonly id: number;
  readonly result: TubeResult;
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly stage: Stage;
}

/** Ends tubes with clear results and moves their members' counters, in one statement. */
export async function storeResults(tx: Tx, labId: string, results: readonly StoredResult[]): Promise<void> {
  await tx.sql.run(
    `with u as materialized (
       select * from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::text[]) u (id, result, ct_n, ct_orf, stage)),
     done as (
       update tube t set state = 'resulted', result = u.result, ct_n = u.ct_n, ct_orf = u.ct_orf, resulted_at = $6,
         received_at = coalesce(t.received_at, $6), lab_id = $7
       from u where t.id = u.id),
     moved as (
       select s.round_id, s.area_code, count(*)::int as n, (count(*) filter (where u.result = 'positive'))::int as positive,
         (count(*) filter (where u.stage = 'at_site'))::int as at_site, (count(*) filter (where u.stage = 'in_transit'))::int as in_transit,
         (count(*) filter (where u.stage = 'received'))::int as received
       from u join sample s on s.tube_id = u.id where s.tube_id = any($1::bigint[]) group by s.round_id, s.area_code),
     ${lockedInOrder}
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received - m.received,
       resulted = c.resulted + m.n, positive = c.positive + m.positive
     from moved m, locked where c.round_id = m.round_id and c.area_code = m.area_code`,
    [
      numbersOf(results.map((r) => r.id)),
      results.map((r) => r.result),
      results.map((r) => r.ctN),
      results.map((r) => r.ctOrf),
      results.map((r) => r.stage),
      tx.now,
      labId,
    ],
  );
}

/** Keeps the first unclear result of tubes that are to be run again; they are in the laboratory now if they were not. */
export async function storeUnclear(tx: Tx, labId: string, results: readonly StoredResult[]): Promise<void> {
  await moveTubes(tx, results, "received");
  await tx.sql.run(
    `update tube t set state = 'received', received_at = coalesce(t.received_at, $6), lab_id = $7, unclear = u.result, result = u.result,
       ct_n = u.ct_n, ct_orf = u.ct_orf, retests = t.retests + 1
     from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::text[]) u (id, result, ct_n, ct_orf, stage) where t.id = u.id`,
    [
      numbersOf(results.map((r) => r.id)),
      results.map((r) => r.result),
      results.map((r) => r.ctN),
      results.map((r) => r.ctOrf),
      results.map((r) => r.stage),
      tx.now,
      labId,
    ],
  );
}

async function moveTubes(tx: Tx, tubes: readonly { id: number; stage: Stage }[], to: Stage): Promise<void> {
  const moving = tubes.filter((tube) => tube.stage !== to);
  if (moving.length === 0) return;
  await tx.sql.run(
    `with u as materialized (select * from unnest($1::bigint[], $2::text[]) u (id, stage)),
     moved as (
       select s.round_id, s.area_code, count(*)::int as n, (count(*) filter (where u.stage = 'at_site'))::int as at_site,
         (count(*) filter (where u.stage = 'in_transit'))::int as in_transit
       from u join sample s on s.tube_id = u.id where s.tube_id = any($1::bigint[]) group by s.round_id, s.area_code),
     ${lockedInOrder}
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received + m.n
     from moved m, locked where c.round_id = m.round_id and c.area_code = m.area_code`,
    [numbersOf(moving.map((t) => t.id)), moving.map((t) => t.stage)],
  );
}

export interface EndedTube {
  readonly id: number;
  readonly boxId: string;
  readonly size: number;
  readonly stage: Stage;
}

/** Ends tubes without a result: their members are in no tube again, and the trace keeps where they were. */
export async function endTubes(
  tx: Tx,
  tubes: readonly EndedTube[],
  why: "rejected" | "lost",
  note: string,
): Promise<void> {
  const ids = numbersOf(tubes.map((tube) => tube.id));
  await tx.sql.run(
    `with u as materialized (select * from unnest($1::bigint[], $2::text[]) u (id, stage)),
     gone as (delete from sample where tube_id = any($1::bigint[]) returning round_id, person_id, tube_id, area_code),
     traced as (
       insert into sample_trace (round_id, person_id, area_code, from_tube_id, why, note, at, actor_id)
       select round_id, person_id, area_code, tube_id, $3, $4, $5, $6 from gone),
     moved as (
       select g.round_id, g.area_code, count(*)::int as n, (count(*) filter (where u.stage = 'at_site'))::int as at_site,
         (count(*) filter (where u.stage = 'in_transit'))::int as in_transit, (count(*) filter (where u.stage = 'received'))::int as received
       from gone g join u on u.id = g.tube_id group by g.round_id, g.area_code),
     ${lockedInOrder}
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received - m.received,
       collected = c.collected - case when $3 = 'lost' then 0 else m.n end, lost = c.lost + case when $3 = 'lost' then m.n else 0 end
     from moved m, locked where c.round_id = m.round_id and c.area_code = m.area_code`,
    [ids, tubes.map((t) => t.stage), why, note, tx.now, tx.actor.id],
  );
  await tx.sql.run("update tube set state = $2, ended_reason = $3 where id = any($1::bigint[])", [ids, why, note]);
}

/** Moves one person's swab to another tube of the round. */
export async function moveOne(
  tx: Tx,
  move: {
    roundId: string;
    personId: number;
    from: TubeRow;
    to: TubeRow;
    fromStage: Stage;
    toStage: Stage;
    note: string;
  },
): Promise<void> {
  const row = await tx.sql.one<{ area_code: string }>(
    "update sample set tube_id = $3 where person_id = $2 and round_id = $1 returning area_code",
    [move.roundId, move.personId, move.to.id],
  );
  await tx.sql.run(
    `insert into sample_trace (round_id, person_id, area_code, from_tube_id, to_tube_id, why, note, at, actor_id)
     values ($1, $2, $3, $4, $5, 'moved', $6, $7, $8)`,
    [move.roundId, move.personId, row.area_code, move.from.id, move.to.id, move.note, tx.now, tx.actor.id],
  );
  await tx.sql.run(`update tube set size = size + case when id = $2 then 1 else -1 end where id in ($1, $2)`, [
    move.from.id,
    move.to.id,
  ]);
  if (move.fromStage !== move.toStage) {
    await tx.sql.run(
      `update coverage set ${move.fromStage} = ${move.fromStage} - 1, ${move.toStage} = ${move.toStage} + 1 where round_id = $1 and area_code = $2`,
      [move.roundId, row.area_code],
    );
  }
}
