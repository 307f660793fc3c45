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
