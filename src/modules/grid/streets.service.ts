import { instantAt, type Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { withAreaNames } from "./names.service.ts";
import { listHomes } from "./doors.service.ts";
import type { RecordStreets, RowRefusal, SetLanes, StreetQuery, StreetRound, StreetsAnswer } from "./grid.model.ts";
import { halfAt, lanesMissing } from "./grid.rules.ts";
import { findGridWork } from "./grids.service.ts";
import { feed } from "./needs.service.ts";
import {
  beginStreetRounds,
  lanesOf,
  lockRounds,
  openRounds,
  pageStreets,
  putLanes,
  storeRounds,
  watchedDoors,
} from "./streets.store.ts";

/** The clock's duty: food that is due, the half-day's checks at home and rounds in the streets. spec: GRID-4, GRID-5, GRID-7 */
export async function beginHalfDay(tx: Tx): Promise<void> {
  const work = await findGridWork(tx);
  if (!work) return;
  const { outbreak, grid } = work;
  await feed(tx, work);
  const checks = halfAt(grid.homeChecks, tx.now, outbreak.timeZone);
  if (checks) await listHomes(tx, work, checks, await watchedDoors(tx));
  const streets = halfAt(grid.streets, tx.now, outbreak.timeZone);
  if (!streets) return;
  const dueAt = instantAt(streets.day, streets.until, outbreak.timeZone);
  const half = { outbreakId: outbreak.id, day: streets.day, half: streets.half, dueAt };
  await beginStreetRounds(tx, half, grid.streets.kinds, grid.streets.levels);
}

export const setLanes = useCase(
  { name: "grid.setLanes", permission: "grid.grid.write", kind: "write", area: (input: SetLanes) => input.areaCode },
  async (tx, input): Promise<{ lanes: number }> => {
    const lanes = [...new Set(input.lanes)];
    await putLanes(tx, input.areaCode, lanes);
    return { lanes: lanes.length };
  },
);

/** Records what was walked; a round with a missing lane stays open until that lane is walked too. spec: GRID-7 */
export const recordStreets = useCase(
  { name: "grid.recordStreets", permission: "grid.street.write", kind: "write" },
  async (tx, input: RecordStreets): Promise<StreetsAnswer> => {
    const rounds = await lockRounds(
      tx,
      input.rounds.map((round) => round.id),
    );
    const lanes = await lanesOf(tx, [...new Set([...rounds.values()].map((round) => round.areaCode))]);
    const refused: RowRefusal[] = [];
    const good = new Map<string, { id: string; done: readonly string[]; missing: readonly string[] }>();
    for (const [row, { id, lanes: walked }] of input.rounds.entries()) {
      const round = rounds.get(id);
      if (!round || round.state === "done") {
        const rule = round ? "state.notAllowed" : "record.notFound";
        refused.push({ row, rule, why: round?.state ?? "no such round in this area / 本辖区没有这一次" });
        continue;
      }
      const all = lanes.get(round.areaCode) ?? [];
      const done = walked === undefined ? all : [...new Set([...round.lanesDone, ...walked])];
      good.set(id, { id, done, missing: lanesMissing(all, done) });
    }
    const stored = [...good.values()];
    if (stored.length > 0) await storeRounds(tx, stored);
    const partial = stored.filter((round) => round.missing.length > 0).length;
    return { done: stored.length - partial, partial, refused };
  },
);

export const listStreets = useCase(
  { name: "grid.streets", permission: "grid.street.read", kind: "read" },
  async (tx, query: StreetQuery): Promise<Page<StreetRound>> => withAreaNames(tx, await pageStreets(tx, query)),
);

export const listLanes = useCase(
  {
    name: "grid.lanes",
    permission: "grid.grid.read",
    kind: "read",
    area: (input: { areaCode: string }) => input.areaCode,
  },
  async (tx, input): Promise<string[]> => (await lanesOf(tx, [input.areaCode])).get(input.areaCode) ?? [],
);

/** The rounds of a half-day that are not done, with their villages' lanes, for whoever plans the walk. */
export async function streetRoundsLeft(tx: Tx, areaCode: string, day: Day, half: "morning" | "evening") {
  const rounds = await openRounds(tx, areaCode, day, half);
  const lanes = await lanesOf(tx, [...new Set(rounds.map((round) => round.areaCode))]);
  return rounds.map((round) => ({ ...round, lanes: lanes.get(round.areaCode) ?? [] }));
}
