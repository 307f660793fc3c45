import { areaRange } from "#kernel/area";
import type { Precondition } from "#domain/outbreaks";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { PhaseCriterion } from "./board.model.ts";
import type { NewStep, ReopeningQuery, StoredStep } from "./reopening.model.ts";

const stepColumns = `id, area_code as "areaCode", code, batch, kind, name, planned_at as "plannedAt", preconditions, state,
  reopened_at as "reopenedAt", reopened_by as "reopenedBy", met, suspended_at as "suspendedAt", reason, find_at as "findAt"`;

export interface PlannedStep extends Omit<NewStep, "preconditions"> {
  readonly preconditions: readonly Precondition[];
}

export interface PlannedCounts {
  readonly added: number;
  readonly changed: number;
}

/** Adds steps and changes those still planned, by their codes; a step that was opened once keeps its plan. */
export async function upsertSteps(tx: Tx, outbreakId: string, steps: readonly PlannedStep[]): Promise<PlannedCounts> {
  return tx.sql.one(
    `with written as (
       insert into reopening_step (id, outbreak_id, area_code, code, batch, kind, name, planned_at, preconditions, state)
       select id, $2, area_code, code, batch, kind, name, planned_at, preconditions, 'planned'
       from unnest($1::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::jsonb[], $8::timestamptz[], $9::jsonb[])
         as new (id, area_code, code, batch, kind, name, planned_at, preconditions)
       on conflict (outbreak_id, code) do update set area_code = excluded.area_code, batch = excluded.batch, kind = excluded.kind,
         name = excluded.name, planned_at = excluded.planned_at, preconditions = excluded.preconditions
       where reopening_step.state = 'planned' returning (xmax = 0) as added
     )
     select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written`,
    [
      steps.map(() => tx.newId()),
      outbreakId,
      steps.map((row) => row.areaCode),
      steps.map((row) => row.code),
      steps.map((row) => row.batch),
      steps.map((row) => row.kind),
      steps.map((row) => JSON.stringify(row.name)),
      steps.map((row) => row.plannedAt),
      steps.map((row) => JSON.stringify(row.preconditions)),
    ],
  );
}

/** Counts the batches anew, for readers who see only a part of the plan. */
export async function refreshBatches(tx: Tx, outbreakId: string): Promise<void> {
  await tx.sql.run("delete from reopening_batch where outbreak_id = $1", [outbreakId]);
  await tx.sql.run(
    `insert into reopening_batch (outbreak_id, batch, steps, reopened)
     select outbreak_id, batch, count(*), count(*) filter (where state = 'reopened') from reopening_step
     where outbreak_id = $1 group by 1, 2`,
    [outbreakId],
  );
}

export interface Batch {
  readonly batch: number;
  readonly steps: number;
  readonly reopened: number;
}

export async function batchesOf(tx: Tx, outbreakId: string): Promise<Batch[]> {
  return tx.sql.many("select batch, steps, reopened from reopening_batch where outbreak_id = $1 order by batch", [
    outbreakId,
  ]);
}

export async function lockStep(tx: Tx, id: string): Promise<StoredStep | undefined> {
  return tx.sql.maybe(`select ${stepColumns} from reopening_step where id = $1 for update`, [id]);
}

/** Steps of an area by the moment they are planned for, the earliest first. */
export async function pageSteps(tx: Tx, outbreakId: string, query: ReopeningQuery): Promise<Page<StoredStep>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<StoredStep>(
    `select ${stepColumns} from reopening_step
     where outbreak_id = $1 and area_code >= $2 and area_code < $3 and ($4::text is null or state = $4)
       and ($5::timestamptz is null or (planned_at, id) > ($5::timestamptz, $6::uuid))
     order by planned_at, id limit $7`,
    [outbreakId, lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.plannedAt, row.id]);
}

export async function updateReopened(tx: Tx, id: string, met: readonly PhaseCriterion[]): Promise<void> {
  await tx.sql.run(
    `update reopening_step set state = 'reopened', reopened_at = $2, reopened_by = $3, met = $4::jsonb, suspended_at = null,
       suspended_by = null, reason = null where id = $1`,
    [id, tx.now, tx.actor.id, JSON.stringify(met)],
  );
}

export async function updateSuspended(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql.run(
    `update reopening_step set state = 'suspended', suspended_at = $2, suspended_by = $3, reason = $4, find_at = null where id = $1`,
    [id, tx.now, tx.actor.id, reason],
  );
}

export async function updateKept(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql.run("update reopening_step set find_at = null, reason = $2 where id = $1", [id, reason]);
}

/** Marks the open steps whose area holds a place where somebody was found; those marked before are left out. */
export async function markFind(
  tx: Tx,
  outbreakId: string,
  areaCode: string,
  at: Instant,
): Promise<{ readonly id: string; readonly areaCode: string; readonly code: string }[]> {
  return tx.sql.many(
    `update reopening_step set find_at = $3 where outbreak_id = $1 and state = 'reopened' and find_at is null
       and starts_with($2, area_code) returning id, area_code as "areaCode", code`,
    [outbreakId, areaCode, at],
  );
}
