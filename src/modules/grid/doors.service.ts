import { ProblemError } from "#kernel/errors";
import { addHours, dayOf, instantAt, type Instant } from "#kernel/time";
import type { Grid } from "#domain/outbreaks";
import type { Outbreak } from "#modules/outbreaks";
import { bornBy, homesOfPeople, personCards } from "#modules/people";
import { untestedIn } from "#modules/screening";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import type { ExportQuery } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { withAreaNames } from "./names.service.ts";
import {
  insertItems,
  insertLists,
  lapseOlder,
  listsOf,
  lockItems,
  openItems,
  pageItems,
  pageLists,
  recount,
  settleSampled,
  storeVisits,
  sweepDoors,
  townChars,
  type Door,
  type NewList,
  type TakenVisit,
} from "./doors.store.ts";
import type {
  DoorItem,
  DoorItemQuery,
  DoorList,
  DoorListQuery,
  MadeLists,
  MakeDoorList,
  RowRefusal,
  Visit,
  VisitAnswer,
  Visited,
} from "./grid.model.ts";
import { itemStates } from "./grid.model.ts";
import { visitVerdict } from "./grid.rules.ts";
import { gridWork } from "./grids.service.ts";
import { workersOf } from "./grids.store.ts";

const doorsPerListMax = 200_000;
const hoursDefault = 24;

/** When a list made now must be walked. spec: GRID-2 */
export function listDue(grid: Grid, kind: DoorList["kind"], now: Instant): Instant {
  return addHours(now, grid.visits.hours[kind] ?? hoursDefault);
}

/** Makes a list in every town that has a door on it; the newer list of a kind that repeats takes the older one's place. */
export async function makeLists(tx: Tx, list: NewList, doors: readonly Door[]): Promise<MadeLists> {
  const towns = [...new Set(doors.map((door) => door.areaCode.slice(0, townChars)))].toSorted();
  if (doors.length === 0) return { lists: 0, items: 0 };
  await insertLists(tx, list, towns);
  const items = await insertItems(tx, list, doors);
  await recount(tx, await listsOf(tx, list.kind, list.key));
  return { lists: towns.length, items };
}

/** Ends the open doors of older lists of a kind in an area, and the tasks they caused. spec: GRID-2 */
export async function endOlder(tx: Tx, list: NewList, areaCode: string): Promise<void> {
  const { lists, escalated } = await lapseOlder(tx, list, areaCode);
  if (lists.length > 0) await recount(tx, lists);
  if (escalated.length > 0) await cancelTasks(tx, { subjectType: "doorItem", subjectIds: escalated });
}

/** The untested of a round as door lists; made again it adds who is missing and settles who came. spec: GRID-2 */
export async function listUntested(
  tx: Tx,
  work: { outbreak: Outbreak; grid: Grid },
  roundId: string,
  areaCode: string,
): Promise<MadeLists> {
  const list: NewList = {
    outbreakId: work.outbreak.id,
    kind: "untested",
    key: roundId,
    roundId,
    dueAt: listDue(work.grid, "untested", tx.now),
  };
  const missing = await untestedIn(tx, roundId, areaCode);
  await endOlder(tx, list, areaCode);
  const settled = await settleSampled(tx, list, areaCode, missing);
  if (settled.length > 0) await recount(tx, settled);
  return makeLists(tx, list, missing);
}

const yearDays = 4;

/** The day on or before which somebody of at least this age was born. */
function bornByDay(today: string, age: number): string {
  return `${String(Number(today.slice(0, yearDays)) - age).padStart(yearDays, "0")}${today.slice(yearDays)}`;
}

async function doorsFor(
  tx: Tx,
  work: { outbreak: Outbreak; grid: Grid },
  input: MakeDoorList,
): Promise<readonly Door[]> {
  if (input.kind === "elderly")
    // spec: GRID-2
    return bornBy(
      tx,
      input.areaCode,
      bornByDay(dayOf(tx.now, work.outbreak.timeZone), work.grid.elderly.fromAge),
      doorsPerListMax,
    );
  if (input.kind === "sweep") return sweepDoors(tx, input.areaCode, doorsPerListMax);
  const homes = await homesOfPeople(tx, input.personIds ?? []);
  return homes.filter((home) => home.areaCode.startsWith(input.areaCode));
}

export const makeDoorList = useCase(
  {
    name: "grid.makeDoorList",
    permission: "grid.door.write",
    kind: "write",
    area: (input: MakeDoorList) => input.areaCode,
  },
  async (tx, input): Promise<MadeLists> => {
    const work = await gridWork(tx);
    if (input.kind === "untested") {
      if (input.roundId === undefined)
        throw new ProblemError("request.invalid", {}, [{ pointer: "/roundId", detail: "which round" }]);
      return listUntested(tx, work, input.roundId, input.areaCode);
    }
    const dueAt = listDue(work.grid, input.kind, tx.now);
    const key = input.key ?? dayOf(tx.now, work.outbreak.timeZone);
    const list: NewList = { outbreakId: work.outbreak.id, kind: input.kind, key, roundId: null, dueAt };
    return makeLists(tx, list, await doorsFor(tx, work, input));
  },
);

/** The half-day's list of home quarantine: every watched person twice a day. spec: GRID-4 */
export async function listHomes(
  tx: Tx,
  work: { outbreak: Outbreak; grid: Grid },
  half: { day: string; half: string; until: string },
  doors: readonly Door[],
): Promise<void> {
  const list: NewList = {
    outbreakId: work.outbreak.id,
    kind: "homeQuarantine",
    key: `${half.day} ${half.half}`,
    roundId: null,
    dueAt: instantAt(half.day, half.until, work.outbreak.timeZone),
  };
  if ((await listsOf(tx, list.kind, list.key)).length > 0) return;
  await endOlder(tx, list, "");
  await makeLists(tx, list, doors);
}

const tasksPerCallMax = 500;

/** Takes visits with their proofs; a visit that is refused changes nothing and says why. spec: GRID-3 */
export const recordVisits = useCase(
  { name: "grid.recordVisits", permission: "grid.visit.write", kind: "write" },
  async (tx, input: { visits: readonly Visit[] }): Promise<VisitAnswer> => {
    const { outbreak, grid } = await gridWork(tx);
    const items = await lockItems(
      tx,
      input.visits.map((visit) => visit.itemId),
    );
    const villages = [...new Set([...items.values()].map((item) => item.areaCode))].toSorted();
    const nos = [...new Set(input.visits.flatMap((visit) => visit.workerNo ?? []))];
    const workers = await workersOf(tx, villages, nos, tx.actor.id);
    const refused: RowRefusal[] = [];
    const taken = new Map<string, TakenVisit>();
    for (const [row, visit] of input.visits.entries()) {
      const item = items.get(visit.itemId) ?? null;
      const worker =
        workers.find(
          (one) =>
            one.areaCode === item?.areaCode &&
            (visit.workerNo === undefined ? one.account === tx.actor.id : one.no === visit.workerNo),
        ) ?? null;
      const verdict = visitVerdict({
        item,
        worker,
        outcome: visit.outcome,
        method: visit.proof?.method ?? null,
        at: visit.at,
        now: tx.now,
        notHomeMax: grid.visits.notHomeMax,
      });
      if (!verdict.ok) refused.push({ row, rule: verdict.rule, why: verdict.why });
      else if (taken.has(visit.itemId)) refused.push({ row, rule: "GRID-3", why: "twice in one call / 同一户重复" });
      else if (worker) taken.set(visit.itemId, { visit, workerId: worker.id, ...verdict });
    }
    const visits = [...taken.values()];
    if (visits.length > 0) await storeVisits(tx, visits);
    const found = visits.flatMap(({ visit }) =>
      visit.outcome !== "notHome" && items.get(visit.itemId)?.escalated ? [visit.itemId] : [],
    );
    if (found.length > 0)
      await completeTasks(tx, {
        subjectType: "doorItem",
        subjectIds: found,
        evidence: { note: "reached at the door / 已入户" },
      });
    const escalated = visits.filter(({ escalate }) => escalate);
    for (let from = 0; from < escalated.length; from += tasksPerCallMax)
      await createTasks(
        tx,
        escalated.slice(from, from + tasksPerCallMax).map(({ visit }) => ({
          outbreakId: outbreak.id,
          kind: "doorNotHome",
          areaCode: items.get(visit.itemId)?.areaCode ?? tx.actor.areaCode,
          ownerTeam: "grid",
          subjectType: "doorItem",
          subjectId: visit.itemId,
          params: { rule: "GRID-3", attempts: grid.visits.notHomeMax },
          dueAt: addHours(tx.now, grid.visits.escalationHours),
        })),
      );
    const listIds = [...new Set(visits.map(({ visit }) => items.get(visit.itemId)?.listId ?? ""))].toSorted();
    const data: Visited = { listIds, visits: visits.length };
    // The lists are their towns' own: the reaction counts them, wherever the worker stands.
    if (listIds.length > 0)
      await tx.emit({
        name: "grid.visited",
        outbreakId: outbreak.id,
        areaCode: tx.actor.areaCode === "" ? outbreak.areaCode : tx.actor.areaCode,
        subjectType: "doorList",
        subjectId: listIds[0] ?? "",
        data,
      });
    return {
      recorded: visits.length,
      counted: visits.filter(({ counted }) => counted).length,
      escalated: escalated.length,
      refused,
    };
  },
);

export const listDoorLists = useCase(
  { name: "grid.doorLists", permission: "grid.door.read", kind: "read" },
  async (tx, query: DoorListQuery): Promise<Page<DoorList>> => withAreaNames(tx, await pageLists(tx, query)),
);

export const listDoorItems = useCase(
  { name: "grid.doorItems", permission: "grid.door.read", kind: "read" },
  (tx, query: DoorItemQuery): Promise<Page<DoorItem>> => pageItems(tx, query),
);

/** A door with the name to ask for. */
export type NamedDoor = DoorItem & { readonly personName: string | null };

/** The doors as a worker carries them, with names; asks for a reason. */
export const namedDoors = useCase(
  { name: "grid.namedDoors", permission: "grid.door.read", kind: "read", personal: true },
  async (tx, query: ExportQuery): Promise<Page<NamedDoor>> => {
    const state = itemStates.find((word) => word === query.state);
    const { state: _asked, ...rest } = query;
    const page = await pageItems(tx, { ...rest, ...(state ? { state } : {}) });
    const cards = await personCards(
      tx,
      page.items.flatMap((row) => row.personId ?? []),
    );
    const names = new Map(cards.map((card) => [card.id, card.name]));
    return {
      next: page.next,
      items: page.items.map((row) => ({
        ...row,
        personName: row.personId === null ? null : (names.get(row.personId) ?? null),
      })),
    };
  },
);

const openDoorsMax = 20_000;

/** Doors of a list still to be knocked at, in walking order, for whoever plans a town's or county's walk. */
export async function doorsLeft(tx: Tx, areaCode: string, kind: DoorList["kind"], key: string): Promise<DoorItem[]> {
  return openItems(tx, areaCode, kind, key, openDoorsMax);
}

/** Counts the lists of a batch of visits anew. */
export async function onVisited(tx: Tx, listIds: readonly string[]): Promise<void> {
  await recount(tx, listIds);
}

/** Returnees known to inbound control become doors of their town's day. spec: GRID-2 */
export async function onReturned(
  tx: Tx,
  work: { outbreak: Outbreak; grid: Grid },
  personIds: readonly number[],
): Promise<void> {
  const key = dayOf(tx.now, work.outbreak.timeZone);
  const dueAt = listDue(work.grid, "returnee", tx.now);
  const list: NewList = { outbreakId: work.outbreak.id, kind: "returnee", key, roundId: null, dueAt };
  await makeLists(tx, list, await homesOfPeople(tx, personIds));
}
