import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { addHours, dayOf, parseInstant } from "#kernel/time";
import type { Sentinel } from "#domain/outbreaks";
import { idFault, normalId, normalPhone } from "#domain/people";
import { areasByCode } from "#modules/areas";
import { currentOutbreak, outbreakById } from "#modules/outbreaks";
import { personCards, registerPeople, type NewPerson } from "#modules/people";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { sentinelOf } from "./protocol.service.ts";
import type {
  NewSignal,
  RowsTaken,
  Signalled,
  SignalPerson,
  SignalQuery,
  SignalState,
  Unit,
  Visit,
} from "./sentinel.model.ts";
import { afterVisit, nameFault, signalClocks, signalFault } from "./sentinel.rules.ts";
import {
  insertSignals,
  knownRefs,
  lockSignals,
  pageSignals,
  updateSignals,
  type SignalFacts,
} from "./signals.store.ts";
import { unitsByCode } from "./units.store.ts";

/** A signal from a probe to the visit at the door. */

type Bad = RowsTaken["bad"][number];
type Fault = Omit<Bad, "index">;

/** A signal that reads well, with its unit and, unless the register's number was given, its person. */
interface ReadSignal {
  readonly signal: NewSignal;
  readonly unit: Unit;
  readonly person: NewPerson | null;
}

const peopleRegister = "sentinel";
const earlyMinutesMax = 10;
const eastmostHours = 14;

/**
 * Takes signals of probes: each names a person, and the community where they stay is asked to visit in the protocol's
 * hours, also when that is another county. A number the unit has sent before is the same signal. spec: SEN-1, SEN-2, SEN-3
 */
export const reportSignals = useCase(
  { name: "sentinel.reportSignals", permission: "sentinel.signal.write", kind: "write" },
  (tx, input: { signals: readonly NewSignal[] }) => takeSignals(tx, input.signals),
);

/** The same inside a caller's transaction (the spreadsheet's). */
export async function takeSignals(tx: Tx, signals: readonly NewSignal[]): Promise<RowsTaken> {
  if (signals.length > bulkItemsMax) throw new ProblemError("limit.exceeded", { limit: bulkItemsMax });
  const outbreak = await currentOutbreak(tx);
  const sentinel = sentinelOf(outbreak);
  const { good, bad, known } = await readSignals(tx, sentinel, signals);
  if (good.length === 0) return { taken: 0, known, bad };
  const ids = await personIds(tx, good);
  const data: Signalled = {
    signals: good.map(({ signal, unit }, i) => ({
      signalId: tx.newId(),
      areaCode: signal.areaCode,
      unitId: unit.id,
      unitKind: unit.kind,
      personId: need(ids[i], "every signal has a person"),
      ref: signal.ref,
      at: signal.at ?? tx.now,
      temperature: signal.temperature ?? null,
      drugClasses: signal.drugClasses ?? [],
      symptoms: signal.symptoms ?? [],
      ...signalClocks(sentinel, signal.at ?? tx.now),
    })),
  };
  const first = need(good[0], "there is a good signal");
  // The person may stay in another county than the shop's: the reaction writes there.
  await tx.emit({
    name: "sentinel.signalled",
    outbreakId: outbreak.id,
    areaCode: first.unit.areaCode,
    subjectType: "probe",
    subjectId: first.unit.id,
    data,
  });
  return { taken: good.length, known, bad };
}

async function readSignals(
  tx: Tx,
  sentinel: Sentinel,
  signals: readonly NewSignal[],
): Promise<{ good: ReadSignal[]; bad: Bad[]; known: number }> {
  const units = await unitsByCode(tx, [...new Set(signals.map((row) => row.unit))]);
  const areas = await areasByCode(tx, [...new Set(signals.map((row) => row.areaCode))]);
  const unitIds = [...units.values()].map((unit) => unit.id);
  const sent = await knownRefs(tx, unitIds, [...new Set(signals.map((row) => row.ref))]);
  const good: ReadSignal[] = [];
  const bad: Bad[] = [];
  let known = 0;
  for (const [index, row] of signals.entries()) {
    const unit = units.get(row.unit);
    const signal = row.at === undefined ? row : { ...row, at: momentOf(row.at) };
    if (unit && sent.has(`${unit.id} ${row.ref}`)) {
      known += 1;
      continue;
    }
    const fault = faultOf(tx, sentinel, signal, { unit, placed: areas.has(row.areaCode) });
    if (fault || !unit) {
      bad.push({ index, ...(fault ?? { field: "unit", message: "is unknown / 无此单位" }) });
      continue;
    }
    sent.add(`${unit.id} ${row.ref}`);
    good.push({ signal, unit, person: row.personId === undefined ? personOf(tx, signal, unit) : null });
  }
  return { good, bad, known };
}

function momentOf(text: string): string {
  return Number.isFinite(Date.parse(text)) ? parseInstant(text) : "";
}

function faultOf(
  tx: Tx,
  sentinel: Sentinel,
  signal: NewSignal,
  facts: { unit: Unit | undefined; placed: boolean },
): Fault | null {
  if (!facts.unit) return { field: "unit", message: "is not a unit of your area / 辖区内无此单位" };
  if (facts.unit.state === "closed") return { field: "unit", message: "is closed / 该单位已停用" };
  if (!facts.placed) return { field: "areaCode", message: "is not an area / 无此区划" };
  if (signal.at === "") return { field: "at", message: "is not a moment / 不是时间" };
  if (signal.at !== undefined && Date.parse(signal.at) > Date.parse(tx.now) + earlyMinutesMax * 60_000)
    return { field: "at", message: "lies ahead / 时间晚于现在" };
  const seen = {
    temperature: signal.temperature ?? null,
    drugClasses: signal.drugClasses ?? [],
    symptoms: signal.symptoms ?? [],
  };
  return signalFault(sentinel, seen) ?? (signal.personId === undefined ? identityFault(tx, signal) : null);
}

/** A real name, and a number by which the person is known again or called. spec: SEN-1 */
function identityFault(tx: Tx, signal: NewSignal): Fault | null {
  const name = nameFault(signal.name ?? "");
  if (name) return { field: "name", message: name };
  if (!signal.idNumber && !signal.phone)
    return { field: "idNumber", message: "or a phone is needed / 须有身份证号或电话" };
  if (signal.phone && normalPhone(signal.phone) === null)
    return { field: "phone", message: "is not a phone number / 电话有误" };
  if (!signal.idNumber) return null;
  const today = dayOf(addHours(tx.now, eastmostHours), "UTC");
  const fault = idFault("residentId", normalId("residentId", signal.idNumber), { today });
  return fault === null ? null : { field: "idNumber", message: fault };
}

function personOf(tx: Tx, signal: NewSignal, unit: Unit): NewPerson {
  const phone = signal.phone ? normalPhone(signal.phone) : null;
  return {
    // A stranger whose stay lies outside the reader's area is put down where the unit stands; the visit goes to the stay.
    areaCode: isWithin(signal.areaCode, tx.actor.areaCode) ? signal.areaCode : unit.areaCode,
    name: (signal.name ?? "").trim(),
    ...(signal.idNumber
      ? { idNumber: normalId("residentId", signal.idNumber) }
      : { ref: `${unit.code} ${signal.ref}` }),
    ...(phone === null ? {} : { phone }),
  };
}

async function personIds(tx: Tx, good: readonly ReadSignal[]): Promise<number[]> {
  const strangers = good.flatMap((row) => row.person ?? []);
  const ids = await registerPeople(tx, { register: peopleRegister, people: strangers });
  let next = 0;
  return good.map((row) => row.signal.personId ?? need(ids[next++], "every stranger was registered"));
}

/** Reaction to `sentinel.signalled`: the signals are stored where the people stay, each with its visit. */
export async function storeSignals(tx: Tx, outbreakId: string, data: Signalled): Promise<void> {
  const outbreak = await outbreakById(tx, outbreakId);
  const facts = { outbreakId, protocolVersion: outbreak.protocolVersion };
  const stored = new Set(await insertSignals(tx, facts, data.signals));
  await createTasks(
    tx,
    data.signals
      .filter((signal) => stored.has(signal.signalId))
      .map((signal) => ({
        outbreakId,
        kind: "sentinelVisit",
        areaCode: signal.areaCode,
        ownerTeam: "grid" as const,
        subjectType: "probeSignal",
        subjectId: signal.signalId,
        params: { unitKind: signal.unitKind, rule: "SEN-3" },
        dueAt: signal.visitDueAt,
      })),
  );
}

const visitsMax = 500;

/** Records visits to signalled people: to be tested, swab taken, another cause found, or nobody found. spec: SEN-4, SEN-5 */
export const recordVisits = useCase(
  { name: "sentinel.recordVisits", permission: "sentinel.visit.write", kind: "write" },
  (tx, input: { visits: readonly Visit[] }) => takeVisits(tx, input.visits),
);

/** Records one visit; refused as a whole where the list would name the row. */
export const recordVisit = useCase(
  { name: "sentinel.recordVisit", permission: "sentinel.visit.write", kind: "write" },
  async (tx, input: Visit): Promise<RowsTaken> => {
    const outcome = await takeVisits(tx, [input]);
    const [bad] = outcome.bad;
    if (bad?.field === "signalId") throw new ProblemError("record.notFound", { what: "signal" });
    if (bad) throw new ProblemError("rule.refused", { rule: "SEN-5", why: bad.message });
    return outcome;
  },
);

async function takeVisits(tx: Tx, visits: readonly Visit[]): Promise<RowsTaken> {
  if (visits.length > visitsMax) throw new ProblemError("limit.exceeded", { limit: visitsMax });
  const signals = await lockSignals(
    tx,
    visits.map((row) => row.signalId),
  );
  const bad: Bad[] = [];
  const moves: { signal: SignalFacts; state: SignalState; reason: string | null }[] = [];
  let known = 0;
  for (const [index, visit] of visits.entries()) {
    const signal = signals.get(visit.signalId);
    if (!signal) {
      bad.push({ index, field: "signalId", message: "is not a signal of your area / 辖区内无此信号" });
      continue;
    }
    const next = afterVisit(signal.state, visit.outcome, visit.reason ?? null);
    if (!next.ok) bad.push({ index, field: "outcome", message: String(next.refusal.params["why"] ?? signal.state) });
    else if (next.value === signal.state) known += 1;
    else moves.push({ signal, state: next.value, reason: visit.reason ?? null });
  }
  await carryOut(tx, moves);
  return { taken: moves.length, known, bad };
}

async function carryOut(
  tx: Tx,
  moves: readonly { signal: SignalFacts; state: SignalState; reason: string | null }[],
): Promise<void> {
  if (moves.length === 0) return;
  await updateSignals(
    tx,
    moves.map(({ signal, state, reason }) => ({ id: signal.id, state, reason, visited: state !== "lost" })),
  );
  await completeTasks(tx, {
    subjectType: "probeSignal",
    subjectIds: moves.map(({ signal }) => signal.id),
    kind: "sentinelVisit",
    evidence: { note: "SEN-4" },
  });
  const asked = moves.filter(({ state }) => state === "visited");
  await createTasks(
    tx,
    asked.map(({ signal }) => ({
      outbreakId: signal.outbreakId,
      kind: "sentinelTest",
      areaCode: signal.areaCode,
      ownerTeam: "sampling" as const,
      subjectType: "probeSignal",
      subjectId: signal.id,
      params: { rule: "SEN-3" },
      dueAt: signal.testDueAt,
    })),
  );
  await endTests(
    tx,
    moves.filter(({ state }) => state !== "visited").map(({ signal }) => signal.id),
  );
}

/** A signal that needs no test any more has no test task. */
async function endTests(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await cancelTasks(tx, { subjectType: "probeSignal", subjectIds: ids, kind: "sentinelTest" });
}

export const listSignals = useCase(
  { name: "sentinel.signals", permission: "sentinel.signal.read", kind: "read" },
  (tx, query: SignalQuery) => pageSignals(tx, query),
);

/** Who a signal is about, for the visit; a personal read. */
export const signalPerson = useCase(
  { name: "sentinel.signalPerson", permission: "sentinel.person.read", kind: "read", personal: true },
  async (tx, input: { id: string }): Promise<SignalPerson> => {
    const signal = (await lockSignals(tx, [input.id])).get(input.id);
    const [card] = signal ? await personCards(tx, [signal.personId]) : [];
    if (!signal || !card) throw new ProblemError("record.notFound", { what: "signal" });
    await tx.audit({
      action: "people.read",
      subjectType: "person",
      subjectId: String(card.id),
      areaCode: card.areaCode,
    });
    return { personId: card.id, name: card.name, sex: card.sex, idLast4: card.idLast4, areaCode: card.areaCode };
  },
);
