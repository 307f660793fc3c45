import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { HeldMember, PositiveTubeQuery, PositiveTubeRow, TubeState } from "./tubes.model.ts";

/** Rows of positive tubes and holds. */

export interface NewTube {
  readonly tubeId: number;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly barcode: string;
  readonly kind: string;
  readonly purpose: string;
  readonly roundId: string;
  readonly cause: "positive" | "unclear";
  readonly size: number;
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly labId: string | null;
  readonly collectedAt: string;
  readonly resultedAt: string;
  readonly recheckDueAt: string | null;
}

/** Stores a tube, or turns an unclear one into a positive one; false when it stood already. */
export async function insertTube(tx: Tx, tube: NewTube): Promise<boolean> {
  const rows = await tx.sql.run(
    `insert into positive_tube (tube_id, outbreak_id, area_code, barcode, kind, purpose, round_id, cause, size, ct_n, ct_orf,
       lab_id, collected_at, resulted_at, held_at, recheck_due_at, ask_again_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, 'open')
     on conflict (tube_id) do update set cause = 'positive', ct_n = excluded.ct_n, ct_orf = excluded.ct_orf,
       lab_id = excluded.lab_id, resulted_at = excluded.resulted_at, recheck_due_at = excluded.recheck_due_at,
       ask_again_at = excluded.ask_again_at
     where positive_tube.cause = 'unclear' and excluded.cause = 'positive' and positive_tube.state = 'open'`,
    [
      tube.tubeId,
      tube.outbreakId,
      tube.areaCode,
      tube.barcode,
      tube.kind,
      tube.purpose,
      tube.roundId,
      tube.cause,
      tube.size,
      tube.ctN,
      tube.ctOrf,
      tube.labId,
      tube.collectedAt,
      tube.resultedAt,
      tx.now,
      tube.recheckDueAt,
    ],
  );
  return rows === 1;
}

export interface StoredTube {
  readonly tubeId: number;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly barcode: string;
  readonly purpose: string;
  readonly cause: "positive" | "unclear";
  readonly size: number;
  readonly collectedAt: string;
  readonly resultedAt: string;
  readonly recheckDueAt: string | null;
  readonly state: TubeState;
}

const tubeColumns = `tube_id as "tubeId", outbreak_id as "outbreakId", area_code as "areaCode", barcode, purpose, cause, size,
  collected_at as "collectedAt", resulted_at as "resultedAt", recheck_due_at as "recheckDueAt", state`;

export async function findTube(tx: Tx, tubeId: number): Promise<StoredTube | undefined> {
  return tx.sql.maybe(`select ${tubeColumns} from positive_tube where tube_id = $1`, [tubeId]);
}

/** Locks a tube so that two laboratories' answers about its members come one after the other. */
export async function lockTube(tx: Tx, tubeId: number): Promise<StoredTube | undefined> {
  return tx.sql.maybe(`select ${tubeColumns} from positive_tube where tube_id = $1 for update`, [tubeId]);
}

/** Open tubes whose re-check is late, the longest waiting first, each with the people still without an answer. */
export async function lateTubes(tx: Tx, limit: number): Promise<(StoredTube & { readonly waiting: number[] })[]> {
  const rows = await tx.sql.many<StoredTube & { waiting: number[] }>(
    `select ${tubeColumns}, (
       select coalesce(json_agg(person_id order by person_id), '[]') from hold h
       where h.tube_id = t.tube_id and h.outcome is null and h.lifted_at is null) as waiting
     from positive_tube t where state = 'open' and ask_again_at <= $1 order by ask_again_at, tube_id limit $2`,
    [tx.now, limit],
  );
  return rows;
}

/** Sets when the squad is told again about a tube. */
export async function setAskAgain(tx: Tx, tubeId: number, at: string | null): Promise<void> {
  await tx.sql.run("update positive_tube set ask_again_at = $2 where tube_id = $1", [tubeId, at]);
}

/** Places a hold on each person; a person already held for this tube stays held once. */
export async function insertHolds(
  tx: Tx,
  tube: { tubeId: number; outbreakId: string; collectedAt: string },
  people: readonly { personId: number; areaCode: string; outcome: "knownCase" | "negative" | null }[],
): Promise<void> {
  await tx.sql.run(
    `insert into hold (id, outbreak_id, person_id, area_code, tube_id, sampled_at, placed_at, outcome)
     select id, $5, person_id, area_code, $6, $7, $8, outcome
     from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) as new (id, person_id, area_code, outcome)
     on conflict (person_id, tube_id) do nothing`,
    [
      people.map(() => tx.newId()),
      people.map((p) => p.personId),
      people.map((p) => p.areaCode),
      people.map((p) => p.outcome),
      tube.outbreakId,
      tube.tubeId,
      tube.collectedAt,
      tx.now,
    ],
  );
}

export interface StoredHold {
  readonly personId: number;
  readonly areaCode: string;
  readonly tubeId: number;
  readonly negatives: number;
  readonly outcome: "negative" | "positive" | "knownCase" | null;
  readonly liftedAt: string | null;
}

const holdColumns = `person_id as "personId", area_code as "areaCode", tube_id as "tubeId", negatives, outcome, lifted_at as "liftedAt"`;

export async function holdsOfTube(tx: Tx, tubeId: number): Promise<StoredHold[]> {
  return tx.sql.many(`select ${holdColumns} from hold where tube_id = $1 order by person_id`, [tubeId]);
}

/** Tubes for which any of these people still waits for an answer. */
export async function undecidedTubesOf(tx: Tx, personIds: readonly number[]): Promise<number[]> {
  const rows = await tx.sql.many<{ tube_id: number }>(
    `select distinct tube_id from hold
     where person_id = any($1::bigint[]) and lifted_at is null and outcome is null order by tube_id`,
    [personIds],
  );
  return rows.map((row) => row.tube_id);
}

/** Notes a single tube's result on the hold it was taken for. */
export async function recordRecheck(
  tx: Tx,
  input: {
    tubeId: number;
    personId: number;
    recheckTubeId: number;
    result: string;
    sampledAt: string;
    at: string;
    outcome: "negative" | "positive" | null;
  },
): Promise<void> {
  await tx.sql.run(
    `update hold set recheck_tube_id = $3, recheck_result = $4, recheck_at = $5, recheck_sampled_at = $7,
       negatives = negatives + case when $4 = 'negative' then 1 else 0 end, outcome = coalesce(outcome, $6)
     where tube_id = $1 and person_id = $2 and lifted_at is null`,
    [input.tubeId, input.personId, input.recheckTubeId, input.result, input.at, input.outcome, input.sampledAt],
  );
  await tx.sql.run("update positive_tube set first_recheck_at = coalesce(first_recheck_at, $2) where tube_id = $1", [
    input.tubeId,
    input.at,
  ]);
}

/** The open holds of a person for tubes taken before a moment, as tube ids. */
export async function holdsTakenBefore(tx: Tx, personId: number, at: string): Promise<number[]> {
  const rows = await tx.sql.many<{ tube_id: number }>(
    `select tube_id from hold where person_id = $1 and lifted_at is null and outcome is null and sampled_at <= $2 order by tube_id`,
    [personId, at],
  );
  return rows.map((row) => row.tube_id);
}

/** Which of these people a single tube taken at or after a moment has cleared. */
export async function clearedSince(tx: Tx, personIds: readonly number[], at: string): Promise<Set<number>> {
  const rows = await tx.sql.many<{ person_id: number }>(
    `select distinct person_id from hold
     where person_id = any($1::bigint[]) and outcome = 'negative' and recheck_result = 'negative' and recheck_sampled_at >= $2`,
    [personIds, at],
  );
  return new Set(rows.map((row) => row.person_id));
}

/** A person proved infected is not waited for in any tube. */
export async function markPositive(tx: Tx, personIds: readonly number[]): Promise<void> {
  await tx.sql.run(
    "update hold set outcome = 'positive' where person_id = any($1::bigint[]) and lifted_at is null and outcome is null",
    [personIds],
  );
}

/** Ends every hold of a tube; members without an answer of their own were cleared by the tube itself. */
export async function liftHolds(tx: Tx, tubeId: number, state: "cleared" | "confirmed"): Promise<void> {
  await tx.sql.run(
    "update hold set lifted_at = $2, outcome = coalesce(outcome, 'negative') where tube_id = $1 and lifted_at is null",
    [tubeId, tx.now],
  );
  await tx.sql.run("update positive_tube set state = $2, settled_at = $3 where tube_id = $1 and state = 'open'", [
    tubeId,
    state,
    tx.now,
  ]);
}

/** Which of these people are held now. */
export async function heldAmong(tx: Tx, personIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx.sql.many<{ person_id: number }>(
    "select distinct person_id from hold where person_id = any($1::bigint[]) and lifted_at is null",
    [personIds],
  );
  return new Set(rows.map((row) => row.person_id));
}

const rowColumns = `t.tube_id as id, t.barcode, t.area_code as "areaCode", null::text as "areaName", t.round_id as "roundId", t.kind,
  t.purpose, t.cause, t.state, t.cause as result, t.size, t.ct_n as "ctN", t.ct_orf as "ctOrf", t.collected_at as "collectedAt",
  t.resulted_at as "resultedAt", t.held_at as "heldAt", t.recheck_due_at as "recheckDueAt", t.settled_at as "settledAt",
  (select count(*)::int from hold h where h.tube_id = t.tube_id and h.lifted_at is null) as held,
  (select count(*)::int from hold h where h.tube_id = t.tube_id and h.outcome is not null) as rechecked`;

/** Only what the index by area holds as well. */
const tubeSorts: SortTable<PositiveTubeRow, "resulted"> = {
  keys: { resulted: { sql: "t.resulted_at", type: "timestamptz", of: (row) => row.resultedAt } },
  tie: { sql: "t.tube_id", type: "bigint", of: (row) => row.id },
};

export async function pageTubes(tx: Tx, query: PositiveTubeQuery): Promise<Page<PositiveTubeRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, tubeSorts, "-resulted", area);
  const rows = await tx.sql.many<PositiveTubeRow>(
    `select ${rowColumns} from positive_tube t
     where t.area_code >= $1 and t.area_code < $2 and ($3::text is null or t.state = $3)
       and ${sort.after(5)}
     order by ${sort.order} limit $4`,
    [lo, hi, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export async function tubeRow(tx: Tx, tubeId: number): Promise<PositiveTubeRow | undefined> {
  return tx.sql.maybe(`select ${rowColumns} from positive_tube t where t.tube_id = $1`, [tubeId]);
}

/** The members of a tube with their re-checks; those who live outside the reader's area are not shown. */
export async function tubeMembers(tx: Tx, tubeId: number): Promise<HeldMember[]> {
  return tx.sql.many(
    `select h.person_id as "personId", null::text as "personName", h.area_code as "areaCode", null::text as "areaName",
       h.placed_at as "placedAt", h.lifted_at as "liftedAt", h.outcome, h.recheck_tube_id as "recheckTubeId",
       h.recheck_result as "recheckResult", h.recheck_at as "recheckAt", c.id as "caseId"
     from hold h left join case_record c
       on c.outbreak_id = h.outbreak_id and c.person_id = h.person_id and c.state <> 'excluded'
     where h.tube_id = $1 order by h.person_id`,
    [tubeId],
  );
}
