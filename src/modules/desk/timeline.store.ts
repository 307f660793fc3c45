import type { Tx } from "#platform/context";
import type { Subject } from "./desk.rules.ts";

/** One event of a record as it is stored. */
export interface EventRow {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly areaCode: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly actorId: string;
  readonly cause: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The latest events of some records before a moment; the fence hides those of other areas. */
export async function eventsOf(
  tx: Tx,
  subjects: readonly Subject[],
  before: readonly [string, string] | null,
  limit: number,
): Promise<EventRow[]> {
  return tx.sql.many<EventRow>(
    `select e.id, e.at, e.name, e.area_code as "areaCode", e.subject_type as "subjectType", e.subject_id as "subjectId",
       e.actor_id as "actorId", c.name as cause, e.data
     from unnest($1::text[], $2::text[]) as asked (type, id)
     cross join lateral (
       select * from event where subject_type = asked.type and subject_id = asked.id
         and ($3::timestamptz is null or (at, id) < ($3::timestamptz, $4::uuid))
       order by at desc, id desc limit $5
     ) e
     left join event c on c.id = e.cause
     order by e.at desc, e.id desc limit $5`,
    [subjects.map(({ type }) => type), subjects.map(({ id }) => id), before?.[0] ?? null, before?.[1] ?? null, limit],
  );
}
