import { createHash } from "node:crypto";
import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { minutesBetween } from "#kernel/time";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { checklistLibrary } from "./checklist.load.ts";
import {
  clockSkewMinutesMax,
  codePosted,
  faultsIn,
  newestFor,
  scoreOf,
  type AreaQuery,
  type Checklist,
  type InspectionsRecorded,
  type InspectionTeam,
  type NewVisit,
  type Place,
  type PlanRoutes,
  type PlaceType,
  type RecordInspections,
  type RegisterPlaces,
  type RegisterTeams,
  type RouteQuery,
  type RouteRow,
  type VisitRow,
} from "./domain.ts";
import { findingOf, raiseFindings, type FoundAt } from "./raise.service.ts";
import {
  insertVisits,
  keepChecklist,
  keptChecklists,
  pagePlaces,
  pageRoutes,
  pageTeams,
  pageVisits,
  placesByCode,
  teamAreas,
  upsertPlaces,
  upsertRoutes,
  upsertTeams,
  type StoredVisit,
} from "./inspection.store.ts";

const read = "inspection.finding.read";
const plan = "inspection.plan.write";

/** Refuses rows of another area than the call's. */
function checkWithin(rows: readonly { readonly areaCode: string }[], areaCode: string, pointer: string): void {
  if (rows.some((row) => !isWithin(row.areaCode, areaCode)))
    throw new ProblemError("request.invalid", {}, [{ pointer, detail: "not all in the area" }]);
}

/** Registers teams of an area; a known code is corrected. */
export const registerTeams = useCase(
  { name: "inspection.registerTeams", permission: plan, kind: "write", area: (input: RegisterTeams) => input.areaCode },
  async (tx, input): Promise<{ teams: number }> => {
    checkWithin(input.teams, input.areaCode, "/teams");
    return { teams: await upsertTeams(tx, input.teams) };
  },
);

export const listTeams = useCase(
  { name: "inspection.listTeams", permission: read, kind: "read" },
  (tx, query: AreaQuery): Promise<Page<InspectionTeam>> => pageTeams(tx, query),
);

/** Registers what is inspected in an area; a known code is corrected. */
export const registerPlaces = useCase(
  {
    name: "inspection.registerPlaces",
    permission: plan,
    kind: "write",
    area: (input: RegisterPlaces) => input.areaCode,
  },
  async (tx, input): Promise<{ places: number }> => {
    checkWithin(input.places, input.areaCode, "/places");
    return { places: await upsertPlaces(tx, input.places) };
  },
);

export const listPlaces = useCase(
  { name: "inspection.listPlaces", permission: read, kind: "read" },
  (tx, query: AreaQuery & { readonly placeType?: PlaceType }): Promise<Page<Place>> => pagePlaces(tx, query),
);

/** Plans which places each team goes to on a day; a day's route is replaced as a whole. */
export const planRoutes = useCase(
  { name: "inspection.planRoutes", permission: plan, kind: "write", area: (input: PlanRoutes) => input.areaCode },
  async (tx, input): Promise<{ routes: number }> => {
    const teams = await teamAreas(tx, [...new Set(input.routes.map((route) => route.teamCode))]);
    const places = await placesByCode(tx, [...new Set(input.routes.flatMap((route) => route.places))]);
    const routes = input.routes.map((route, i) => {
      const areaCode = teams.get(route.teamCode);
      if (areaCode === undefined) throw new ProblemError("record.notFound", { what: "inspection team" });
      if (route.places.some((code) => !places.has(code)))
        throw new ProblemError("request.invalid", {}, [{ pointer: `/routes/${i}/places`, detail: "unknown place" }]);
      return { ...route, areaCode };
    });
    checkWithin(routes, input.areaCode, "/routes");
    return { routes: await upsertRoutes(tx, routes) };
  },
);

export const listRoutes = useCase(
  { name: "inspection.listRoutes", permission: read, kind: "read" },
  async (tx, query: RouteQuery): Promise<Page<RouteRow>> =>
    pageRoutes(tx, query, (await findCurrentOutbreak(tx))?.timeZone ?? "UTC"),
);

export const listVisits = useCase(
  { name: "inspection.listVisits", permission: read, kind: "read" },
  (tx, query: AreaQuery): Promise<Page<VisitRow>> => pageVisits(tx, query),
);

/** The checklists in use: the newest of each kind of place and every version somebody inspected by. */
export const listChecklists = useCase(
  { name: "inspection.listChecklists", permission: read, kind: "read" },
  async (tx, _input: null): Promise<Checklist[]> => {
    const lists = new Map<string, Checklist>();
    for (const list of [...(await checklistLibrary()), ...((await keptChecklists(tx)) as Checklist[])])
      lists.set(`${list.id} ${list.version}`, list);
    return [...lists.values()];
  },
);

/** Keeps the version of a list that is about to be used; a version that was used never changes. spec: INS-2 */
export async function useChecklist(tx: Tx, placeType: PlaceType): Promise<Checklist> {
  const list = newestFor(await checklistLibrary(), placeType);
  if (list === undefined) throw new ProblemError("record.notFound", { what: "checklist" });
  const hash = createHash("sha256").update(JSON.stringify(list)).digest("hex");
  if ((await keepChecklist(tx, list, hash)) !== hash)
    throw new ProblemError("rule.refused", {
      rule: "INS-2",
      why: `${list.id} ${list.version} was used and has changed: raise its version / 已使用的版本不得修改`,
    });
  return list;
}

/** One checklist for each kind of place, kept for this call. */
async function checklistsFor(tx: Tx, placeTypes: Iterable<PlaceType>): Promise<Map<PlaceType, Checklist>> {
  const lists = new Map<PlaceType, Checklist>();
  for (const placeType of new Set(placeTypes)) lists.set(placeType, await useChecklist(tx, placeType));
  return lists;
}

/** A visit with its list and the items that were not met. */
interface JudgedVisit {
  readonly visit: StoredVisit;
  readonly list: Checklist;
  readonly found: readonly FoundAt[];
}

function judge(tx: Tx, visit: NewVisit, place: Place, list: Checklist): JudgedVisit {
  if (minutesBetween(tx.now, visit.at) > clockSkewMinutesMax)
    throw new ProblemError("request.invalid", {}, [{ pointer: "/visits", detail: "a visit lies in the future" }]);
  const faults = faultsIn(list, visit.answers);
  if (!faults.ok) throw new ProblemError(faults.refusal.code, faults.refusal.params);
  return {
    list,
    visit: {
      id: tx.newId(),
      teamCode: visit.teamCode,
      place,
      at: visit.at,
      checklistId: list.id,
      checklistVersion: list.version,
      answers: visit.answers,
      score: scoreOf(list, visit.answers),
      codePosted: codePosted(list, visit.answers),
    },
    found: faults.value.map(({ item, note }) => ({ item, note, severity: item.severity, fixNow: item.fixNow })),
  };
}

/**
 * Records visits by the newest list of each kind of place; every item answered with no becomes a finding with its
 * owner, deadline and task. The same visit twice is one. spec: INS-3, INS-4, INS-10
 */
export const recordInspections = useCase(
  {
    name: "inspection.recordVisits",
    permission: "inspection.visit.write",
    kind: "write",
    area: (input: RecordInspections) => input.areaCode,
  },
  async (tx, input): Promise<InspectionsRecorded> => {
    const outbreak = await currentOutbreak(tx);
    const teams = await teamAreas(tx, [...new Set(input.visits.map((visit) => visit.teamCode))]);
    if (input.visits.some((visit) => !teams.has(visit.teamCode)))
      throw new ProblemError("record.notFound", { what: "inspection team" });
    const places = await placesByCode(tx, [...new Set(input.visits.map((visit) => visit.placeId))]);
    if (input.visits.some((visit) => !places.has(visit.placeId)))
      throw new ProblemError("record.notFound", { what: "place" });
    checkWithin([...places.values()], input.areaCode, "/visits");
    const lists = await checklistsFor(
      tx,
      [...places.values()].map((place) => place.placeType),
    );
    const judged = input.visits.map((visit) => {
      const place = need(places.get(visit.placeId), "every place was found");
      return judge(tx, visit, place, need(lists.get(place.placeType), "every type has its list"));
    });
    const fresh = await insertVisits(
      tx,
      judged.map(({ visit }) => visit),
    );
    const rows = judged
      .filter(({ visit }) => fresh.has(visit.id))
      .flatMap(({ visit, list, found }) =>
        found.map((fault) => findingOf(tx, { ...visit, visitId: visit.id }, list, fault)),
      );
    const findings = await raiseFindings(tx, outbreak.id, rows);
    await tx.emit({
      name: "inspection.visited",
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      subjectType: "inspection",
      subjectId: input.areaCode,
      data: { visits: fresh.size, findings: findings.length },
    });
    return { recorded: fresh.size, already: input.visits.length - fresh.size, findings };
  },
);
