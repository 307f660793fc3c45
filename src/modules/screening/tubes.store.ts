import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { numbersOf } from "./rounds.store.ts";
import type { Purpose, Tube, TubeResult } from "./screening.model.ts";
import type { KnownTube, PersonFault, PlannedTube, ReportedTube, Stage } from "./screening.rules.ts";

/** The stored tubes with any of the barcodes, and which of the re-checked tubes exist. */
export async function knownTubes(
  tx: Tx,
  barcodes: readonly string[],
  recheckOf: readonly number[],
): Promise<{ byBarcode: Map<string, KnownTube>; ids: Set<number> }> {
  const rows = await tx.sql.many<KnownTube>(
    `select id, barcode, round_id as "roundId", site_id as "siteId", kind, capacity, size, state from tube
     where barcode = any($1::text[]) or id = any($2::bigint[]) order by id for update`,
    [barcodes, numbersOf(recheckOf)],
  );
  return { byBarcode: new Map(rows.map((row) => [row.barcode, row])), ids: new Set(rows.map((row) => row.id)) };
}

/**
 * Of the people, those who are unknown or are in a tube of the round already. `offset 0` keeps each
 * look-up one step in an index: left to itself the planner reads the whole register for a full upload.
 */
export async function personFaults(tx: Tx, roundId: string, personIds: readonly number[]): Promise<PersonFault[]> {
  return tx.sql.many<PersonFault>(
    `select u.person_id as "personId", s.tube_id as "tubeId" from unnest($2::bigint[]) u (person_id)
     left join lateral (select id from person where id = u.person_id offset 0) p on true
     left join lateral (select tube_id from sample where person_id = u.person_id and round_id = $1 offset 0) s on true
     where p.id is null or s.tube_id is not null order by u.person_id`,
    [roundId, numbersOf(personIds)],
  );
}

export interface TubePlace {
  readonly outbreakId: string;
  readonly roundId: string;
  readonly purpose: Purpose;
  readonly areaCode: string;
  readonly siteId: string;
  readonly boxId: string;
  /** From the box: tubes registered late stand where their box stands. */
  readonly stage: Stage;
  readonly boxOpen: boolean;
  readonly handedOverAt: Instant | null;
  readonly receivedAt: Instant | null;
  readonly labId: string | null;
}

/** Stores new tubes and returns their ids by barcode. */
export async function insertTubes(
  tx: Tx,
  place: TubePlace,
  tubes: readonly PlannedTube[],
): Promise<Map<string, number>> {
  const states = tubes.map((tube) =>
    place.stage === "at_site"
      ? place.boxOpen && tube.personIds.length < tube.capacity
        ? "open"
        : "closed"
      : place.stage,
  );
  const rows = await tx.sql.many<{ id: number; barcode: string }>(
    `insert into tube (outbreak_id, round_id, purpose, area_code, site_id, box_id, handed_over_at, received_at, lab_id,
       barcode, kind, capacity, size, recheck_of, collected_at, state)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, n.barcode, n.kind, n.capacity, n.size, n.recheck_of, n.at, n.state
     from unnest($10::text[], $11::text[], $12::int[], $13::int[], $14::bigint[], $15::timestamptz[], $16::text[])
       as n (barcode, kind, capacity, size, recheck_of, at, state)
     returning id, barcode`,
    [
      place.outbreakId,
      place.roundId,
      place.purpose,
      place.areaCode,
      place.siteId,
      place.boxId,
      place.handedOverAt,
      place.receivedAt,
      place.labId,
      tubes.map((t) => t.barcode),
      tubes.map((t) => t.kind),
      numbersOf(tubes.map((t) => t.capacity)),
      numbersOf(tubes.map((t) => t.personIds.length)),
      tubes.map((t) => t.recheckOf),
      tubes.map((t) => t.at),
      states,
    ],
  );
  return new Map(rows.map((row) => [row.barcode, row.id]));
}

/** Adds to the sizes of tubes at a site; a full one closes. */
export async function growTubes(tx: Tx, rows: readonly { tubeId: number; by: number; full: boolean }[]): Promise<void> {
  await tx.sql.run(
    `update tube t set size = t.size + g.by, state = case when g.is_full then 'closed' else t.state end
     from unnest($1::bigint[], $2::int[], $3::boolean[]) as g (id, by, is_full) where t.id = g.id`,
    [numbersOf(rows.map((r) => r.tubeId)), numbersOf(rows.map((r) => r.by)), rows.map((r) => r.full)],
  );
}

export interface NewSample {
  readonly personId: number;
  readonly tubeId: number;
  readonly at: Instant;
}

/**
 * Stores swabs with each person's own village and adds them to the village's counters in the same
 * statement; a person who was excused is so no longer. Returns how many were stored.
 */
export async function insertSamples(
  tx: Tx,
  roundId: string,
  stage: Stage,
  samples: readonly NewSample[],
): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    `with put as (
       insert into sample (round_id, person_id, tube_id, at, area_code)
       select $1, m.person_id, m.tube_id, m.at, p.area_code
       from unnest($2::bigint[], $3::bigint[], $4::timestamptz[]) m (person_id, tube_id, at)
       cross join lateral (select area_code from person where id = m.person_id offset 0) p
       on conflict do nothing returning area_code),
     back as (delete from absence where round_id = $1 and person_id = any($2::bigint[]) returning area_code),
     change as (
       select area_code, sum(n)::int as n, sum(b)::int as b
       from (select area_code, 1 as n, 0 as b from put union all select area_code, 0, 1 from back) x group by area_code),
     counted as (
       insert into coverage as c (round_id, area_code, collected, ${stage}) select $1, area_code, n, n from change order by area_code
       on conflict (round_id, area_code) do update set collected = c.collected + excluded.collected, ${stage} = c.${stage} + excluded.${stage},
         excused = c.excused - (select b from change where change.area_code = excluded.area_code))
     select count(*)::int as n from put`,
    [
      roundId,
      numbersOf(samples.map((s) => s.personId)),
      numbersOf(samples.map((s) => s.tubeId)),
      samples.map((s) => s.at),
    ],
  );
  return row.n;
}

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
    `with u as (select * from unnest($1::bigint[], $2::text[], $3::numeric[], $4::numeric[], $5::text[]) u (id, result, ct_n, ct_orf, stage)),
     done as (
       update tube t set state = 'resulted', result = u.result, ct_n = u.ct_n, ct_orf = u.ct_orf, resulted_at = $6,
         received_at = coalesce(t.received_at, $6), lab_id = $7
       from u where t.id = u.id),
     moved as (
       select s.round_id, s.area_code, count(*)::int as n, (count(*) filter (where u.result = 'positive'))::int as positive,
         (count(*) filter (where u.stage = 'at_site'))::int as at_site, (count(*) filter (where u.stage = 'in_transit'))::int as in_transit,
         (count(*) filter (where u.stage = 'received'))::int as received
       from u
       cross join lateral (select round_id, area_code from sample where tube_id = u.id offset 0) s group by s.round_id, s.area_code)
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received - m.received,
       resulted = c.resulted + m.n, positive = c.positive + m.positive
     from moved m where c.round_id = m.round_id and c.area_code = m.area_code`,
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
    `with moved as (
       select s.round_id, s.area_code, count(*)::int as n, (count(*) filter (where u.stage = 'at_site'))::int as at_site,
         (count(*) filter (where u.stage = 'in_transit'))::int as in_transit
       from unnest($1::bigint[], $2::text[]) u (id, stage)
       cross join lateral (select round_id, area_code from sample where tube_id = u.id offset 0) s group by s.round_id, s.area_code)
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received + m.n
     from moved m where c.round_id = m.round_id and c.area_code = m.area_code`,
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
    `with gone as (delete from sample where tube_id = any($1::bigint[]) returning round_id, person_id, tube_id, area_code),
     traced as (
       insert into sample_trace (round_id, person_id, area_code, from_tube_id, why, note, at, actor_id)
       select round_id, person_id, area_code, tube_id, $3, $4, $5, $6 from gone),
     moved as (
       select g.round_id, g.area_code, count(*)::int as n, (count(*) filter (where u.stage = 'at_site'))::int as at_site,
         (count(*) filter (where u.stage = 'in_transit'))::int as in_transit, (count(*) filter (where u.stage = 'received'))::int as received
       from gone g join unnest($1::bigint[], $2::text[]) u (id, stage) on u.id = g.tube_id group by g.round_id, g.area_code)
     update coverage c set at_site = c.at_site - m.at_site, in_transit = c.in_transit - m.in_transit, received = c.received - m.received,
       collected = c.collected - case when $3 = 'lost' then 0 else m.n end, lost = c.lost + case when $3 = 'lost' then m.n else 0 end
     from moved m where c.round_id = m.round_id and c.area_code = m.area_code`,
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
