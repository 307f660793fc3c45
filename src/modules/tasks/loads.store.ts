import type { Tx } from "#platform/context";
import type { NewTask } from "./tasks.model.ts";

/** An invented task, open or closed. */
export interface BulkTask extends Omit<NewTask, "outbreakId" | "params" | "needsSecondCheck"> {
  readonly id: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
}

/** Stores many tasks in one statement; those with a time of closing are closed. Trusts its caller; it tells nobody. */
export async function createTasksBulk(tx: Tx, outbreakId: string, rows: readonly BulkTask[]): Promise<void> {
  await tx.sql.run(
    `insert into task (id, outbreak_id, kind, area_code, owner_team, subject_type, subject_id, state, needs_second_check, due_at, created_at,
       closed_at, closed_by)
     select id, $2, kind, "areaCode", "ownerTeam", "subjectType", "subjectId", case when "closedAt" is null then 'open' else 'closed' end,
       false, "dueAt", "createdAt", "closedAt", case when "closedAt" is null then null else $3 end
     from jsonb_to_recordset($1::jsonb) as new (id uuid, kind text, "areaCode" text, "ownerTeam" text, "subjectType" text, "subjectId" text,
       "dueAt" timestamptz, "createdAt" timestamptz, "closedAt" timestamptz)`,
    [JSON.stringify(rows), outbreakId, tx.actor.id],
  );
}
