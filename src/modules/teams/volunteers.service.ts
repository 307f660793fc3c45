import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import { maskedName, normalPhone } from "#domain/people";
import { areaByCode } from "#modules/areas";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { registerMembersBulk } from "./register.service.ts";
import {
  skills,
  type Skill,
  type VolunteerApplication,
  type VolunteerQuery,
  type VolunteerReceipt,
  type VolunteerRow,
  type VolunteerState,
} from "./teams.model.ts";
import { decide, defaultForceRules } from "./teams.rules.ts";
import {
  insertVolunteer,
  lockVolunteer,
  pageVolunteers,
  setVolunteer,
  volunteerByReceipt,
} from "./volunteers.store.ts";

const receiptLetters = 10;

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError("request.invalid", {}, [{ pointer, detail }]);
}

function skillOf(text: string | undefined): Skill[] {
  if (text === undefined || text === "") return [];
  const found = skills.find((skill) => skill === text);
  if (!found) throw invalid("/skill", "not one of the skills");
  return [found];
}

/** Takes a volunteer's application from the public form; the same phone twice is one application. */
export const registerVolunteer = useCase(
  { name: "teams.registerVolunteer", permission: "teams.public.write", kind: "write" },
  async (tx, input: VolunteerApplication): Promise<VolunteerReceipt> => {
    if (input.name.trim() === "") throw invalid("/name", "is empty");
    const phone = normalPhone(input.phone);
    if (phone === null) throw invalid("/phone", "not a phone number");
    if ((await areaByCode(tx, input.areaCode)) === undefined) throw invalid("/areaCode", "no such area");
    const outbreak = await findCurrentOutbreak(tx);
    const rules = outbreak?.protocol.teams ?? defaultForceRules;
    const id = tx.newId();
    const { secrets } = tx.services;
    const stored = await insertVolunteer(tx, {
      id,
      areaCode: input.areaCode,
      receipt: `V${id.replaceAll("-", "").slice(-receiptLetters).toUpperCase()}`,
      name: input.name,
      phoneHash: secrets.lookupHash(phone),
      phoneEnc: secrets.seal(phone),
      skills: skillOf(input.skill),
      note: input.note ?? "",
      decideBy: addHours(tx.now, rules.volunteerHours),
    });
    if (stored.added) await announce(tx, id, input.areaCode, stored.decideBy, outbreak?.id);
    return { receipt: stored.receipt, state: "applied", decideBy: stored.decideBy };
  },
);

async function announce(tx: Tx, id: string, areaCode: string, dueAt: string, outbreakId?: string): Promise<void> {
  await tx.emit({
    name: "teams.volunteerApplied",
    areaCode,
    subjectType: "volunteer",
    subjectId: id,
    data: { decideBy: dueAt },
  });
  if (outbreakId === undefined) return;
  await createTasks(tx, [
    {
      outbreakId,
      kind: "decideVolunteer",
      areaCode,
      ownerTeam: "grid",
      subjectType: "volunteer",
      subjectId: id,
      dueAt,
    },
  ]);
}

/** How an application stands, by its receipt; nothing of the person is told. */
export const volunteerStatus = useCase(
  { name: "teams.volunteerStatus", permission: "teams.public.read", kind: "read" },
  async (tx, input: { receipt: string }): Promise<VolunteerReceipt> => {
    const found = await volunteerByReceipt(tx, input.receipt.trim().toUpperCase());
    if (!found) throw new ProblemError("record.notFound", { what: "receipt" });
    return found;
  },
);

/** Accepts a volunteer, who is then a member of the area, or refuses with the reason. */
export const decideVolunteer = useCase(
  { name: "teams.decideVolunteer", permission: "teams.member.write", kind: "write" },
  async (
    tx,
    input: { id: string; accept: boolean; reason?: string; teamCode?: string },
  ): Promise<{ id: string; state: VolunteerState; memberCode: string | null }> => {
    const volunteer = await lockVolunteer(tx, input.id);
    if (!volunteer) throw new ProblemError("record.notFound", { what: "volunteer" });
    const decided = decide(volunteer.state, input);
    if (!decided.ok) throw new ProblemError(decided.refusal.code, decided.refusal.params);
    const memberCode = decided.value === "accepted" ? volunteer.receipt : null;
    if (memberCode !== null)
      await registerMembersBulk(tx, [
        {
          areaCode: volunteer.areaCode,
          code: memberCode,
          name: volunteer.name,
          kind: "volunteer",
          phone: tx.services.secrets.open(volunteer.phoneEnc),
          skills: volunteer.skills as Skill[],
          ...(input.teamCode === undefined ? {} : { teamCode: input.teamCode }),
        },
      ]);
    await setVolunteer(tx, volunteer.id, { state: decided.value, reason: input.reason ?? null, memberCode });
    await completeTasks(tx, {
      subjectType: "volunteer",
      subjectIds: [volunteer.id],
      kind: "decideVolunteer",
      evidence: { note: decided.value },
    });
    await tx.emit({
      name: "teams.volunteerDecided",
      areaCode: volunteer.areaCode,
      subjectType: "volunteer",
      subjectId: volunteer.id,
      data: { state: decided.value },
    });
    return { id: volunteer.id, state: decided.value, memberCode };
  },
);

/** Applications by area, the latest first; names are covered unless the reader gives a reason. */
export const listVolunteers = useCase(
  { name: "teams.listVolunteers", permission: "teams.member.read", kind: "read" },
  async (tx, query: VolunteerQuery): Promise<Page<VolunteerRow>> => {
    const page = await pageVolunteers(tx, query);
    if (tx.reason !== undefined && tx.reason !== "") {
      const areaCode = query.areaCode ?? tx.actor.areaCode;
      const count = page.items.length;
      await tx.audit({ action: "teams.names", subjectType: "area", subjectId: areaCode, areaCode, count });
      return page;
    }
    return { items: page.items.map((row) => ({ ...row, name: maskedName(row.name) })), next: page.next };
  },
);
