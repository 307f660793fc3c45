import { ProblemError } from "#kernel/errors";
import { maskedName } from "#domain/people";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { memberLatestMax, type MemberDetail, type MemberPerson } from "./member.model.ts";
import { callUpOf, exposuresOf, memberById, postsHeldBy, shiftsOf, type WholeMember } from "./member.store.ts";

interface OfMember {
  readonly id: string;
}

async function member(tx: Tx, id: string): Promise<WholeMember> {
  const found = await memberById(tx, id);
  if (!found) throw new ProblemError("record.notFound", { what: "member" });
  return found;
}

/** One member: team, posts, the last call-up, the latest shifts and exposures; the name stays covered. spec: TEAM-3 */
export const getMember = useCase(
  { name: "teams.getMember", permission: "teams.member.read", kind: "read" },
  async (tx, { id }: OfMember): Promise<MemberDetail> => {
    const { phoneEnc: _sealed, vaccinated: _health, ...row } = await member(tx, id);
    const may = (permission: string): boolean => tx.actor.permissions.has(permission);
    return {
      ...row,
      name: maskedName(row.name),
      posts: may("teams.team.read") ? await postsHeldBy(tx, id, memberLatestMax) : [],
      callUp: may("teams.callUp.read") ? ((await callUpOf(tx, id)) ?? null) : null,
      shifts: may("teams.shift.read") ? await shiftsOf(tx, id, memberLatestMax) : null,
      exposures: may("teams.exposure.read") ? await exposuresOf(tx, id, memberLatestMax) : null,
    };
  },
);

/** Name, phone and vaccination of a member; asks for a reason, and the audit keeps who asked about whom. spec: TEAM-3 */
export const memberPerson = useCase(
  { name: "teams.memberPerson", permission: "teams.member.read", kind: "read", personal: true },
  async (tx, { id }: OfMember): Promise<MemberPerson> => {
    const { name, phoneEnc, vaccinated, areaCode } = await member(tx, id);
    await tx.audit({ action: "teams.person.read", subjectType: "member", subjectId: id, areaCode });
    return { name, vaccinated, phone: phoneEnc === null ? null : tx.services.secrets.open(phoneEnc) };
  },
);
