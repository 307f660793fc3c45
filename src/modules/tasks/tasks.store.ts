import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { NewTask, OverdueRow, Task, TaskDetail, TaskQuery, TaskState, TaskSubject } from "./tasks.model.ts";

const taskColumns = `id, kind, area_code as "areaCode", owner_team as "ownerTeam", owner_account as "ownerAccount",
  subject_type as "subjectType", subject_id as "subjectId", params, state, needs_second_check as "needsSecondCheck",
  due_at as "dueAt", created_at as "createdAt", submitted_at as "submittedAt", submitted_by as "submittedBy",
  closed_at as "closedAt", escalated_level as "escalatedLevel", escalated_to as "escalatedTo",
  reopened_count as "reopenedCount"`;
const openStates = "('open', 'started', 'submitted')";

export async function insertTasks(tx: Tx, tasks: readonly NewTask[]): Promise<string[]> {
  const ids = tasks.map(() => tx.newId());
  await tx.sql.run(
    `insert into task (id, outbreak_id, kind, area_code, owner_team, subject_type, subject_id, params, state,
       needs_second_check, due_at, created_at, cause_event)
     select id, outbreak_id, kind, area_code, owner_team, subject_type, subject_id, params, 'open', second_check, due_at, $10, $11
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::timestamptz[], $12::boolean[])
       as new (id, outbreak_id, kind, area_code, owner_team, subject_type, subject_id, params, due_at, second_check)`,
    [
      ids,
      tasks.map((t) => t.outbreakId),
      tasks.map((t) => t.kind),
      tasks.map((t) => t.areaCode),
      tasks.map((t) => t.ownerTeam),
      tasks.map((t) => t.subjectType),
      tasks.map((t) => t.subjectId),
      tasks.map((t) => JSON.stringify(t.params ?? {})),
      tasks.map((t) => t.dueAt),
      tx.now,
      tx.cause ?? null,
      tasks.map((t) => t.needsSecondCheck ?? false),
    ],
  );
  return ids;
}

export async function closeBySubject(
  tx: Tx,
  subject: TaskSubject,
  state: "closed" | "cancelled",
  evidence: object | null,
): Promise<number> {
  return tx.sql.run(
    `update task set state = $4, closed_at = $5, closed_by = $6, evidence = coalesce($7::jsonb, evidence)
     where subject_type = $1 and subject_id = any($2::text[]) and ($3::text is null or kind = $3) and state in ${openStates}
       and (not needs_second_check or $4 = 'cancelled' or submitted_by is distinct from $6)`,
    [
      subject.subjectType,
      subject.subjectIds,
      subject.kind ?? null,
      state,
      tx.now,
      tx.actor.id,
      evidence === null ? null : JSON.stringify(evidence),
    ],
  );
}

/** Cancels one task nobody has begun; answers the state it is in now. */
export async function cancelUnbegun(tx: Tx, id: string): Promise<TaskState | undefined> {
  await tx.sql.run(
    "update task set state = 'cancelled', closed_at = $2, closed_by = $3 where id = $1 and state = 'open'",
    [id, tx.now, tx.actor.id],
  );
  return (await tx.sql.maybe<{ state: TaskState }>("select state from task where id = $1", [id]))?.state;
}

export async function lockTask(tx: Tx, id: string): Promise<Task | undefined> {
  return tx.sql.maybe<Task>(`select ${taskColumns} from task where id = $1 for update`, [id]);
}

export async function oneTask(tx: Tx, id: string): Promise<TaskDetail | undefined> {
  return tx.sql.maybe<TaskDetail>(
    `select ${taskColumns}, started_at as "startedAt", started_by as "startedBy", closed_by as "closedBy", evidence
     from task where id = $1`,
    [id],
  );
}

export async function taskArea(tx: Tx, id: string): Promise<string | undefined> {
  return (await tx.sql.maybe<{ area_code: string }>("select area_code from task where id = $1", [id]))?.area_code;
}

export interface TaskChange {
  readonly state: TaskState;
  readonly startedBy?: string;
  readonly submittedBy?: string;
  readonly closedBy?: string;
  readonly reopen?: boolean;
  readonly evidence?: object;
  readonly ownerAccount?: string;
}

export async function updateTask(tx: Tx, id: string, change: TaskChange): Promise<void> {
  await tx.sql.run(
    `update task set state = $2,
       started_by = coalesce($3, started_by), started_at = case when $3::text is null then started_at else $9::timestamptz end,
       submitted_by = coalesce($4, submitted_by), submitted_at = case when $4::text is null then submitted_at else $9::timestamptz end,
       closed_by = case when $2 = 'closed' then $5 else null end, closed_at = case when $2 = 'closed' then $9::timestamptz else null end,
       reopened_count = reopened_count + case when $6 then 1 else 0 end,
       evidence = coalesce($7::jsonb, evidence), owner_account = coalesce($8, owner_account)
     where id = $1`,
    [
      id,
      change.state,
      change.startedBy ?? null,
      change.submittedBy ?? null,
      change.closedBy ?? null,
      change.reopen ?? false,
      change.evidence ? JSON.stringify(change.evidence) : null,
      change.ownerAccount ?? null,
      tx.now,
    ],
  );
}

/** Only what the index by area holds as well. */
const taskSorts: SortTable<Task, "due"> = {
  keys: { due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt } },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

export async function pageTasks(tx: Tx, query: TaskQuery): Promise<Page<Task>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, taskSorts, "due", area);
  const rows = await tx.sql.many<Task>(
    `select ${taskColumns} from task
     where area_code >= $1 and area_code < $2
       and ($3::text is null or state = $3) and ($4::text is null or owner_team = $4)
       and (not $5::boolean or (state in ${openStates} and due_at < $6))
       and ${sort.after(8)}
     order by ${sort.order} limit $7`,
    [lo, hi, query.state ?? null, query.team ?? null, query.overdue ?? false, tx.now, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export async function overdueByOwner(tx: Tx, areaCode: string, limit: number): Promise<OverdueRow[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<OverdueRow>(
    `select owner_team as team, coalesce(escalated_to, area_code) as "areaCode", count(*)::int as count, min(due_at) as "oldestDueAt"
     from task where state in ${openStates} and due_at < $3 and area_code >= $1 and area_code < $2
     group by 1, 2 order by count(*) desc, 1, 2 limit $4`,
    [lo, hi, tx.now, limit],
  );
}

/** Open tasks of an area by kind and team. */
export async function openByKind(
  tx: Tx,
  areaCode: string,
): Promise<{ readonly kind: string; readonly team: string; readonly count: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select kind, owner_team as team, count(*)::int as count from task
     where state in ${openStates} and area_code >= $1 and area_code < $2 group by 1, 2 order by 1, 2`,
    [lo, hi],
  );
}

export interface LateTask {
  readonly id: string;
  readonly area_code: string;
  readonly due_at: string;
  readonly escalated_level: number;
  readonly escalated_to: string | null;
}

/** Late tasks whose next escalation step may have come, the longest waiting first. */
export async function lateTasks(tx: Tx, escalatedBefore: string, limit: number): Promise<LateTask[]> {
  return tx.sql.many<LateTask>(
    `select id, area_code, due_at, escalated_level, escalated_to from task
     where state in ${openStates} and due_at < $1 and (escalated_at is null or escalated_at <= $2)
     order by due_at, id limit $3`,
    [tx.now, escalatedBefore, limit],
  );
}

export async function markEscalated(tx: Tx, rows: readonly { id: string; level: number; to: string }[]): Promise<void> {
  await tx.sql.run(
    `update task set escalated_level = up.level, escalated_to = up.to_code, escalated_at = $4
     from unnest($1::uuid[], $2::int[], $3::text[]) as up (id, level, to_code) where task.id = up.id`,
    [rows.map((r) => r.id), rows.map((r) => r.level), rows.map((r) => r.to), tx.now],
  );
}
