import { ProblemError } from "#kernel/errors";
import type { Grid } from "#domain/outbreaks";
import { areasBelow, areasByCode } from "#modules/areas";
import { findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { householdsIn } from "#modules/people";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { CutAnswer, GridQuery, GridRow, NewWorker, TakenAnswer, WorkerRow } from "./grid.model.ts";
import { gridCode, gridCount, gridNoOf } from "./grid.rules.ts";
import { knownGrids, pageGrids, pageWorkers, putGrids, putHouseholds, putWorkers } from "./grids.store.ts";

/** The outbreak in course with the grid part of its protocol; undefined where there is none. */
export async function findGridWork(tx: Tx): Promise<{ outbreak: Outbreak; grid: Grid } | undefined> {
  const outbreak = await findCurrentOutbreak(tx);
  const grid = outbreak?.protocol.grid;
  return outbreak && grid ? { outbreak, grid } : undefined;
}

/** The same, refused where the protocol leaves grid work to the area's own rules. */
export async function gridWork(tx: Tx): Promise<{ outbreak: Outbreak; grid: Grid }> {
  const work = await findGridWork(tx);
  if (!work) throw new ProblemError("rule.refused", { rule: "GRID-1", why: "no grid work here / 当前方案无网格工作" });
  return work;
}

/** Cuts every village of an area into grids; done again after people moved, it moves only what changed. spec: GRID-1 */
export async function cutArea(tx: Tx, areaCode: string, householdsPerGrid: number): Promise<CutAnswer> {
  const villages = new Map((await areasBelow(tx, areaCode, "village")).map((area) => [area.code, area.name]));
  const homes = Map.groupBy(await householdsIn(tx, areaCode), (home) => home.areaCode);
  const grids = [];
  const placed = [];
  for (const [village, list] of homes) {
    const count = gridCount(list.length, householdsPerGrid);
    const sizes = Array.from({ length: count }, () => 0);
    for (const [i, home] of list.entries()) {
      const no = gridNoOf(i, list.length, count);
      sizes[no - 1] = (sizes[no - 1] ?? 0) + 1;
      placed.push({ id: home.id, areaCode: village, gridCode: gridCode(village, no), no: sizes[no - 1] ?? 1 });
    }
    const name = villages.get(village) ?? village;
    for (const [i, households] of sizes.entries())
      grids.push({ code: gridCode(village, i + 1), areaCode: village, name: `${name}第${i + 1}网格`, households });
  }
  await putGrids(tx, grids);
  await putHouseholds(tx, placed);
  return { villages: homes.size, grids: grids.length, households: placed.length };
}

export const cutGrids = useCase(
  {
    name: "grid.cut",
    permission: "grid.grid.write",
    kind: "write",
    area: (input: { areaCode: string }) => input.areaCode,
  },
  async (tx, input): Promise<CutAnswer> => {
    const { grid } = await gridWork(tx);
    const total = { villages: 0, grids: 0, households: 0 };
    // Town by town: a whole city's households do not stand in memory at once.
    const towns = await areasBelow(tx, input.areaCode, "town");
    for (const code of towns.length === 0 ? [input.areaCode] : towns.map((town) => town.code)) {
      const part = await cutArea(tx, code, grid.size.households);
      total.villages += part.villages;
      total.grids += part.grids;
      total.households += part.households;
    }
    return total;
  },
);

export const listGrids = useCase(
  { name: "grid.grids", permission: "grid.grid.read", kind: "read" },
  (tx, query: GridQuery): Promise<Page<GridRow>> => pageGrids(tx, query),
);

/** Stores a list of workers; rows of unknown villages or grids come back with the reason. */
export async function takeWorkers(tx: Tx, workers: readonly NewWorker[]): Promise<TakenAnswer> {
  const villages = await areasByCode(
    tx,
    workers.map((worker) => worker.areaCode),
  );
  const grids = await knownGrids(
    tx,
    workers.flatMap((worker) => worker.gridCode ?? []),
  );
  const refused: { row: number; rule: string; why: string }[] = [];
  const good = new Map<string, NewWorker>();
  for (const [row, worker] of workers.entries()) {
    const village = villages.get(worker.areaCode);
    if (village?.level !== "village" || !worker.areaCode.startsWith(tx.actor.areaCode))
      refused.push({ row, rule: "GRID-2", why: "no such village here / 本辖区没有该村" });
    else if (worker.gridCode !== undefined && grids.get(worker.gridCode) !== worker.areaCode)
      refused.push({ row, rule: "GRID-2", why: "no such grid in the village / 该村没有此网格" });
    else good.set(`${worker.areaCode} ${worker.no}`, worker);
  }
  const fresh = good.size === 0 ? 0 : await putWorkers(tx, [...good.values()]);
  return { taken: fresh, known: workers.length - refused.length - fresh, refused };
}

export const registerWorkers = useCase(
  { name: "grid.registerWorkers", permission: "grid.grid.write", kind: "write" },
  (tx, input: { workers: readonly NewWorker[] }) => takeWorkers(tx, input.workers),
);

const phoneEndChars = 4;

export const listWorkers = useCase(
  { name: "grid.workers", permission: "grid.grid.read", kind: "read" },
  async (tx, query: GridQuery): Promise<Page<WorkerRow>> => {
    const page = await pageWorkers(tx, query);
    return {
      next: page.next,
      items: page.items.map(({ phoneEnc, ...row }) => ({
        ...row,
        phoneEnd: phoneEnc === null ? null : tx.services.secrets.open(phoneEnc).slice(-phoneEndChars),
      })),
    };
  },
);
