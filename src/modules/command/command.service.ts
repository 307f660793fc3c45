import {
  currentOutbreak,
  endOutbreak,
  setResponseLevel,
  startOutbreak,
  type OpenOutbreak,
  type Outbreak,
} from "#modules/outbreaks";
import type { SitrepDocument } from "#domain/reports";
import { addHours, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { bothNames, curveOf, nameIn } from "./agenda.service.ts";
import type { BoardPhase, LoopClock } from "./board.model.ts";
import { chronicleEvents, chronicleOf } from "./chronicle.rules.ts";
import { loopClocks } from "./clocks.service.ts";
import type { ChronicleLine } from "./command.model.ts";
import { allReports, eventsNamed, insertPhaseEntry, upsertRealDays, type RealDay } from "./command.store.ts";
import { checkPhase, currentLadder } from "./phases.service.ts";

const areaOfOutbreak = async (_input: unknown, tx: Tx): Promise<string> => (await currentOutbreak(tx)).areaCode;

/** Opens the response: the outbreak, its first phase and the clock. spec: CMD-1 */
export const openResponse = useCase(
  {
    name: "command.open",
    permission: "command.outbreak.write",
    kind: "write",
    area: (input: OpenOutbreak) => input.areaCode,
  },
  async (tx, input): Promise<Outbreak> => {
    const outbreak = await startOutbreak(tx, input);
    await insertPhaseEntry(tx, {
      outbreakId: outbreak.id,
      phase: outbreak.phase,
      criteria: [],
      protocolVersion: outbreak.protocolVersion,
    });
    await checkPhase(tx);
    return currentOutbreak(tx);
  },
);

/** Sets the response level, with its measures, of the running outbreak. spec: CMD-3 */
export const changeResponseLevel = useCase(
  { name: "command.setResponseLevel", permission: "command.level.write", kind: "write", area: areaOfOutbreak },
  async (tx, input: { level: string }): Promise<{ level: string; changed: boolean }> => {
    const outbreak = await currentOutbreak(tx);
    const changed = await setResponseLevel(tx, { outbreakId: outbreak.id, level: input.level });
    return { level: input.level, changed };
  },
);

/** Checks now whether the next phase may be entered; the clock does the same by itself. spec: CMD-2 */
export const checkPhases = useCase(
  { name: "command.checkPhase", permission: "command.phase.write", kind: "write", area: areaOfOutbreak },
  async (tx, _input: Record<string, never>): Promise<{ entered: string[]; items: BoardPhase[] }> => {
    const entered = await checkPhase(tx);
    return { entered, items: await currentLadder(tx) };
  },
);

/** Closes the response after the all-clear. */
export const closeResponse = useCase(
  { name: "command.close", permission: "command.outbreak.write", kind: "write", area: areaOfOutbreak },
  async (tx, _input: Record<string, never>): Promise<{ closed: true }> => {
    await endOutbreak(tx, { outbreakId: (await currentOutbreak(tx)).id });
    return { closed: true };
  },
);

/** The moment from which a window of hours counts; null means from the beginning. */
function windowStart(tx: Tx, hours: number | undefined): Instant | null {
  return hours === undefined ? null : addHours(tx.now, -hours);
}

const read = { permission: "command.board.read", kind: "read" } as const;
const areaOfQuery = (input: { areaCode?: string }, tx: Tx): string => input.areaCode ?? tx.actor.areaCode;

export const getClocks = useCase(
  { name: "command.clocks", ...read, area: areaOfQuery },
  async (tx, input: { areaCode?: string; hours?: number }): Promise<LoopClock[]> =>
    loopClocks(tx, await currentOutbreak(tx), {
      areaCode: input.areaCode ?? tx.actor.areaCode,
      since: windowStart(tx, input.hours),
    }),
);

export const getPhases = useCase({ name: "command.phases", ...read }, (tx, _input: Record<string, never>) =>
  currentLadder(tx),
);

export const getCurve = useCase(
  { name: "command.curve", ...read, area: areaOfQuery },
  async (tx, input: { areaCode?: string }) =>
    curveOf(tx, await currentOutbreak(tx), input.areaCode ?? tx.actor.areaCode),
);

/** Events an outbreak may reasonably have of the kinds the chronicle tells. */
const chronicleEventsMax = 100_000;

/** The outbreak's important events in order as readable lines in both languages. spec: CMD-8 */
export async function chronicle(tx: Tx): Promise<ChronicleLine[]> {
  const outbreak = await currentOutbreak(tx);
  const facts = await eventsNamed(tx, outbreak, chronicleEvents, chronicleEventsMax);
  const names = await bothNames(tx, [...new Set(facts.flatMap((fact) => [fact.areaCode, fact.areaCode.slice(0, 6)]))]);
  return chronicleOf(facts, {
    timeZone: outbreak.timeZone,
    areaCode: outbreak.areaCode,
    areaName: (code) => nameIn(names, code),
    phaseName: (phase) =>
      outbreak.protocol.phases.find((row) => row.phase === phase)?.name ?? { "zh-CN": phase, en: phase },
  });
}

export const getChronicle = useCase({ name: "command.chronicle", ...read }, (tx, _input: Record<string, never>) =>
  chronicle(tx),
);

/** Stores what really happened, day by day, to be drawn beside the drill's own curve. */
export async function storeRealSeries(tx: Tx, days: readonly RealDay[]): Promise<void> {
  await upsertRealDays(tx, (await currentOutbreak(tx)).id, days);
}

const reportsMax = 1_000;

/** Every situation report of the running outbreak as data, oldest first. */
export async function situationReports(tx: Tx): Promise<SitrepDocument[]> {
  return allReports(tx, (await currentOutbreak(tx)).id, reportsMax);
}
