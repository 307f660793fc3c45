import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { dayOf, instantAt, type Instant } from "#kernel/time";
import type { Inbound } from "#domain/outbreaks";
import { areasByCode } from "#modules/areas";
import { isDay } from "#domain/people";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { registerPeople, type NewPerson } from "#modules/people";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  arrivalArea,
  findArrival,
  insertArrivals,
  lockArrivals,
  pageArrivals,
  setClassified,
  setEnded,
  setGrades,
  type ArrivalRow,
  type Grade,
  type NewArrival,
} from "./arrivals.store.ts";
import { arrivalCounts, type InboundDay } from "./inbound.figures.ts";
import { last4, receiptOf, sealIdentity } from "./identity.ts";
import type {
  Arrival,
  ArrivalDetail,
  ArrivalQuery,
  ArrivalsClassified,
  Classified,
  DeclarationSource,
  ListArrivals,
  Listed,
  Traveller,
} from "./inbound.model.ts";
import { levelOf, planFor, visitDue } from "./inbound.rules.ts";
import { regionsFor } from "./regions.store.ts";

/** The protocol's section, or a refusal where a protocol has none. spec: INB-0 */
export function inboundRules(outbreak: Outbreak): Inbound {
  const rules = outbreak.protocol.inbound;
  if (rules === undefined)
    throw new ProblemError("rule.refused", {
      rule: "INB-0",
      why: "the protocol has no inbound control / 方案没有外防输入规定",
    });
  return rules;
}

/** Refuses codes outside the actor's area, and codes that no area has. */
export async function checkAreas(tx: Tx, codes: readonly string[]): Promise<void> {
  if (codes.some((code) => !isWithin(code, tx.actor.areaCode))) throw new ProblemError("auth.outsideJurisdiction");
  const known = await areasByCode(tx, codes);
  if (codes.some((code) => !known.has(code))) throw new ProblemError("record.notFound", { what: "area" });
}

/** The level and the plan of stays as the lists say today. spec: INB-1, INB-2 */
export async function gradeStays(
  tx: Tx,
  outbreak: Outbreak,
  stays: readonly { readonly id: string; readonly origin: string; readonly leftOn: string }[],
): Promise<Grade[]> {
  const rules = inboundRules(outbreak);
  const regions = await regionsFor(tx, outbreak.id, [...new Set(stays.map((stay) => stay.origin))]);
  const today = dayOf(tx.now, outbreak.timeZone);
  return stays.map(({ id, origin, leftOn }) => {
    const level = levelOf(rules, regions, { origin, leftOn, today });
    return { id, level, ...planFor(rules, level) };
  });
}

/**
 * Adds arrivals in a caller's transaction; each new one is a visit of its grid, due by the protocol. Trusts its
 * caller for the areas. Returns the ids, null where the traveller was entered before.
 */
export async function addArrivals(
  tx: Tx,
  outbreak: Outbreak,
  source: DeclarationSource,
  travellers: readonly Traveller[],
): Promise<{ readonly rows: readonly NewArrival[]; readonly added: Set<string> }> {
  const rules = inboundRules(outbreak);
  const { secrets } = tx.services;
  if (travellers.some((of) => !isDay(of.leftOn)))
    throw new ProblemError("request.invalid", {}, [{ pointer: "/leftOn", detail: "not a day of the calendar" }]);
  const plain = travellers.map((of) => ({ ...of, id: tx.newId(), arrivesAt: of.arrivesAt ?? tx.now }));
  const grades = await gradeStays(tx, outbreak, plain);
  const rows = plain.map((of, i): NewArrival => {
    const { level, plan, rule } = need(grades[i], "each stay has its level");
    return {
      ...sealIdentity(secrets, of),
      id: of.id,
      receipt: receiptOf(secrets, { ...of, day: dayOf(of.arrivesAt, outbreak.timeZone) }),
      areaCode: of.areaCode,
      name: of.name,
      origin: of.origin,
      via: of.via ?? "",
      leftOn: of.leftOn,
      arrivesAt: of.arrivesAt,
      vehicle: of.vehicle ?? null,
      level,
      plan,
      rule,
      dueAt: visitDue(rules, source, of.arrivesAt, tx.now),
    };
  });
  const added = await insertArrivals(tx, { outbreakId: outbreak.id, source, arrived: source !== "public" }, rows);
  await askForVisits(
    tx,
    outbreak,
    rows.filter((row) => added.has(row.id)),
    rules.visit.rule,
  );
  return { rows, added };
}

async function askForVisits(tx: Tx, outbreak: Outbreak, rows: readonly NewArrival[], rule: string): Promise<void> {
  await createTasks(
    tx,
    rows.map(({ id, areaCode, level, dueAt }) => ({
      outbreakId: outbreak.id,
      kind: "arrivalVisit",
      areaCode,
      ownerTeam: "grid",
      subjectType: "arrival",
      subjectId: id,
      params: { level, rule },
      dueAt,
    })),
  );
  const first = rows[0];
  if (first)
    await tx.emit({
      name: "inbound.announced",
      outbreakId: outbreak.id,
      areaCode: first.areaCode,
      subjectType: "arrival",
      subjectId: first.id,
      data: { arrivals: rows.map(({ id, areaCode, level }) => ({ declarationId: id, areaCode, level })) },
    });
}

/** Enters people who came without a declaration: a village's list of returnees, a station's list. */
export const listArrivals = useCase(
  { name: "inbound.listArrivals", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: ListArrivals): Promise<Listed> => {
    await checkAreas(tx, [...new Set(input.travellers.map((of) => of.areaCode))]);
    const { rows, added } = await addArrivals(tx, await currentOutbreak(tx), input.source, input.travellers);
    return { added: added.size, known: rows.length - added.size, ids: [...added] };
  },
);

/** Everybody of the list is visited: level and plan as of today, entered in the register, the visit done. spec: INB-3 */
export const classifyArrivals = useCase(
  { name: "inbound.classify", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: { ids: readonly string[] }): Promise<Classified> => {
    const outbreak = await currentOutbreak(tx);
    const rows = await lockArrivals(tx, input.ids);
    if (rows.length !== new Set(input.ids).size) throw new ProblemError("record.notFound", { what: "arrival" });
    const open = rows.filter((row) => row.state === "declared" || row.state === "arrived");
    return classify(tx, outbreak, open);
  },
);

/** Classifies open arrivals in a caller's transaction. */
export async function classify(tx: Tx, outbreak: Outbreak, rows: readonly ArrivalRow[]): Promise<Classified> {
  if (rows.length === 0) return { classified: 0, plans: {} };
  const grades = await gradeStays(tx, outbreak, rows);
  await setGrades(tx, grades);
  const people = await registerPeople(tx, { register: "inbound", people: rows.map((row) => personOf(tx, row)) });
  const ids = rows.map((row) => row.id);
  await setClassified(
    tx,
    rows.map((row, i) => ({ id: row.id, personId: need(people[i], "each arrival is a person") })),
  );
  await completeTasks(tx, {
    subjectType: "arrival",
    subjectIds: ids,
    kind: "arrivalVisit",
    evidence: { note: "visited / 已上门核查" },
  });
  const placed = rows.map((row, i) => ({
    ...row,
    ...need(grades[i], "each stay has its level"),
    personId: people[i] ?? 0,
  }));
  await tellClassified(tx, outbreak, placed);
  const plans: Record<string, number> = {};
  for (const { plan } of grades) if (plan !== null) plans[plan] = (plans[plan] ?? 0) + 1;
  return { classified: rows.length, plans };
}

function personOf(tx: Tx, row: ArrivalRow): NewPerson {
  return {
    ref: row.receipt,
    areaCode: row.areaCode,
    name: row.name,
    ...(row.idEnc === null || row.idKind === null
      ? {}
      : { idKind: row.idKind, idNumber: tx.services.secrets.open(row.idEnc) }),
    ...(row.phoneEnc === null ? {} : { phone: tx.services.secrets.open(row.phoneEnc) }),
  };
}

/** Tells of arrivals that have a plan; the reaction orders it, whatever county the person is registered in. */
export async function tellClassified(
  tx: Tx,
  outbreak: Outbreak,
  rows: readonly (Grade & {
    readonly personId: number;
    readonly areaCode: string;
    readonly leftOn: string;
    readonly arrivesAt: Instant;
  })[],
): Promise<void> {
  const arrivals = rows.flatMap(({ id, personId, areaCode, plan, level, leftOn, arrivesAt }) => {
    if (plan === null) return [];
    // Days count from the leaving of a zone, from abroad from the entry. spec: INB-2
    const anchorAt = level === "abroad" ? arrivesAt : instantAt(leftOn, "12:00", outbreak.timeZone);
    return [{ declarationId: id, personId, areaCode, plan, anchorAt: anchorAt < tx.now ? anchorAt : tx.now }];
  });
  // By the register's numbers: receipts are made with a secret and would order them otherwise elsewhere.
  arrivals.sort((a, b) => a.personId - b.personId);
  const first = arrivals[0];
  if (first === undefined) return;
  await tx.emit({
    name: "inbound.classified",
    outbreakId: outbreak.id,
    areaCode: first.areaCode,
    subjectType: "arrival",
    subjectId: first.declarationId,
    data: { arrivals } satisfies ArrivalsClassified,
  });
}

async function areaOfArrival(input: { id: string }, tx: Tx): Promise<string> {
  const area = await arrivalArea(tx, input.id);
  if (area === undefined) throw new ProblemError("record.notFound", { what: "arrival" });
  return area;
}

/** Ends an arrival by hand with its reason: who did not come is cancelled, who was visited is closed. */
export const closeArrival = useCase(
  { name: "inbound.close", permission: "inbound.arrival.write", kind: "write", area: areaOfArrival },
  async (tx, input: { id: string; reason: string }): Promise<Arrival> => {
    const [row] = await lockArrivals(tx, [input.id]);
    const { state } = need(row, "its area was read in this transaction");
    if (state === "closed" || state === "cancelled") throw new ProblemError("state.notAllowed", { state });
    await setEnded(tx, input.id, state === "classified" ? "closed" : "cancelled", input.reason);
    await cancelTasks(tx, { subjectType: "arrival", subjectIds: [input.id] });
    return shown(need(await findArrival(tx, input.id), "an arrival is never deleted"));
  },
);

function shown(row: ArrivalRow): Arrival {
  const { id, receipt, areaCode, source, origin, leftOn, arrivesAt, state, level, plan, ruleId, dueAt } = row;
  const late = row.late ?? false;
  const { classifiedAt } = row;
  return {
    id,
    receipt,
    areaCode,
    source,
    origin,
    leftOn,
    arrivesAt,
    state,
    level,
    plan,
    ruleId,
    dueAt,
    classifiedAt,
    late,
  };
}

function detailed(tx: Tx, row: ArrivalRow): ArrivalDetail {
  const { secrets } = tx.services;
  const { name, via, vehicle, personId, declaredAt, arrivedAt, closedAt, closeReason } = row;
  const phone = row.phoneEnc === null ? null : secrets.open(row.phoneEnc);
  const who = { name, idLast4: last4(secrets, row.idEnc), phone, personId };
  return { ...shown(row), ...who, via, vehicle, declaredAt, arrivedAt, closedAt, closeReason };
}

/** Arrivals of an area, the earliest due first; without names. */
export const pageOfArrivals = useCase(
  { name: "inbound.arrivals", permission: "inbound.arrival.read", kind: "read" },
  async (tx, query: ArrivalQuery): Promise<Page<Arrival>> => {
    const page = await pageArrivals(tx, query);
    return { items: page.items.map(shown), next: page.next };
  },
);

/** The same list with names and telephones, for the visit list on paper; a personal read. */
export const visitList = useCase(
  { name: "inbound.visitList", permission: "inbound.arrival.read", kind: "read", personal: true },
  async (tx, query: ArrivalQuery): Promise<Page<ArrivalDetail>> => {
    const page = await pageArrivals(tx, query);
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    const count = page.items.length;
    await tx.audit({ action: "inbound.read", subjectType: "area", subjectId: areaCode, areaCode, count });
    return { items: page.items.map((row) => detailed(tx, row)), next: page.next };
  },
);

/** One arrival with who it is; a personal read. */
export const getArrival = useCase(
  {
    name: "inbound.get",
    permission: "inbound.arrival.read",
    kind: "read",
    personal: true,
    area: areaOfArrival,
  },
  async (tx, input: { id: string }): Promise<ArrivalDetail> => {
    const row = need(await findArrival(tx, input.id), "its area was read in this transaction");
    await tx.audit({ action: "inbound.read", subjectType: "arrival", subjectId: row.id, areaCode: row.areaCode });
    return detailed(tx, row);
  },
);

/** Arrivals of an area by level, for the head of the page. */
export const countArrivals = useCase(
  {
    name: "inbound.counts",
    permission: "inbound.arrival.read",
    kind: "read",
    area: (input: { areaCode?: string }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, input): Promise<InboundDay[]> => arrivalCounts(tx, input.areaCode ?? tx.actor.areaCode),
);
