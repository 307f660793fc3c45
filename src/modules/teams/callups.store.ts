import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { AnswerCallUp, CallUpQuery, CallUpRow, CallUpScope } from "./duty.model.ts";
import { callable } from "./teams.rules.ts";

/** The head of a call-up. */
export interface CallUpHead {
  readonly id: string;
  readonly areaCode: string;
  readonly outbreakId: string;
  readonly calledAt: string;
  readonly answerBy: string;
  readonly stoodDownAt: string | null;
}

const headColumns = `id, area_code as "areaCode", outbreak_id as "outbreakId", called_at as "calledAt",
  answer_by as "answerBy", stood_down_at as "stoodDownAt"`;

/** Stores the call-up and calls everybody it reaches by one statement, which keeps the counts of each area as well. */
export async function callEverybody(
  tx: Tx,
  callUp: CallUpScope & { readonly id: string; readonly outbreakId: string; readonly answerBy: string },
): Promise<{ countyCode: string; called: number }[]> {
  const { lo, hi } = areaRange(callUp.areaCode);
  await tx.sql.run(
    `insert into team_call_up (id, area_code, outbreak_id, kinds, team_kinds, skills, reason, called_at, called_by, answer_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      callUp.id,
      callUp.areaCode,
      callUp.outbreakId,
      callUp.kinds ?? [],
      callUp.teamKinds ?? [],
      callUp.skills ?? [],
      callUp.reason,
      tx.now,
      tx.actor.id,
      callUp.answerBy,
    ],
  );
  return tx.sql.many(
    `with called as (
       update team_member m set state = 'calledUp', call_up_id = $1, answered_at = null, absent_reason = null
       where m.area_code >= $2 and m.area_code < $3 and m.state = any($4::text[])
         and ($5::text[] = '{}' or m.kind = any($5)) and ($6::text[] = '{}' or m.skills && $6)
         and ($7::text[] = '{}' or m.team_id in (select t.id from team t where t.kind = any($7)))
       returning m.area_code),
     counted as (
       insert into team_call_up_count (call_up_id, area_code, called)
       select $1, area_code, count(*) from called group by 2 returning area_code, called)
     select left(area_code, 6) as "countyCode", sum(called)::int as called from counted group by 1 order by 1`,
    [callUp.id, lo, hi, callable, callUp.kinds ?? [], callUp.skills ?? [], callUp.teamKinds ?? []],
  );
}

export async function callUpHead(tx: Tx, id: string): Promise<CallUpHead | undefined> {
  return tx.sql.maybe<CallUpHead>(`select ${headColumns} from team_call_up where id = $1`, [id]);
}

/** One answer as it was stored, with whether it came in time. */
export interface StoredAnswer {
  readonly callUpId: string;
  readonly code: string;
  readonly areaCode: string;
  readonly coming: boolean;
  readonly late: boolean;
}

/** Stores answers of those who wait for one, and adds them to the counts of their areas. */
export async function storeAnswers(tx: Tx, answers: AnswerCallUp["answers"]): Promise<StoredAnswer[]> {
  const rows = await tx.sql.many<StoredAnswer>(
    `update team_member m set state = case when a.coming then 'active' else 'absent' end, answered_at = $1,
       absent_reason = case when a.coming then null else a.reason end
     from unnest($2::text[], $3::boolean[], $4::text[]) as a (code, coming, reason), team_call_up c
     where m.code = a.code and m.state = 'calledUp' and c.id = m.call_up_id
     returning m.call_up_id as "callUpId", m.code, m.area_code as "areaCode", a.coming, $1 > c.answer_by as late`,
    [
      tx.now,
      answers.map((answer) => answer.memberCode),
      answers.map((answer) => answer.coming),
      answers.map((answer) => answer.reason ?? ""),
    ],
  );
  await tx.sql.run(
    `update team_call_up_count k set answered = k.answered + d.answered, absent = k.absent + d.absent, late = k.late + d.late
     from (select call_up_id, area_code, count(*) filter (where coming) as answered, count(*) filter (where not coming) as absent,
         count(*) filter (where late) as late
       from unnest($1::uuid[], $2::text[], $3::boolean[], $4::boolean[]) as x (call_up_id, area_code, coming, late)
       group by 1, 2) d
     where k.call_up_id = d.call_up_id and k.area_code = d.area_code`,
    [
      rows.map((row) => row.callUpId),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.coming),
      rows.map((row) => row.late),
    ],
  );
  return rows;
}

/** How many of a call-up in an area have not answered yet. */
export async function waitingIn(tx: Tx, callUpId: string, areaCode: string): Promise<number> {
  const { lo, hi } = areaRange(areaCode);
  const { n } = await tx.sql.one<{ n: number }>(
    `select coalesce(sum(called - answered - absent - unanswered), 0)::int as n from team_call_up_count
     where call_up_id = $1 and area_code >= $2 and area_code < $3`,
    [callUpId, lo, hi],
  );
  return n;
}

/** Ends a call-up: everybody of it but those on duty stands down; those who never answered are counted as such. */
export async function standEverybodyDown(tx: Tx, id: string, reason: string): Promise<number> {
  await tx.sql.run(
    `update team_call_up set stood_down_at = $2, stood_down_by = $3, stand_down_reason = $4 where id = $1`,
    [id, tx.now, tx.actor.id, reason],
  );
  await tx.sql.run(`update team_call_up_count set unanswered = called - answered - absent where call_up_id = $1`, [id]);
  return tx.sql.run(
    `update team_member set state = 'stoodDown' where call_up_id = $1 and state in ('calledUp', 'active', 'absent')`,
    [id],
  );
}

/** The counties in which a call-up has people. */
export async function countiesOf(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.sql.many<{ code: string }>(
    `select distinct left(area_code, 6) as code from team_call_up_count where call_up_id = $1 order by 1`,
    [id],
  );
  return rows.map((row) => row.code);
}

/** Call-ups that the reader's area made or is reached by, the latest first, with the counts of the reader's part. */
export async function pageCallUps(tx: Tx, query: CallUpQuery): Promise<Page<CallUpRow>> {
  const limit = pageSize(query.limit);
  const areaCode = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(areaCode);
  const key = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<CallUpRow>(
    `select c.id, c.area_code as "areaCode", c.reason, case when c.stood_down_at is null then 'running' else 'stoodDown' end as state,
       c.called_at as "calledAt", c.answer_by as "answerBy", c.stood_down_at as "stoodDownAt", k.*,
       (k.unanswered > 0 and c.answer_by < $7) as overdue
     from team_call_up c, lateral (
       select coalesce(sum(called), 0)::int as called, coalesce(sum(answered), 0)::int as answered,
         coalesce(sum(absent), 0)::int as absent, coalesce(sum(late), 0)::int as late,
         coalesce(sum(called - answered - absent), 0)::int as unanswered
       from team_call_up_count where call_up_id = c.id and area_code >= $1 and area_code < $2) k
     where ((c.area_code >= $1 and c.area_code < $2) or starts_with($3, c.area_code))
       and ($4::timestamptz is null or (c.called_at, c.id) < ($4::timestamptz, $5::uuid))
     order by c.called_at desc, c.id desc limit $6`,
    [lo, hi, areaCode, key?.[0] ?? null, key?.[1] ?? null, limit + 1, tx.now],
  );
  return pageOf(rows, limit, (row) => [row.calledAt, row.id]);
}
