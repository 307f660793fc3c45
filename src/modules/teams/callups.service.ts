import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  callEverybody,
  callUpHead,
  countiesOf,
  pageCallUps,
  standEverybodyDown,
  storeAnswers,
  waitingIn,
  type StoredAnswer,
} from "./callups.store.ts";
import type { AnswerCallUp, Answered, CallUpQuery, CallUpRow, CallUpScope } from "./duty.model.ts";
import { cancelPlannedOf } from "./shifts.store.ts";
import { defaultForceRules } from "./teams.rules.ts";

const countyDigits = 6;
const subjectType = "callUp";
/** A county's part of a call-up: what its task to chase the answers is about. */
const partOf = (callUpId: string, county: string): string => `${callUpId}:${county}`;

/** Calls up everybody of an area, or the kinds, teams and skills asked for, in one command. */
export const callUp = useCase(
  {
    name: "teams.callUp",
    permission: "teams.callUp.write",
    kind: "write",
    area: (input: CallUpScope) => input.areaCode,
  },
  async (tx, input): Promise<{ id: string; called: number; answerBy: string }> => {
    const outbreak = await currentOutbreak(tx);
    const rules = outbreak.protocol.teams ?? defaultForceRules;
    const id = tx.newId();
    // spec: TEAM-2
    const answerBy = addHours(tx.now, rules.answerHours);
    const counties = await callEverybody(tx, { ...input, id, outbreakId: outbreak.id, answerBy });
    const called = counties.reduce((sum, county) => sum + county.called, 0);
    if (called === 0)
      throw new ProblemError("rule.refused", { rule: "TEAM-2", why: "nobody is left to call / 没有可召集的人员" });
    await createTasks(
      tx,
      counties.map(({ countyCode, called: people }) => ({
        outbreakId: outbreak.id,
        kind: "callUpAnswers",
        areaCode: countyCode,
        ownerTeam: "command" as const,
        subjectType,
        subjectId: partOf(id, countyCode),
        params: { people },
        dueAt: answerBy,
      })),
    );
    await tx.emit({
      name: "teams.calledUp",
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      subjectType,
      subjectId: id,
      data: { called, answerBy },
    });
    return { id, called, answerBy };
  },
);

/** A county's part of a call-up in which somebody answered. */
export interface AnsweredPart {
  readonly callUpId: string;
  readonly county: string;
}

function partsOf(answers: readonly StoredAnswer[]): AnsweredPart[] {
  const parts = new Map<string, AnsweredPart>();
  for (const { callUpId, areaCode } of answers) {
    const county = areaCode.slice(0, countyDigits);
    parts.set(partOf(callUpId, county), { callUpId, county });
  }
  return [...parts.values()];
}

/** Closes the tasks of counties whose last answer has come. Runs everywhere: a village cannot know of its county's rest. */
export async function settleCounties(tx: Tx, parts: readonly AnsweredPart[]): Promise<void> {
  for (const { callUpId, county } of parts) {
    if ((await waitingIn(tx, callUpId, county)) > 0) continue;
    await completeTasks(tx, {
      subjectType,
      subjectIds: [partOf(callUpId, county)],
      evidence: { note: "all answered" },
    });
  }
}

/** Takes the answers of members who were called: coming, or not and why. Answers nobody waits for come back. */
export const answerCallUp = useCase(
  { name: "teams.answerCallUp", permission: "teams.callUp.write", kind: "write" },
  async (tx, input: AnswerCallUp): Promise<Answered> => {
    const stored = await storeAnswers(tx, input.answers);
    const taken = new Set(stored.map((row) => row.code));
    const answer = {
      answered: stored.filter((row) => row.coming).length,
      absent: stored.filter((row) => !row.coming).length,
      late: stored.filter((row) => row.late).length,
      refused: input.answers.map((row) => row.memberCode).filter((code) => !taken.has(code)),
    };
    if (stored.length > 0)
      await tx.emit({
        name: "teams.answered",
        areaCode: tx.actor.areaCode,
        subjectType,
        subjectId: stored[0]?.callUpId ?? "",
        data: { answered: answer.answered, absent: answer.absent, late: answer.late, parts: partsOf(stored) },
      });
    return answer;
  },
);

/** Ends a call-up: everybody of it stands down, what was planned from now on is cancelled. */
export const standDown = useCase(
  { name: "teams.standDown", permission: "teams.callUp.write", kind: "write" },
  async (tx, input: { id: string; reason: string }): Promise<{ id: string; stoodDown: number }> => {
    const head = await callUpHead(tx, input.id);
    if (!head) throw new ProblemError("record.notFound", { what: "call-up" });
    if (!isWithin(head.areaCode, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
    if (head.stoodDownAt !== null) throw new ProblemError("state.notAllowed", { state: "stoodDown" });
    await cancelPlannedOf(tx, input.id);
    const stoodDown = await standEverybodyDown(tx, input.id, input.reason);
    const counties = await countiesOf(tx, input.id);
    await cancelTasks(tx, { subjectType, subjectIds: counties.map((county) => partOf(input.id, county)) });
    await tx.emit({
      name: "teams.stoodDown",
      outbreakId: head.outbreakId,
      areaCode: head.areaCode,
      subjectType,
      subjectId: input.id,
      data: { stoodDown },
    });
    return { id: input.id, stoodDown };
  },
);

/** Call-ups of the reader's area and of those above it, with the counts of the reader's part. */
export const listCallUps = useCase(
  {
    name: "teams.listCallUps",
    permission: "teams.callUp.read",
    kind: "read",
    area: (query: CallUpQuery, tx) => query.areaCode ?? tx.actor.areaCode,
  },
  (tx, query): Promise<Page<CallUpRow>> => pageCallUps(tx, query),
);
