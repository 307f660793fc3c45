import { addHours } from "#kernel/time";
import type { Grid } from "#domain/outbreaks";
import { areasByCode } from "#modules/areas";
import type { Outbreak } from "#modules/outbreaks";
import { homesOfHouseholds } from "#modules/people";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { withAreaNames } from "./names.service.ts";
import type {
  MovedNeeds,
  MoveNeeds,
  Need,
  NeedQuery,
  NewNeed,
  PublicNeed,
  PublicReceipt,
  RowRefusal,
  TakenAnswer,
} from "./grid.model.ts";
import { needRefusal } from "./grid.rules.ts";
import { gridWork } from "./grids.service.ts";
import {
  feedWatched,
  insertNeeds,
  lockNeeds,
  openNeeds,
  pageNeeds,
  storeMoves,
  type AskedNeed,
} from "./needs.store.ts";

const hoursDefault = 48;

/** Writes requests of households down with their deadlines and gives each to the grid as a task. spec: GRID-5 */
export async function takeNeeds(tx: Tx, needs: readonly NewNeed[]): Promise<TakenAnswer> {
  const { outbreak, grid } = await gridWork(tx);
  const villages = await areasByCode(
    tx,
    needs.map((need) => need.areaCode),
  );
  const homes = await homesOfHouseholds(
    tx,
    needs.flatMap((need) => need.householdId ?? []),
  );
  const refused: RowRefusal[] = [];
  const asked = new Map<string, AskedNeed>();
  for (const [row, need] of needs.entries()) {
    const own = need.areaCode.startsWith(tx.actor.areaCode) && villages.has(need.areaCode);
    const known = need.householdId === undefined || homes.get(need.householdId) === need.areaCode;
    const id = tx.newId();
    if (!own) refused.push({ row, rule: "GRID-5", why: "no such village here / 本辖区没有该村" });
    else if (!known) refused.push({ row, rule: "GRID-5", why: "no such household in the village / 该村没有此户" });
    else if (need.householdId === undefined && (need.place ?? "") === "")
      refused.push({ row, rule: "GRID-5", why: "a household or its door / 须填户号或门牌" });
    else {
      const dueAt = addHours(tx.now, grid.needs.hours[need.kind] ?? hoursDefault);
      const key = need.ref ?? id;
      asked.set(`${need.areaCode} ${need.kind} ${key}`, { ...need, id, key, dueAt });
    }
  }
  const fresh = asked.size === 0 ? new Set<string>() : await insertNeeds(tx, outbreak.id, [...asked.values()]);
  await createTasks(
    tx,
    [...asked.values()].flatMap((need) =>
      fresh.has(need.id)
        ? {
            outbreakId: outbreak.id,
            kind: "householdNeed",
            areaCode: need.areaCode,
            ownerTeam: "grid" as const,
            subjectType: "householdNeed",
            subjectId: need.id,
            params: { need: need.kind, rule: "GRID-5" },
            dueAt: need.dueAt,
          }
        : [],
    ),
  );
  return { taken: fresh.size, known: needs.length - refused.length - fresh.size, refused };
}

export const askNeeds = useCase(
  { name: "grid.askNeeds", permission: "grid.need.write", kind: "write" },
  (tx, input: { needs: readonly NewNeed[] }) => takeNeeds(tx, input.needs),
);

const receiptChars = 8;

/** A household asks without an account; the answer is made from what was just sent. spec: GRID-5 */
export const askInPublic = useCase(
  { name: "grid.askInPublic", permission: "grid.public.write", kind: "write" },
  async (tx, input: PublicNeed): Promise<PublicReceipt> => {
    const { grid } = await gridWork(tx);
    const number = tx.newId().slice(-receiptChars).toUpperCase();
    const { taken } = await takeNeeds(tx, [{ ...input, place: input.place.trim(), ref: number }]);
    const hours = grid.needs.hours[input.kind] ?? hoursDefault;
    const next =
      tx.lang === "en"
        ? `Your grid worker brings it or calls you within ${hours} hours. Keep this number.`
        : `网格员将在 ${hours} 小时内送达或联系您，请保留登记号。`;
    return { number: taken === 0 ? null : number, next };
  },
);

/** What the public page needs to show its form. */
export const needFormFacts = useCase(
  { name: "grid.needForm", permission: "grid.public.read", kind: "read" },
  async (tx, _input: null): Promise<{ drill: boolean }> => {
    const { outbreak } = await gridWork(tx);
    return { drill: outbreak.drill };
  },
);

/** Moves needs on: accepted, delivered, confirmed by the household, refused. spec: GRID-6 */
export const moveNeeds = useCase(
  { name: "grid.moveNeeds", permission: "grid.need.write", kind: "write" },
  async (tx, input: MoveNeeds): Promise<MovedNeeds> => {
    const needs = await lockNeeds(tx, input.ids);
    const confirmedBy = input.confirmedBy ?? null;
    const refused: RowRefusal[] = [];
    const good = new Set<string>();
    for (const [row, id] of input.ids.entries()) {
      const refusal = needRefusal(needs.get(id) ?? null, input.to, confirmedBy);
      if (refusal === null) good.add(id);
      else refused.push({ row, ...refusal });
    }
    const ids = [...good];
    if (ids.length > 0) await storeMoves(tx, ids, input.to, confirmedBy);
    const tasks = { subjectType: "householdNeed", subjectIds: ids.filter((id) => needs.get(id)?.cause === "request") };
    if (tasks.subjectIds.length > 0 && input.to === "delivered")
      await completeTasks(tx, { ...tasks, evidence: { note: "delivered / 已送达" } });
    if (tasks.subjectIds.length > 0 && input.to === "refused") await cancelTasks(tx, tasks);
    return { moved: ids.length, refused };
  },
);

export const listNeeds = useCase(
  { name: "grid.needs", permission: "grid.need.read", kind: "read" },
  async (tx, query: NeedQuery): Promise<Page<Need>> => withAreaNames(tx, await pageNeeds(tx, query)),
);

/** Food that has become due for households under control; called when a control begins and by the clock. spec: GRID-5 */
export async function feed(tx: Tx, work: { outbreak: Outbreak; grid: Grid }): Promise<number> {
  const { needs } = work.grid;
  return feedWatched(tx, work.outbreak.id, {
    grid: needs,
    fedBefore: addHours(tx.now, -needs.foodEveryHours),
    dueAt: addHours(tx.now, needs.hours.food ?? hoursDefault),
  });
}

const openNeedsMax = 20_000;

/** Needs of an area in one state, for whoever plans the deliveries of a town or county. */
export async function needsIn(tx: Tx, areaCode: string, state: Need["state"]) {
  return openNeeds(tx, areaCode, state, openNeedsMax);
}
