import type { NoticeKey } from "#modules/tasks";
import type { Tx } from "#platform/context";

/** An event that may be a notice. */
export interface EventNotice {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly areaCode: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly level: string | null;
}

/** Events of some names within the reader's area, latest first. */
export async function eventNotices(
  tx: Tx,
  names: readonly string[],
  since: string,
  before: NoticeKey | null,
  limit: number,
): Promise<EventNotice[]> {
  return tx.sql.many<EventNotice>(
    `select * from (
       select 'event:' || id as id, at, name, area_code as "areaCode", subject_type as "subjectType", subject_id as "subjectId",
         coalesce(data ->> 'to', data ->> 'level') as level
       from event where name = any($1::text[]) and at > $2
     ) told
     where $3::timestamptz is null or (at, id) < ($3::timestamptz, $4::text)
     order by at desc, id desc limit $5`,
    [names, since, before?.at ?? null, before?.id ?? null, limit],
  );
}

/** Up to when an account has read everything, or null. */
export async function seenUntil(tx: Tx): Promise<string | null> {
  const row = await tx.sql.maybe<{ until: string }>(
    "select seen_until as until from notice_seen where account_id = $1",
    [tx.actor.id],
  );
  return row?.until ?? null;
}

/** Which of these notices an account has read one by one. */
export async function readAmong(tx: Tx, notices: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql.many<{ notice: string }>(
    "select notice from notice_read where account_id = $1 and notice = any($2::text[])",
    [tx.actor.id, notices],
  );
  return new Set(rows.map(({ notice }) => notice));
}

/** Notes that everything up to a moment is read; it never goes back. */
export async function keepSeen(tx: Tx, until: string): Promise<void> {
  await tx.sql.run(
    `insert into notice_seen (account_id, seen_until) values ($1, $2)
     on conflict (account_id) do update set seen_until = greatest(notice_seen.seen_until, excluded.seen_until)`,
    [tx.actor.id, until],
  );
}

/** Notes single notices as read, and forgets marks too old to matter. */
export async function keepRead(tx: Tx, notices: readonly string[], forgetBefore: string): Promise<void> {
  await tx.sql.run("delete from notice_read where account_id = $1 and read_at < $2", [tx.actor.id, forgetBefore]);
  await tx.sql.run(
    `insert into notice_read (account_id, notice, read_at) select $1, notice, $3 from unnest($2::text[]) as new (notice)
     on conflict do nothing`,
    [tx.actor.id, notices, tx.now],
  );
}
