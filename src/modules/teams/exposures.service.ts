import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addHours, parseInstant } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { CallUpQuery, ExposureRow, NewExposure } from "./duty.model.ts";
import { insertExposure, lockExposure, pageExposures, setOutcome } from "./exposures.store.ts";
import { membersByCode } from "./shifts.store.ts";
import { defaultForceRules } from "./teams.rules.ts";

const subjectType = "teamExposure";

/** Records that a member was exposed at work; the follow-up is a task of the medical team at once. */
export const recordExposure = useCase(
  { name: "teams.recordExposure", permission: "teams.exposure.write", kind: "write" },
  async (tx, input: NewExposure): Promise<{ id: string | null; followUpBy: string }> => {
    const [member] = await membersByCode(tx, [input.memberCode]);
    if (!member) throw new ProblemError("record.notFound", { what: "member" });
    const at = parseInstant(input.at);
    if (at > tx.now)
      throw new ProblemError("rule.refused", { rule: "TEAM-11", why: "it lies in the future / 时间在将来" });
    const outbreak = await currentOutbreak(tx);
    // spec: TEAM-11
    const followUpBy = addHours(at, (outbreak.protocol.teams ?? defaultForceRules).exposureHours);
    const { areaCode } = member;
    const id = await insertExposure(tx, { ...input, at, memberId: member.id, areaCode, followUpBy });
    if (id === undefined) return { id: null, followUpBy };
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: "exposureFollowUp",
        areaCode,
        ownerTeam: "medical",
        subjectType,
        subjectId: id,
        dueAt: followUpBy,
      },
    ]);
    const data = { kind: input.kind, protection: input.protection };
    await tx.emit({ name: "teams.exposed", outbreakId: outbreak.id, areaCode, subjectType, subjectId: id, data });
    return { id, followUpBy };
  },
);

/** Closes the follow-up of an exposure with what came of it. */
export const followUpExposure = useCase(
  { name: "teams.followUpExposure", permission: "teams.exposure.write", kind: "write" },
  async (tx, input: { id: string; outcome: NonNullable<ExposureRow["outcome"]> }): Promise<{ id: string }> => {
    const found = await lockExposure(tx, input.id);
    if (!found) throw new ProblemError("record.notFound", { what: "exposure" });
    if (found.outcome !== null)
      throw new ProblemError("state.notAllowed", { state: need(found.outcome, "it has one") });
    await setOutcome(tx, input.id, input.outcome);
    await completeTasks(tx, { subjectType, subjectIds: [input.id], evidence: { note: input.outcome } });
    await tx.emit({
      name: "teams.exposureFollowed",
      areaCode: found.areaCode,
      subjectType,
      subjectId: input.id,
      data: { outcome: input.outcome },
    });
    return { id: input.id };
  },
);

export const listExposures = useCase(
  { name: "teams.listExposures", permission: "teams.exposure.read", kind: "read" },
  (tx, query: CallUpQuery): Promise<Page<ExposureRow>> => pageExposures(tx, query),
);
