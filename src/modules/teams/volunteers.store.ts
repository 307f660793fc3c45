import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { VolunteerQuery, VolunteerRow, VolunteerState } from "./teams.model.ts";

/** An application ready to be stored. */
export interface SealedVolunteer {
  readonly id: string;
  readonly areaCode: string;
  readonly receipt: string;
  readonly name: string;
  readonly phoneHash: Buffer;
  readonly phoneEnc: Buffer;
  readonly skills: readonly string[];
  readonly note: string;
  readonly decideBy: string;
}

/** Stores an application, or finds the one that the same phone has waiting. */
export async function insertVolunteer(
  tx: Tx,
  volunteer: SealedVolunteer,
): Promise<{ receipt: string; decideBy: string; added: boolean }> {
  const stored = await tx.sql.run(
    `insert into team_volunteer (id, area_code, receipt, name, phone_hash, phone_enc, skills, note, state, applied_at, decide_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'applied', $9, $10) on conflict (phone_hash) where state = 'applied' do nothing`,
    [
      volunteer.id,
      volunteer.areaCode,
      volunteer.receipt,
      volunteer.name,
      volunteer.phoneHash,
      volunteer.phoneEnc,
      volunteer.skills,
      volunteer.note,
      tx.now,
      volunteer.decideBy,
    ],
  );
  const row = await tx.sql.one<{ receipt: string; decideBy: string }>(
    `select receipt, decide_by as "decideBy" from team_volunteer where phone_hash = $1 and state = 'applied'`,
    [volunteer.phoneHash],
  );
  return { ...row, added: stored === 1 };
}

export async function volunteerByReceipt(
  tx: Tx,
  receipt: string,
): Promise<{ receipt: string; state: VolunteerState; decideBy: string } | undefined> {
  return tx.sql.maybe(`select receipt, state, decide_by as "decideBy" from team_volunteer where receipt = $1`, [
    receipt,
  ]);
}

export interface LockedVolunteer {
  readonly id: string;
  readonly areaCode: string;
  readonly receipt: string;
  readonly name: string;
  readonly phoneEnc: Buffer;
  readonly skills: string[];
  readonly state: VolunteerState;
}

export async function lockVolunteer(tx: Tx, id: string): Promise<LockedVolunteer | undefined> {
  return tx.sql.maybe<LockedVolunteer>(
    `select id, area_code as "areaCode", receipt, name, phone_enc as "phoneEnc", skills, state
     from team_volunteer where id = $1 for update`,
    [id],
  );
}

export async function setVolunteer(
  tx: Tx,
  id: string,
  change: { state: VolunteerState; reason: string | null; memberCode: string | null },
): Promise<void> {
  await tx.sql.run(
    `update team_volunteer set state = $2, reason = $3, member_code = $4, decided_at = $5, decided_by = $6 where id = $1`,
    [id, change.state, change.reason, change.memberCode, tx.now, tx.actor.id],
  );
}

export async function pageVolunteers(tx: Tx, query: VolunteerQuery): Promise<Page<VolunteerRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const key = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<VolunteerRow>(
    `select id, area_code as "areaCode", receipt, name, skills, state, applied_at as "appliedAt", decide_by as "decideBy",
       (coalesce(decided_at, $7) > decide_by) as late, reason, member_code as "memberCode"
     from team_volunteer where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (applied_at, id::text) < ($4::timestamptz, $5))
     order by applied_at desc, id::text desc limit $6`,
    [lo, hi, query.state ?? null, key?.[0] ?? null, key?.[1] ?? null, limit + 1, tx.now],
  );
  return pageOf(rows, limit, (row) => [row.appliedAt, row.id]);
}
