import { currentOutbreak } from "#modules/outbreaks";
import { cancelTask } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { briefingInFull, decide } from "./briefing.service.ts";
import { decisionsMax, type AddDecisions, type Briefing, type WithdrawDecision } from "./command.model.ts";
import {
  briefingById,
  decisionsOf,
  insertDecisions,
  lastBriefing,
  lockBriefings,
  withdrawDecisionRow,
} from "./command.store.ts";

const def = {
  permission: "command.briefing.write",
  kind: "write",
  area: async (_input: unknown, tx: Tx) => (await currentOutbreak(tx)).areaCode,
} as const;

/** The newest briefing, locked; decisions of an older one were reviewed at the next and stand. spec: CMD-5 */
async function lockNewest(tx: Tx, id: string) {
  const outbreak = await currentOutbreak(tx);
  await lockBriefings(tx, outbreak.id);
  const row = await briefingById(tx, id);
  if (row === undefined) throw new ProblemError("record.notFound", { what: "briefing" });
  const last = await lastBriefing(tx, outbreak.id);
  if (last?.id !== id) {
    throw new ProblemError("rule.refused", {
      rule: "CMD-5",
      why: "decisions are given at the newest briefing / 只能在最近一次调度会上作出决定",
    });
  }
  return { outbreak, row };
}

/** Gives further decisions at the newest briefing; each becomes a task, due at the next briefing when no time is given. spec: CMD-5 */
export const addDecisions = useCase(
  { name: "command.addDecisions", ...def },
  async (tx, input: AddDecisions & { readonly id: string }): Promise<Briefing> => {
    const { outbreak, row } = await lockNewest(tx, input.id);
    const before = await decisionsOf(tx, row.id);
    if (before.length + input.decisions.length > decisionsMax)
      throw new ProblemError("limit.exceeded", { limit: decisionsMax });
    const given = input.decisions.map((decision) => ({ ...decision, kind: "given" }));
    const firstNo = (before.at(-1)?.no ?? 0) + 1;
    await insertDecisions(tx, row.id, await decide(tx, outbreak, row.id, given, firstNo));
    return briefingInFull(tx, row);
  },
);

/** Takes a decision back while nobody has begun its task; what is under way is ended by its own people. spec: CMD-5 */
export const withdrawDecision = useCase(
  { name: "command.withdrawDecision", ...def },
  async (tx, input: WithdrawDecision & { readonly id: string; readonly no: number }): Promise<Briefing> => {
    const { row } = await lockNewest(tx, input.id);
    const decision = (await decisionsOf(tx, row.id)).find(({ no }) => no === input.no);
    if (decision === undefined) throw new ProblemError("record.notFound", { what: "decision" });
    if (decision.withdrawnAt !== null) throw new ProblemError("state.notAllowed", { state: "withdrawn" });
    const state = await cancelTask(tx, decision.taskId);
    if (state !== "cancelled") throw new ProblemError("state.notAllowed", { state });
    await withdrawDecisionRow(tx, { briefingId: row.id, no: input.no, reason: input.reason });
    return briefingInFull(tx, row);
  },
);
