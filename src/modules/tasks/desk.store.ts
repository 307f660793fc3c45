import type { Tx } from "#platform/context";

/** An open task of a record, as the record's page shows it. */
export interface OpenTask {
  readonly id: string;
  readonly kind: string;
  readonly ownerTeam: string;
  readonly areaCode: string;
  readonly state: string;
  readonly dueAt: string;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The open tasks of some records, due first; a task is a record too and stands among its own. */
export async function openTasksOn(
  tx: Tx,
  subjects: readonly { readonly type: string; readonly id: string }[],
  limit: number,
): Promise<OpenTask[]> {
  const taskIds = subjects.filter(({ type, id }) => type === "task" && uuid.test(id)).map((task) => task.id);
  return tx.sql.many<OpenTask>(
    `select id, kind, owner_team as "ownerTeam", area_code as "areaCode", state, due_at as "dueAt" from task
     where state in ('open', 'started', 'submitted')
       and ((subject_type, subject_id) in (select * from unnest($1::text[], $2::text[])) or id = any($3::uuid[]))
     order by due_at, id limit $4`,
    [subjects.map(({ type }) => type), subjects.map(({ id }) => id), taskIds, limit],
  );
}

/** Where a list of notices goes on: the moment and the mark of the last one shown. */
export interface NoticeKey {
  readonly at: string;
  readonly id: string;
}

/** A task as it calls for attention: the latest of having come in, being due soon, being late, being carried up. */
export interface TaskNotice {
  readonly id: string;
  readonly at: string;
  readonly stage: "new" | "soon" | "late" | "escalated";
  readonly taskId: string;
  readonly kind: string;
  readonly areaCode: string;
  readonly dueAt: string;
  readonly subjectType: string;
  readonly subjectId: string;
}

/** Whose tasks, in which window, and where the list goes on. */
export interface TaskNoticeQuery {
  readonly teams: readonly string[];
  /** Tasks carried up to this area, or null for somebody who does not watch over others. */
  readonly escalatedTo: string | null;
  readonly since: string;
  readonly soonMinutes: number;
  readonly before: NoticeKey | null;
  readonly limit: number;
}

/** Open tasks of some teams, and those carried up to an area, as notices, latest first. */
export async function taskNotices(tx: Tx, query: TaskNoticeQuery): Promise<TaskNotice[]> {
  return tx.sql.many<TaskNotice>(
    `with own as (
       select task.*, case when due_at <= $3 then 'late' when due_at - make_interval(mins => $4) <= $3 then 'soon' else 'new' end as stage
       from task where state in ('open', 'started', 'submitted') and owner_team = any($1::text[]) and due_at > $2
     ), carried as (
       select task.*, 'escalated' as stage from task
       where escalated_to = $5 and state in ('open', 'started', 'submitted') and escalated_at > $2
     ), staged as (
       select *, case stage when 'late' then due_at
         when 'soon' then greatest(created_at, due_at - make_interval(mins => $4)) else created_at end as came_at
       from own where not exists (select from carried where carried.id = own.id)
       union all select *, escalated_at from carried
     ), marked as (select *, 'task:' || id || ':' || stage as mark from staged)
     select mark as id, came_at as at, stage, id as "taskId", kind, area_code as "areaCode", due_at as "dueAt",
       subject_type as "subjectType", subject_id as "subjectId"
     from marked where came_at > $2 and came_at <= $3 and ($6::timestamptz is null or (came_at, mark) < ($6::timestamptz, $7::text))
     order by came_at desc, mark desc limit $8`,
    [
      query.teams,
      query.since,
      tx.now,
      query.soonMinutes,
      query.escalatedTo,
      query.before?.at ?? null,
      query.before?.id ?? null,
      query.limit,
    ],
  );
}

/** A task of some teams that was sent back or opened again. */
export interface SentBack {
  readonly id: string;
  readonly at: string;
  readonly areaCode: string;
  readonly taskId: string;
  readonly taskKind: string;
  readonly dueAt: string;
  readonly subjectType: string;
  readonly subjectId: string;
}

/** Work of some teams that came back to them, latest first. */
export async function sentBackNotices(
  tx: Tx,
  query: Pick<TaskNoticeQuery, "teams" | "since" | "before" | "limit">,
): Promise<SentBack[]> {
  return tx.sql.many<SentBack>(
    `select * from (
       select 'event:' || e.id as id, e.at, task.area_code as "areaCode", task.id as "taskId", task.kind as "taskKind", task.due_at as "dueAt",
         task.subject_type as "subjectType", task.subject_id as "subjectId"
       from event e join task on task.id = e.subject_id::uuid
       where e.name in ('tasks.sendBack', 'tasks.reopen') and e.at > $2 and task.owner_team = any($1::text[])
     ) back
     where $3::timestamptz is null or (at, id) < ($3::timestamptz, $4::text)
     order by at desc, id desc limit $5`,
    [query.teams, query.since, query.before?.at ?? null, query.before?.id ?? null, query.limit],
  );
}

/** Open tasks of some kinds, due first. */
export async function openTasksOfKinds(tx: Tx, kinds: readonly string[], limit: number): Promise<OpenTask[]> {
  return tx.sql.many<OpenTask>(
    `select id, kind, owner_team as "ownerTeam", area_code as "areaCode", state, due_at as "dueAt" from task
     where state in ('open', 'started', 'submitted') and kind = any($1::text[]) order by due_at, id limit $2`,
    [kinds, limit],
  );
}
