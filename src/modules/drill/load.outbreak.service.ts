import { registerCasesBulk, type BulkCase } from "#modules/cases";
import { currentOutbreak, notePositive } from "#modules/outbreaks";
import { openRound } from "#modules/screening";
import { createTasksBulk, type BulkTask } from "#modules/tasks";
import {
  registerContactsBulk,
  registerInvestigationsBulk,
  type BulkContact,
  type BulkInvestigation,
  type NewExposure,
} from "#modules/tracing";
import { dueAt } from "#domain/outbreaks";
import { exposureWindow, isHigherRisk, placeDue } from "#domain/tracing";
import { need } from "#kernel/assert";
import { uuidv7 } from "#kernel/ids";
import { prngOf } from "#kernel/prng";
import { addHours, addMinutes, instantAt, type Instant } from "#kernel/time";
import type { Ctx, Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import { integerDraw, lognormalDraw, uniformDraw } from "#sim/draws";
import { foundContacts, type FoundContact } from "./load.contacts.rules.ts";
import type { FoundCase } from "./load.epidemic.rules.ts";
import type { LoadWorld } from "./load.world.service.ts";
import { personIdOf } from "./residents.rules.ts";

/** The open outbreak of a loaded city: its cases, contacts and tasks, stored as they stand on the last evening. */

const reportMinutes = 45;
const diagnosisMinutes = 90;
const controlMinutes = 150;
/** Of the contacts who must be placed, how many are not, whatever the time (assumed). */
const neverPlaced = 0.04;
const placedAfter = { medianMin: 6 * 60, p90Min: 14 * 60 } as const;
const identifiedLatestMinutes = 20 * 60;
/** Seven days at a site and three at home, with the test days between (assumed to be long enough for all). */
const observedHours = 10 * 24;

/** An id that is the same in every load of the same city. */
function idOf(world: LoadWorld, what: string, no: number, at: Instant): string {
  return uuidv7(at, prngOf(world.seed, `load ${what} ${no}`));
}

function caseIdOf(world: LoadWorld, record: FoundCase): string {
  return idOf(world, "case", record.person, world.instantAt(record.positiveMinute));
}

function villageOf({ city }: LoadWorld, person: number): string {
  return need(city.villages[city.villageOf(person)], "a person lives in a village").code;
}

/** The cases as rows, in the order of infection; numbers run in the order of diagnosis. */
export function caseRows(world: LoadWorld): BulkCase[] {
  const { cases } = world.epidemic;
  const byPerson = new Map(cases.map((record) => [record.person, record]));
  const last = { confirmed: 0, asymptomatic: 0 };
  const numbers = new Map<number, number>();
  for (const { person, state } of cases.toSorted(
    (a, b) => a.positiveMinute - b.positiveMinute || a.person - b.person,
  )) {
    last[state] += 1;
    numbers.set(person, last[state]);
  }
  return cases.map((record) => {
    const positiveAt = world.instantAt(record.positiveMinute);
    const infector = byPerson.get(record.infector);
    const diagnosedAt = addMinutes(positiveAt, diagnosisMinutes);
    // Whoever falls ill later than tonight is not known to.
    const isIll = record.onsetMinute !== null && record.onsetMinute <= world.epidemic.endMinute;
    return {
      id: caseIdOf(world, record),
      personId: personIdOf(record.person),
      areaCode: villageOf(world, record.person),
      state: record.state,
      number: need(numbers.get(record.person), "every case has a number"),
      provenance: "community",
      onsetAt: isIll ? world.instantAt(record.onsetMinute ?? 0) : null,
      sampledAt: world.instantAt(record.sampledMinute),
      positiveAt,
      diagnosedAt,
      reportDueAt: dueAt(world.protocol, "reportStatutory", diagnosedAt) ?? null,
      reportedAt: addMinutes(diagnosedAt, reportMinutes),
      controlAt: addMinutes(positiveAt, controlMinutes),
      infectorCaseId: infector ? caseIdOf(world, infector) : null,
    };
  });
}

/** Stores some of the cases, in the order of infection; returns how many. */
export async function loadCases(ctx: Ctx, world: LoadWorld, from: number, to: number): Promise<number> {
  const rows = caseRows(world).slice(from, to);
  await runDuty(ctx, async (tx) => {
    await registerCasesBulk(tx, rows);
    await registerInvestigationsBulk(
      tx,
      rows.map((row) => investigationOf(world, row, tx.now)),
    );
    const outbreak = await currentOutbreak(tx);
    await notePositive(tx, { outbreakId: outbreak.id, at: world.instantAt(world.epidemic.firstMinute) });
  });
  return rows.length;
}

function investigationOf(world: LoadWorld, row: BulkCase, now: Instant): BulkInvestigation {
  const { protocol, scenario } = world;
  const window = exposureWindow(protocol, row, scenario.timeZone, now);
  const done = (part: keyof LoadWorld["scenario"]["tracing"] & ("coreTrack" | "contactIdentified")): Instant | null => {
    const { medianMin, p90Min } = scenario.tracing[part];
    const at = addMinutes(
      row.positiveAt,
      Math.round(lognormalDraw(world.seed, `load ${part}`, row.personId, medianMin, p90Min)),
    );
    return at <= now ? at : null;
  };
  return {
    id: idOf(world, "investigation", row.personId, row.positiveAt),
    caseId: row.id,
    personId: row.personId,
    areaCode: row.areaCode,
    openedAt: row.positiveAt,
    coreDueAt: dueAt(protocol, "coreTrack", row.positiveAt) ?? null,
    coreDoneAt: done("coreTrack"),
    reportDueAt: dueAt(protocol, "epiReport", row.positiveAt) ?? null,
    reportDoneAt: done("contactIdentified"),
    windowFrom: window.from,
    windowTo: window.to,
  };
}

/** Everybody the cases of the city met, as many as were asked for; the same in every load. */
export function contactsOf(world: LoadWorld): FoundContact[] {
  return foundContacts(world, world.epidemic.cases, world.order.contacts);
}

function contactRow(world: LoadWorld, { person, case: record, met }: FoundContact, now: Instant): BulkContact {
  const { seed, protocol, scenario } = world;
  const kind = need(met.class, "a contact has a class");
  const { medianMin, p90Min } = scenario.tracing.contactIdentified;
  const after = (purpose: string, delay: { medianMin: number; p90Min: number }): number =>
    Math.round(lognormalDraw(seed, purpose, person, delay.medianMin, delay.p90Min));
  const delay = Math.min(identifiedLatestMinutes, after("loadIdentified", { medianMin, p90Min }));
  const found = addMinutes(world.instantAt(record.positiveMinute), delay);
  const identifiedAt = found < now ? found : now;
  const due = placeDue(protocol, kind, identifiedAt);
  const placed = addMinutes(identifiedAt, after("loadPlaced", placedAfter));
  const placedAt =
    due !== null && placed <= now && uniformDraw(seed, "loadNever", person) >= neverPlaced ? placed : null;
  const freed = addHours(placedAt ?? identifiedAt, observedHours);
  const isFreed = freed <= now && (due === null || placedAt !== null);
  return {
    id: idOf(world, "contact", person, identifiedAt),
    personId: personIdOf(person),
    areaCode: villageOf(world, person),
    caseId: caseIdOf(world, record),
    kind,
    criterionId: need(met.criterionId, "a class has a criterion"),
    ruleId: need(met.ruleId, "a class has a rule"),
    setting: met.setting,
    higherRisk: isHigherRisk(met),
    lastExposureAt: met.lastAt,
    identifiedAt,
    dueAt: due,
    placedAt,
    releasedAt: isFreed ? freed : null,
    state: isFreed ? "released" : placedAt === null ? "identified" : "placed",
  };
}

/** Stores contacts; returns how many, which may be fewer than were asked for. */
export async function loadContacts(ctx: Ctx, world: LoadWorld, contacts: readonly FoundContact[]): Promise<number> {
  await runDuty(ctx, (tx) =>
    registerContactsBulk(tx, {
      contacts: contacts.map((contact) => contactRow(world, contact, tx.now)),
      exposures: contacts.map(({ person, case: record, met }): NewExposure => ({
        ...met,
        caseId: caseIdOf(world, record),
        viaContactId: null,
        areaCode: villageOf(world, person),
      })),
    }),
  );
  return contacts.length;
}

const taskKinds = [
  { kind: "placeContact", ownerTeam: "isolation" },
  { kind: "doorSampling", ownerTeam: "doorSampling" },
  { kind: "transfer", ownerTeam: "transport" },
  { kind: "coreTrack", ownerTeam: "tracing" },
] as const;
/** Closed tasks behind each open one, as the days before left them (assumed). */
export const closedPerOpen = 5;
const lateHours = 12;
const aheadHours = 36;
const givenHours = 24;
const closedWithinDays = 7;
const hoursPerDay = 24;

/** Tasks spread over the people, every sixth of them open, some of those late. */
function taskRow(world: LoadWorld, no: number, now: Instant): BulkTask {
  const { seed, city, epidemic } = world;
  const person = integerDraw(seed, "loadTask", no, city.personCount);
  const subject = epidemic.cases[no % Math.max(1, epidemic.cases.length)];
  const draw = uniformDraw(seed, "loadTaskAt", no);
  const isOpen = no % (1 + closedPerOpen) === 0;
  const dueIn = isOpen
    ? draw * (lateHours + aheadHours) - lateHours
    : -hoursPerDay - draw * closedWithinDays * hoursPerDay;
  const due = addMinutes(now, Math.round(dueIn * 60));
  const given = addHours(due, -givenHours);
  const createdAt = given < now ? given : now;
  return {
    id: idOf(world, "task", no, createdAt),
    ...need(taskKinds[no % taskKinds.length], "a kind of task"),
    areaCode: villageOf(world, person),
    ...(subject
      ? { subjectType: "case", subjectId: caseIdOf(world, subject) }
      : { subjectType: "area", subjectId: villageOf(world, person) }),
    dueAt: due,
    createdAt,
    closedAt: isOpen ? null : addHours(due, -1),
  };
}

/** Stores the tasks from … to before …; returns how many. */
export async function loadTasks(ctx: Ctx, world: LoadWorld, from: number, to: number): Promise<number> {
  await runDuty(ctx, async (tx) => {
    const { id } = await currentOutbreak(tx);
    const rows = Array.from({ length: to - from }, (_, i) => taskRow(world, from + i, tx.now));
    await createTasksBulk(tx, id, rows);
  });
  return to - from;
}

/** Tells the ledger of figures of everything that was stored, as after the import of a line list. spec: FIG-1 */
export async function postFigures(ctx: Ctx, world: LoadWorld): Promise<number> {
  await runDuty(ctx, async (tx) => {
    await tellImported(tx, world, "cases.imported", world.order.cases);
    await tellImported(tx, world, "tracing.contactsImported", world.order.contacts);
  });
  return world.order.cases + world.order.contacts;
}

async function tellImported(tx: Tx, world: LoadWorld, name: string, count: number): Promise<void> {
  if (count === 0) return;
  await tx.emit({
    name,
    outbreakId: (await currentOutbreak(tx)).id,
    areaCode: world.scenario.areaCode,
    subjectType: "register",
    subjectId: "sim",
    data: { register: "sim", count, links: count },
  });
}

const roundOpens = "06:00";

/** A round of testing over the whole city, opened on the last morning: everybody is due. */
export async function openCityRound(ctx: Ctx, world: LoadWorld): Promise<number> {
  const at = instantAt(world.order.until, roundOpens, world.scenario.timeZone);
  const { due } = await openRound({ ...ctx, clock: { now: () => at } }, { areaCode: world.scenario.areaCode });
  return due;
}
