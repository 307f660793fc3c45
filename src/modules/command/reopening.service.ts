import { areasByCode } from "#modules/areas";
import { caseSpan } from "#modules/cases";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import { openContacts } from "#modules/tracing";
import { zoneFigures } from "#modules/zones";
import { ProblemError } from "#kernel/errors";
import { addHours, dayOf, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { commandDefaults } from "./orders.rules.ts";
import { measuredFor } from "./phases.service.ts";
import type { PhaseCriterion } from "./board.model.ts";
import type { NewStep, PlanSteps, ReopeningQuery, ReopeningStep, StepChanged, StoredStep } from "./reopening.model.ts";
import { mayReopen, measureStep, stepCriteria, stepLate, type StepMeasured } from "./reopening.rules.ts";
import {
  batchesOf,
  lockStep,
  markFind,
  pageSteps,
  refreshBatches,
  updateKept,
  updateReopened,
  updateSuspended,
  upsertSteps,
  type PlannedCounts,
} from "./reopening.store.ts";

const subjectType = "reopeningStep";
const areaOfCommand = async (_input: unknown, tx: Tx): Promise<string> => (await currentOutbreak(tx)).areaCode;

/** Measures of steps now; places that several steps share are counted once. */
async function measurer(tx: Tx, outbreak: Outbreak): Promise<(step: StoredStep) => Promise<StepMeasured>> {
  const { communityCleanDays } = await measuredFor(tx, outbreak);
  const batches = await batchesOf(tx, outbreak.id);
  const places = new Map<string, { zonesAboveLow: number; openContacts: number; lastFind: string | null }>();
  const dayAt = (at: Instant | undefined | null) => (at ? dayOf(at, outbreak.timeZone) : null);
  return async (step) => {
    let place = places.get(step.areaCode);
    if (place === undefined) {
      const zones = await zoneFigures(tx, { outbreakId: outbreak.id, areaCode: step.areaCode });
      place = {
        zonesAboveLow: zones.filter((row) => row.detail !== "low").reduce((sum, row) => sum + row.value, 0),
        openContacts: await openContacts(tx, outbreak.id, step.areaCode),
        lastFind: dayAt((await caseSpan(tx, outbreak.id, step.areaCode)).lastFind),
      };
      places.set(step.areaCode, place);
    }
    return measureStep({
      ...place,
      today: dayOf(tx.now, outbreak.timeZone),
      firstFind: dayAt(outbreak.firstPositiveAt),
      communityCleanDays,
      batch: step.batch,
      batches,
    });
  };
}

async function shown(tx: Tx, outbreak: Outbreak, steps: readonly StoredStep[]): Promise<ReopeningStep[]> {
  if (steps.length === 0) return [];
  const measured = await measurer(tx, outbreak);
  const { reopeningHours } = outbreak.protocol.command ?? commandDefaults;
  const rows: ReopeningStep[] = [];
  for (const step of steps) {
    // What let a step open stays on record; only what is still closed is measured now.
    const kept = step.state === "reopened" ? step.met : null;
    const criteria = kept ?? stepCriteria(step.preconditions, await measured(step));
    const ready = step.state !== "reopened" && criteria.every(({ met }) => met);
    rows.push({ ...step, criteria, ready, late: stepLate(step, reopeningHours, tx.now) });
  }
  return rows;
}

/** Stores steps of the plan; those of unknown areas are an error of the caller. */
export async function storeSteps(tx: Tx, outbreak: Outbreak, steps: readonly NewStep[]): Promise<PlannedCounts> {
  const { preconditions } = outbreak.protocol.command ?? commandDefaults;
  const counts = await upsertSteps(
    tx,
    outbreak.id,
    steps.map((step) => ({ ...step, preconditions: step.preconditions ?? preconditions })),
  );
  await refreshBatches(tx, outbreak.id);
  return counts;
}

/** Plans steps of the reopening; the same codes again change what is still planned. spec: REO-1 */
export const planReopening = useCase(
  { name: "command.planReopening", permission: "command.reopening.write", kind: "write", area: areaOfCommand },
  async (tx, { steps }: PlanSteps): Promise<PlannedCounts> => {
    const outbreak = await currentOutbreak(tx);
    const known = await areasByCode(tx, [...new Set(steps.map((step) => step.areaCode))]);
    const unknown = steps.findIndex((step) => !known.has(step.areaCode));
    if (unknown >= 0)
      throw new ProblemError("request.invalid", {}, [
        { pointer: `/steps/${unknown}/areaCode`, detail: "is no area of this system" },
      ]);
    const codes = steps.map((step) => step.code);
    if (new Set(codes).size < codes.length)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/steps", detail: "holds a code twice" }]);
    return storeSteps(tx, outbreak, steps);
  },
);

async function found(tx: Tx, id: string): Promise<StoredStep> {
  const step = await lockStep(tx, id);
  if (step === undefined) throw new ProblemError("record.notFound", { what: "reopening step" });
  return step;
}

async function tell(tx: Tx, outbreak: Outbreak, name: string, step: StoredStep): Promise<void> {
  const data: StepChanged = {
    code: step.code,
    batch: step.batch,
    kind: step.kind,
    nameZh: step.name["zh-CN"],
    nameEn: step.name.en,
  };
  const { areaCode, id: subjectId } = step;
  await tx.emit({ name, outbreakId: outbreak.id, areaCode, subjectType, subjectId, data });
}

async function one(tx: Tx, outbreak: Outbreak, id: string): Promise<ReopeningStep> {
  const [step] = await shown(tx, outbreak, [await found(tx, id)]);
  if (step === undefined) throw new ProblemError("record.notFound", { what: "reopening step" });
  return step;
}

/** Reopens a step whose conditions all hold, and keeps what they measured. spec: REO-1, REO-2 */
export const reopenStep = useCase(
  { name: "command.reopenStep", permission: "command.reopening.write", kind: "write", area: areaOfCommand },
  async (tx, { id }: { id: string }): Promise<ReopeningStep> => {
    const outbreak = await currentOutbreak(tx);
    const step = await found(tx, id);
    const criteria: PhaseCriterion[] = stepCriteria(step.preconditions, await (await measurer(tx, outbreak))(step));
    const may = mayReopen(step.state, criteria);
    if (!may.ok) throw new ProblemError(may.refusal.code, may.refusal.params);
    await updateReopened(tx, id, criteria);
    await refreshBatches(tx, outbreak.id);
    await tell(tx, outbreak, "command.reopened", step);
    return one(tx, outbreak, id);
  },
);

interface Decided {
  readonly id: string;
  readonly reason: string;
}

async function decide(tx: Tx, { id, reason }: Decided, work: () => Promise<void>): Promise<StoredStep> {
  const step = await found(tx, id);
  if (step.state !== "reopened") throw new ProblemError("state.notAllowed", { state: step.state });
  await work();
  await completeTasks(tx, { subjectType, subjectIds: [id], kind: "decideSuspension", evidence: { note: reason } });
  return step;
}

/** Closes a reopened place again, with the reason. spec: REO-3 */
export const suspendStep = useCase(
  { name: "command.suspendStep", permission: "command.reopening.write", kind: "write", area: areaOfCommand },
  async (tx, input: Decided): Promise<ReopeningStep> => {
    const outbreak = await currentOutbreak(tx);
    const step = await decide(tx, input, () => updateSuspended(tx, input.id, input.reason));
    await refreshBatches(tx, outbreak.id);
    await tell(tx, outbreak, "command.suspended", step);
    return one(tx, outbreak, input.id);
  },
);

/** Leaves a place open although somebody was found there, with the reason. spec: REO-3 */
export const keepStepOpen = useCase(
  { name: "command.keepStepOpen", permission: "command.reopening.write", kind: "write", area: areaOfCommand },
  async (tx, input: Decided): Promise<ReopeningStep> => {
    await decide(tx, input, () => updateKept(tx, input.id, input.reason));
    return one(tx, await currentOutbreak(tx), input.id);
  },
);

export const listReopening = useCase(
  { name: "command.listReopening", permission: "command.reopening.read", kind: "read" },
  async (tx, query: ReopeningQuery): Promise<Page<ReopeningStep>> => {
    const outbreak = await currentOutbreak(tx);
    const page = await pageSteps(tx, outbreak.id, query);
    return { ...page, items: await shown(tx, outbreak, page.items) };
  },
);

/** Somebody was found in a reopened place: people decide whether it closes again, nothing closes by itself. spec: REO-3 */
export async function proposeSuspension(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<void> {
  const steps = await markFind(tx, outbreak.id, areaCode, tx.now);
  const { receiptHours } = outbreak.protocol.command ?? commandDefaults;
  await createTasks(
    tx,
    steps.map((step) => ({
      outbreakId: outbreak.id,
      kind: "decideSuspension",
      areaCode: step.areaCode,
      ownerTeam: "command" as const,
      subjectType,
      subjectId: step.id,
      params: { code: step.code },
      dueAt: addHours(tx.now, receiptHours),
    })),
  );
}
