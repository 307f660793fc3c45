import { addHours, instantOf, hourMs, parseInstant } from "#kernel/time";
import { maskedName } from "#domain/people";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { PlanShifts, RollCall, RollCalled, ShiftQuery, ShiftRow, ShiftsPlanned } from "./duty.model.ts";
import {
  beginShifts,
  endShifts,
  insertShifts,
  markMissing,
  membersByCode,
  missLate,
  pageShifts,
  shiftsNear,
} from "./shifts.store.ts";
import { assignable, defaultForceRules, restFault, spanOf } from "./teams.rules.ts";

const weekMs = 7 * 24 * hourMs;
const subjectType = "shift";

async function rulesNow(tx: Tx) {
  return (await findCurrentOutbreak(tx))?.protocol.teams ?? defaultForceRules;
}

/** Plans one shift for named members; whoever may not work then comes back with the rule. */
export const planShifts = useCase(
  {
    name: "teams.planShifts",
    permission: "teams.shift.write",
    kind: "write",
    area: (input: PlanShifts) => input.areaCode,
  },
  async (tx, input): Promise<ShiftsPlanned> => {
    const rules = (await currentOutbreak(tx)).protocol.teams ?? defaultForceRules;
    const span = spanOf(input.from, input.to);
    const members = await membersByCode(tx, input.memberCodes);
    const ids = members.map((member) => member.id);
    const shifts = await shiftsNear(tx, ids, instantOf(span.from - weekMs), instantOf(span.to + weekMs));
    const refused: { memberCode: string; rule: string }[] = [];
    const good = members.filter((member) => {
      const upright = span.to > span.from && assignable.includes(member.state);
      const rule = upright ? restFault(span, shifts.get(member.id) ?? [], rules) : "TEAM-5";
      if (rule !== null) refused.push({ memberCode: member.code, rule });
      return rule === null;
    });
    const known = new Set(members.map((member) => member.code));
    // spec: TEAM-5: who is not of the reader's area is refused like somebody who is not up.
    for (const code of input.memberCodes) if (!known.has(code)) refused.push({ memberCode: code, rule: "TEAM-5" });
    const { areaCode, targetType, targetId } = input;
    const stored = await insertShifts(
      tx,
      good.map((member) => ({
        areaCode,
        memberId: member.id,
        needId: null,
        targetType,
        targetId,
        from: parseInstant(input.from),
        to: parseInstant(input.to),
      })),
    );
    await tx.emit({
      name: "teams.shiftsPlanned",
      areaCode,
      subjectType,
      subjectId: targetId,
      data: { planned: stored.length, refused: refused.length },
    });
    return { planned: stored.length, refused };
  },
);

async function told(tx: Tx, name: string, answer: RollCalled): Promise<RollCalled> {
  if (answer.done + answer.missed > 0)
    await tx.emit({ name, areaCode: tx.actor.areaCode, subjectType, subjectId: tx.key ?? "", data: answer });
  return answer;
}

/** The roll call at the beginning: the planned shifts begin, but for the members who did not come. */
export const checkIn = useCase(
  { name: "teams.checkIn", permission: "teams.shift.write", kind: "write" },
  async (tx, input: RollCall): Promise<RollCalled> => {
    const rules = await rulesNow(tx);
    const missed = await markMissing(tx, input);
    // spec: TEAM-10
    const done = await beginShifts(tx, input, rules.missedAfterHours);
    return told(tx, "teams.checkedIn", { done, missed });
  },
);

/** The roll call at the end: the time worked is added to each member. */
export const checkOut = useCase(
  { name: "teams.checkOut", permission: "teams.shift.write", kind: "write" },
  async (tx, input: RollCall): Promise<RollCalled> =>
    told(tx, "teams.checkedOut", { done: await endShifts(tx, input), missed: 0 }),
);

/** Marks planned shifts to which nobody came; run by the clock. */
export async function missLateShifts(tx: Tx): Promise<void> {
  const rules = await rulesNow(tx);
  // spec: TEAM-10
  await missLate(tx, addHours(tx.now, -rules.missedAfterHours));
}

/** Shifts by area, the latest first; names are covered unless the reader gives a reason. */
export const listShifts = useCase(
  { name: "teams.listShifts", permission: "teams.shift.read", kind: "read" },
  async (tx, query: ShiftQuery): Promise<Page<ShiftRow>> => {
    const page = await pageShifts(tx, query);
    if (tx.reason === undefined || tx.reason === "")
      return { items: page.items.map((row) => ({ ...row, name: maskedName(row.name) })), next: page.next };
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    const count = page.items.length;
    await tx.audit({ action: "teams.names", subjectType: "area", subjectId: areaCode, areaCode, count });
    return page;
  },
);
