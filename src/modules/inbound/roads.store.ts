import { areaRange } from "#kernel/area";
import type { GivenPosition } from "#domain/areas";
import type { PassOutcome } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type {
  CheckpointQuery,
  Checkpoint,
  Escort,
  EscortQuery,
  NewShift,
  OpenCheckpoint,
  Pass,
  PassQuery,
  PassReason,
} from "./control.model.ts";
import type { ArrivalLevel } from "./inbound.model.ts";

/** SQL of checkpoints, passes and escorts. */

const checkpointColumns = `c.id, c.area_code as "areaCode", c.code, c.name, c.road, c.kind, c.lat, c.lon, c.state, c.opened_at as "openedAt",
  (select s.lead from inbound_shift s where s.checkpoint_id = c.id and s.starts_at <= $1 and s.ends_at > $1
   order by s.starts_at desc limit 1) as lead`;

/** Stores a checkpoint; false when its code is taken. */
export async function insertCheckpoint(tx: Tx, id: string, of: OpenCheckpoint): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into inbound_checkpoint (id, area_code, code, name, road, kind, lat, lon, state, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9) on conflict (code) do nothing`,
    [id, of.areaCode, of.code, of.name, of.road, of.kind, of.lat ?? null, of.lon ?? null, tx.now],
  );
  return stored === 1;
}

export async function placeCheckpoint(tx: Tx, id: string, { lat, lon }: GivenPosition): Promise<void> {
  await tx.sql.run("update inbound_checkpoint set lat = $2, lon = $3 where id = $1", [id, lat ?? null, lon ?? null]);
}

/** The checkpoint of a code; undefined also where it lies outside the reader's area. */
export async function checkpointByCode(tx: Tx, code: string): Promise<{ readonly id: string } | undefined> {
  return tx.sql.maybe<{ id: string }>("select id from inbound_checkpoint where code = $1", [code]);
}

export async function findCheckpoint(tx: Tx, id: string): Promise<Checkpoint | undefined> {
  return tx.sql.maybe<Checkpoint>(`select ${checkpointColumns} from inbound_checkpoint c where c.id = $2`, [
    tx.now,
    id,
  ]);
}

export async function setCheckpoint(tx: Tx, id: string, state: Checkpoint["state"]): Promise<void> {
  await tx.sql.run("update inbound_checkpoint set state = $2 where id = $1", [id, state]);
}

/** A city has hundreds of checkpoints, so that sorting them needs no index. */
const checkpointSorts: SortTable<Checkpoint, "area" | "name" | "opened"> = {
  keys: {
    area: { sql: "c.area_code", type: "text", of: (row) => row.areaCode },
    name: { sql: "c.name", type: "text", of: (row) => row.name },
    opened: { sql: "c.opened_at", type: "timestamptz", of: (row) => row.openedAt },
  },
  tie: { sql: "c.code", type: "text", of: (row) => row.code },
};

export async function pageCheckpoints(tx: Tx, query: CheckpointQuery): Promise<Page<Checkpoint>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, checkpointSorts, "area", area);
  const rows = await tx.sql.many<Checkpoint>(
    `select ${checkpointColumns} from inbound_checkpoint c
     where c.area_code >= $2 and c.area_code < $3 and ${sort.after(5)}
     order by ${sort.order} limit $4`,
    [tx.now, lo, hi, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** Stores a shift; the same beginning is the same shift. */
export async function upsertShift(tx: Tx, checkpoint: Checkpoint, shift: NewShift): Promise<void> {
  await tx.sql.run(
    `insert into inbound_shift (checkpoint_id, area_code, starts_at, ends_at, lead, staff) values ($1, $2, $3, $4, $5, $6)
     on conflict (checkpoint_id, starts_at) do update set ends_at = excluded.ends_at, lead = excluded.lead, staff = excluded.staff`,
    [checkpoint.id, checkpoint.areaCode, shift.startsAt, shift.endsAt, shift.lead, shift.staff],
  );
}

export interface NewPass {
  readonly id: string;
  readonly at: string;
  readonly kind: Pass["kind"];
  readonly outcome: PassOutcome;
  readonly reason: PassReason;
  readonly level: ArrivalLevel;
  readonly declarationId: string | null;
  readonly temperature: number | null;
  readonly plate: string | null;
  readonly disinfected: boolean;
}

export async function insertPasses(tx: Tx, checkpoint: Checkpoint, rows: readonly NewPass[]): Promise<void> {
  await tx.sql.run(
    `insert into inbound_pass (id, checkpoint_id, area_code, at, kind, outcome, reason, level, declaration_id, temperature, plate, disinfected)
     select id, $1, $2, at, kind, outcome, reason, level, declaration_id, temperature, plate, disinfected
     from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::numeric[], $11::text[], $12::boolean[])
       as n (id, at, kind, outcome, reason, level, declaration_id, temperature, plate, disinfected)`,
    [
      checkpoint.id,
      checkpoint.areaCode,
      rows.map((row) => row.id),
      rows.map((row) => row.at),
      rows.map((row) => row.kind),
      rows.map((row) => row.outcome),
      rows.map((row) => row.reason),
      rows.map((row) => row.level),
      rows.map((row) => row.declarationId),
      rows.map((row) => row.temperature),
      rows.map((row) => row.plate),
      rows.map((row) => row.disinfected),
    ],
  );
}

export async function pagePasses(tx: Tx, query: PassQuery): Promise<Page<Pass>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Pass>(
    `select id, checkpoint_id as "checkpointId", area_code as "areaCode", at, kind, outcome, reason, level,
       temperature::float8 as temperature, disinfected
     from inbound_pass where area_code >= $1 and area_code < $2 and ($3::text is null or outcome = $3)
       and ($4::timestamptz is null or (at, id) < ($4::timestamptz, $5::uuid))
     order by at desc, id desc limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.at, row.id]);
}

const escortColumns = `id, area_code as "areaCode", declaration_id as "declarationId", reason, place, vehicle, state,
  due_at as "dueAt", met_at as "metAt", delivered_at as "deliveredAt",
  coalesce(coalesce(delivered_at, case when state in ('planned', 'met') then $1::timestamptz end) > due_at, false) as late`;

export interface NewEscort {
  readonly id: string;
  readonly areaCode: string;
  readonly declarationId: string | null;
  readonly personId: number | null;
  readonly reason: Escort["reason"];
  readonly place: string;
  readonly dueAt: string;
}

/** Stores escorts; a declaration is met once. Returns the ids of those that are new. */
export async function insertEscorts(tx: Tx, outbreakId: string, rows: readonly NewEscort[]): Promise<Set<string>> {
  const stored = await tx.sql.many<{ id: string }>(
    `insert into inbound_escort (id, outbreak_id, area_code, declaration_id, person_id, reason, place, state, planned_at, due_at)
     select id, $1, area_code, declaration_id, person_id, reason, place, 'planned', $2, due_at
     from unnest($3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::timestamptz[])
       as n (id, area_code, declaration_id, person_id, reason, place, due_at)
     on conflict (declaration_id) where state <> 'cancelled' do nothing returning id`,
    [
      outbreakId,
      tx.now,
      rows.map((row) => row.id),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.declarationId),
      rows.map((row) => row.personId),
      rows.map((row) => row.reason),
      rows.map((row) => row.place),
      rows.map((row) => row.dueAt),
    ],
  );
  return new Set(stored.map((row) => row.id));
}

export async function lockEscorts(tx: Tx, ids: readonly string[]): Promise<Escort[]> {
  return tx.sql.many<Escort>(
    `select ${escortColumns} from inbound_escort where id = any($2::uuid[]) order by due_at, id for update`,
    [tx.now, ids],
  );
}

export async function setMet(tx: Tx, ids: readonly string[], vehicle: string): Promise<void> {
  await tx.sql.run("update inbound_escort set state = 'met', met_at = $2, vehicle = $3 where id = any($1::uuid[])", [
    ids,
    tx.now,
    vehicle,
  ]);
}

export async function setDelivered(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run("update inbound_escort set state = 'delivered', delivered_at = $2 where id = any($1::uuid[])", [
    ids,
    tx.now,
  ]);
}

export async function pageEscorts(tx: Tx, query: EscortQuery): Promise<Page<Escort>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Escort>(
    `select ${escortColumns} from inbound_escort
     where area_code >= $2 and area_code < $3 and ($4::text is null or state = $4)
       and ($5::timestamptz is null or (due_at, id::text) > ($5::timestamptz, $6))
     order by due_at, id::text limit $7`,
    [tx.now, lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}
