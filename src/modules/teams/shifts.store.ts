import { areaRange } from "#kernel/area";
import { epochMs } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { RollCall, ShiftQuery, ShiftRow } from "./duty.model.ts";
import type { MemberState } from "./teams.model.ts";
import type { Span } from "./teams.rules.ts";

export interface NewShift {
  readonly areaCode: string;
  readonly memberId: number;
  readonly needId: string | null;
  readonly targetType: string;
  readonly targetId: string;
  readonly from: string;
  readonly to: string;
}

/** Stores shifts; one that overlaps another of the same member is left out by the database. */
export async function insertShifts(
  tx: Tx,
  shifts: readonly NewShift[],
): Promise<{ needId: string | null; memberId: number }[]> {
  if (shifts.length === 0) return [];
  return tx.sql.many(
    `insert into team_shift (id, area_code, member_id, need_id, target_type, target_id, period, state, planned_at)
     select id, area_code, member_id, need_id, target_type, target_id, tstzrange(from_at, to_at), 'planned', $1
     from unnest($2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
       as s (id, area_code, member_id, need_id, target_type, target_id, from_at, to_at)
     on conflict do nothing returning need_id as "needId", member_id as "memberId"`,
    [
      tx.now,
      shifts.map(() => tx.newId()),
      shifts.map((shift) => shift.areaCode),
      shifts.map((shift) => shift.memberId),
      shifts.map((shift) => shift.needId),
      shifts.map((shift) => shift.targetType),
      shifts.map((shift) => shift.targetId),
      shifts.map((shift) => shift.from),
      shifts.map((shift) => shift.to),
    ],
  );
}

/** The shifts of members between two moments, in whichever area they lie. */
export async function shiftsNear(
  tx: Tx,
  memberIds: readonly number[],
  from: string,
  to: string,
): Promise<Map<number, Span[]>> {
  const found = new Map<number, Span[]>();
  if (memberIds.length === 0) return found;
  const rows = await tx.sql.many<{ memberId: number; begins: string; ends: string }>(
    `select member_id as "memberId", begins, ends from wuyang.shifts_near($1::bigint[], $2, $3)`,
    [memberIds, from, to],
  );
  for (const { memberId, begins, ends } of rows)
    found.set(memberId, [...(found.get(memberId) ?? []), { from: epochMs(begins), to: epochMs(ends) }]);
  return found;
}

/** Members by their codes, as a plan needs them. */
export async function membersByCode(
  tx: Tx,
  codes: readonly string[],
): Promise<{ id: number; code: string; areaCode: string; state: MemberState }[]> {
  return tx.sql.many(
    `select id, code, area_code as "areaCode", state from team_member where code = any($1::text[]) order by code`,
    [codes],
  );
}

/** The missing ones of a roll call never came. */
export async function markMissing(tx: Tx, call: RollCall): Promise<number> {
  return tx.sql.run(
    `update team_shift s set state = 'missed' from team_member m
     where m.id = s.member_id and m.code = any($3::text[]) and s.state = 'planned'
       and (s.need_id = any($1::uuid[]) or s.id = any($2::uuid[]))`,
    [call.needIds ?? [], call.shiftIds ?? [], call.missing ?? []],
  );
}

/** Begins the planned shifts of a roll call whose time has come, `earlyHours` before it at the earliest. */
export async function beginShifts(tx: Tx, call: RollCall, earlyHours: number): Promise<number> {
  const rows = await tx.sql.many<{ memberId: number }>(
    `update team_shift set state = 'onDuty', checked_in_at = $3
     where state = 'planned' and (need_id = any($1::uuid[]) or id = any($2::uuid[]))
       and lower(period) <= $3::timestamptz + make_interval(hours => $4) and upper(period) > $3
     returning member_id as "memberId"`,
    [call.needIds ?? [], call.shiftIds ?? [], tx.now, Math.ceil(earlyHours)],
  );
  const ids = rows.map((row) => row.memberId);
  await tx.sql.run("select wuyang.note_duty($1::bigint[], true, $2::int[])", [ids, ids.map(() => 0)]);
  return rows.length;
}

/** Ends the shifts of a roll call that are on duty, and adds the time worked to their members. */
export async function endShifts(tx: Tx, call: RollCall): Promise<number> {
  const rows = await tx.sql.many<{ memberId: number; minutes: number }>(
    `update team_shift set state = 'done', checked_out_at = $3
     where state = 'onDuty' and (need_id = any($1::uuid[]) or id = any($2::uuid[]))
     returning member_id as "memberId", (extract(epoch from $3::timestamptz - checked_in_at) / 60)::int as minutes`,
    [call.needIds ?? [], call.shiftIds ?? [], tx.now],
  );
  await tx.sql.run("select wuyang.note_duty($1::bigint[], false, $2::int[])", [
    rows.map((row) => row.memberId),
    rows.map((row) => row.minutes),
  ]);
  return rows.length;
}

/** Planned shifts to which nobody came in time, in every area. */
export async function missLate(tx: Tx, before: string): Promise<number> {
  return tx.sql.run("update team_shift set state = 'missed' where state = 'planned' and lower(period) < $1", [before]);
}

/** Cancels what is still planned for the members of a call-up; the needs want people again. */
export async function cancelPlannedOf(tx: Tx, callUpId: string): Promise<void> {
  await tx.sql.run(
    `with gone as (
       update team_shift s set state = 'cancelled' from team_member m
       where m.id = s.member_id and m.call_up_id = $1 and s.state = 'planned' returning s.need_id),
     counted as (select need_id, count(*)::int as n from gone where need_id is not null group by 1)
     update team_need n set filled = n.filled - counted.n, filled_at = null,
       state = case when n.state = 'filled' then 'open' else n.state end
     from counted where n.id = counted.need_id`,
    [callUpId],
  );
}

export async function pageShifts(tx: Tx, query: ShiftQuery): Promise<Page<ShiftRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const key = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<ShiftRow>(
    `select s.id, s.area_code as "areaCode", m.id::text as "memberId", coalesce(m.code, '') as "memberCode", coalesce(m.name, '') as name,
       s.target_type as "targetType", s.target_id as "targetId", lower(s.period) as "from", upper(s.period) as "to", s.state,
       s.checked_in_at as "checkedInAt", s.checked_out_at as "checkedOutAt"
     from team_shift s left join team_member m on m.id = s.member_id
     where s.area_code >= $1 and s.area_code < $2 and ($3::text is null or s.state = $3)
       and ($4::timestamptz is null or (lower(s.period), s.id::text) < ($4::timestamptz, $5))
     order by lower(s.period) desc, s.id::text desc limit $6`,
    [lo, hi, query.state ?? null, key?.[0] ?? null, key?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.from, row.id]);
}
