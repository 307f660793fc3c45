import type { Tx } from "#platform/context";
import type { ExposureRow } from "./duty.model.ts";
import type { MemberCallUp, MemberShift } from "./member.model.ts";
import type { MemberRow, PostRow } from "./teams.model.ts";

/** A member as stored, the phone sealed. */
export interface WholeMember extends MemberRow {
  readonly teamName: string | null;
  readonly registeredAt: string;
  readonly vaccinated: boolean | null;
  readonly phoneEnc: Buffer | null;
}

export async function memberById(tx: Tx, id: string): Promise<WholeMember | undefined> {
  return tx.sql.maybe<WholeMember>(
    `select m.id::text as id, m.code, m.area_code as "areaCode", m.name, m.kind, m.skills, m.home_area_code as "homeAreaCode",
       m.state, t.code as "teamCode", t.name as "teamName", m.minutes_worked as "minutesWorked",
       m.absent_reason as "absentReason", m.registered_at as "registeredAt", m.vaccinated, m.phone_enc as "phoneEnc"
     from team_member m left join team t on t.id = m.team_id where m.id = $1::bigint`,
    [id],
  );
}

/** The posts a member holds. */
export async function postsHeldBy(tx: Tx, id: string, limit: number): Promise<PostRow[]> {
  return tx.sql.many<PostRow>(
    `select p.area_code as "areaCode", p.kind, p.code, p.name, p.place, p.people_needed as "peopleNeeded",
       m.id::text as "holderId", m.code as "holderCode"
     from team_post p join team_member m on m.id = p.holder_id
     where p.holder_id = $1::bigint order by p.area_code, p.code limit $2`,
    [id, limit],
  );
}

/** The call-up that reached the member last. */
export async function callUpOf(tx: Tx, id: string): Promise<MemberCallUp | undefined> {
  return tx.sql.maybe<MemberCallUp>(
    `select c.id, c.reason, case when c.stood_down_at is null then 'running' else 'stoodDown' end as state,
       c.called_at as "calledAt", c.answer_by as "answerBy", m.answered_at as "answeredAt", m.absent_reason as "absentReason"
     from team_member m join team_call_up c on c.id = m.call_up_id where m.id = $1::bigint`,
    [id],
  );
}

export async function shiftsOf(tx: Tx, id: string, limit: number): Promise<MemberShift[]> {
  return tx.sql.many<MemberShift>(
    `select id, area_code as "areaCode", member_id::text as "memberId", target_type as "targetType", target_id as "targetId",
       lower(period) as "from", upper(period) as "to", state, checked_in_at as "checkedInAt", checked_out_at as "checkedOutAt"
     from team_shift where member_id = $1::bigint order by lower(period) desc, id limit $2`,
    [id, limit],
  );
}

export async function exposuresOf(tx: Tx, id: string, limit: number): Promise<ExposureRow[]> {
  return tx.sql.many<ExposureRow>(
    `select e.id, e.area_code as "areaCode", m.id::text as "memberId", m.code as "memberCode", e.at, e.kind, e.protection,
       e.follow_up_by as "followUpBy", e.followed_up_at as "followedUpAt", e.outcome,
       (coalesce(e.followed_up_at, $2) > e.follow_up_by) as late
     from team_exposure e join team_member m on m.id = e.member_id
     where e.member_id = $1::bigint order by e.at desc, e.id limit $3`,
    [id, tx.now, limit],
  );
}
