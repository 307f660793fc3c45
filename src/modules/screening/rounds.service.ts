import { isWithin } from "#kernel/area";
import { assert } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addMinutes, dayOf, type Day, minutesBetween } from "#kernel/time";
import { dueAt, isCommunity, type Provenance } from "#domain/outbreaks";
import { currentOutbreak } from "#modules/outbreaks";
import { peopleCount, type PeopleRegistered } from "#modules/people";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { addRegistered, lockDue } from "./counters.store.ts";
import { pageCoverage } from "./coverage.store.ts";
import type { RoundClosed, RoundOpened } from "./events.model.ts";
import { roundNeeds } from "./needs.rules.ts";
import { lastReconciliation } from "./reconcile.store.ts";
import {
  addFind,
  excuseIsolated,
  fillCoverage,
  findRound,
  forgetIsolated,
  insertAbsences,
  insertRound,
  lockRound,
  markClosed,
  pageNotSampled,
  pageRounds,
  pastRounds,
  removeFind,
  roundCounters,
  roundTubes,
  standingRound,
  type RoundRow,
} from "./rounds.store.ts";
import {
  type AbsenceAnswer,
  type CoverageQuery,
  type CoverageRow,
  type NotSampledQuery,
  type NotSampledRow,
  type OpenRound,
  type RecordAbsences,
  type RoundAdvice,
  type RoundProgress,
  type RoundQuery,
  type ScreeningNeeds,
  uploadPeopleMax,
  type StandingPurpose,
  type StandingRound,
} from "./screening.model.ts";
import { roundDecision, roundSizes, stopRuleOf } from "./screening.rules.ts";
import { areaNamesOf, personNamesOf } from "./screening.names.ts";

/** The code of a round's subject in events and tasks. */
const subjectOf = (round: { id: string; areaCode: string }, outbreakId: string) => ({
  areaCode: round.areaCode,
  outbreakId,
  subjectType: "round",
  subjectId: round.id,
});

export interface OpenedRound {
  readonly roundId: string;
  readonly no: number;
  readonly day: Day;
  readonly poolSize: number;
  readonly dueAt: string | null;
  readonly due: number;
  readonly excused: number;
}

/** Opens a round over an area: everybody registered there is due, whoever is in isolation is excused. spec: SCR-1, SCR-2 */
export const openRound = useCase(
  {
    name: "screening.openRound",
    permission: "screening.round.write",
    kind: "write",
    area: (input: OpenRound) => input.areaCode,
  },
  async (tx, input): Promise<OpenedRound> => {
    const outbreak = await currentOutbreak(tx);
    const { protocol } = outbreak;
    const areaType = input.areaType ?? protocol.rounds?.defaultAreaType ?? "";
    const stop = stopRuleOf(protocol, areaType);
    if (!stop.ok) throw new ProblemError(stop.refusal.code, stop.refusal.params);
    const sizes = roundSizes(protocol, "area");
    const poolSize = input.poolSize ?? sizes.pool;
    if (poolSize > sizes.pool)
      throw new ProblemError("rule.refused", { rule: "NAT-POOL", why: `at most ${sizes.pool} people in a pool` });
    const villages = input.villages === undefined ? null : [...new Set(input.villages)].toSorted();
    if (villages?.some((code) => !isWithin(code, input.areaCode)))
      throw new ProblemError("request.invalid", {}, [{ pointer: "/villages", detail: "not all in the area" }]);
    const id = tx.newId();
    const round = {
      id,
      outbreakId: outbreak.id,
      kind: "area",
      areaCode: input.areaCode,
      villages,
      areaType,
      stage: input.stage ?? "regular",
      day: dayOf(tx.now, outbreak.timeZone),
      poolSize,
      householdSize: sizes.household,
      openedAt: tx.now,
      dueAt: dueAt(protocol, "natRound", tx.now) ?? null,
      protocolVersion: outbreak.protocolVersion,
    } as const;
    await lockDue(tx, "opening");
    const no = await insertRound(tx, round);
    if (no === undefined) throw new ProblemError("record.conflict");
    const { due, excused } = await fillCoverage(tx, round);
    const data: RoundOpened = { roundId: id, no, kind: "area", due };
    await tx.emit({ name: "screening.roundOpened", ...subjectOf(round, outbreak.id), data });
    return { roundId: id, no, day: round.day, poolSize, dueAt: round.dueAt, due, excused };
  },
);

const countyChars = 6;

/** The standing round of a purpose, county and day, made when it is not there yet; the tubes of that purpose go into it. spec: SCR-13 */
export async function openPurposeRound(
  tx: Tx,
  input: { readonly purpose: StandingPurpose; readonly areaCode: string; readonly day: Day },
): Promise<string> {
  const outbreak = await currentOutbreak(tx);
  const areaCode = input.areaCode.slice(0, countyChars);
  const key = { outbreakId: outbreak.id, kind: input.purpose, areaCode, day: input.day };
  const found = await standingRound(tx, key);
  if (found !== undefined) return found;
  const sizes = roundSizes(outbreak.protocol, input.purpose);
  const id = tx.newId();
  const no = await insertRound(tx, {
    ...key,
    id,
    villages: null,
    areaType: "",
    stage: "standing",
    poolSize: sizes.pool,
    householdSize: sizes.household,
    openedAt: tx.now,
    dueAt: addMinutes(tx.now, standingRoundMinutes),
    protocolVersion: outbreak.protocolVersion,
  });
  if (no !== undefined) return id;
  // Another request made it between the look and the insert.
  const other = await standingRound(tx, key);
  assert(other !== undefined, "a standing round that conflicts exists");
  return other;
}

const standingRoundMinutes = 24 * 60;

/** The round into which today's re-checks, quarantine or sentinel samples of a county go; asking again gives the same. spec: SCR-13 */
export const openStandingRound = useCase(
  {
    name: "screening.openStandingRound",
    permission: "screening.tube.write",
    kind: "write",
    // Its reader's own part of the county is asked for, not the county: whoever samples in a village may have its round.
    area: (input: StandingRound) => input.areaCode,
  },
  async (tx, input): Promise<{ roundId: string }> => {
    const { timeZone } = await currentOutbreak(tx);
    return { roundId: await openPurposeRound(tx, { ...input, day: dayOf(tx.now, timeZone) }) };
  },
);

/** Closes a round whose tubes all have a result, or are recorded as rejected or lost. spec: SCR-14 */
export const closeRound = useCase(
  {
    name: "screening.closeRound",
    permission: "screening.round.write",
    kind: "write",
    area: async (input: { roundId: string }, tx) => (await roundOrNone(tx, input.roundId)).areaCode,
  },
  async (tx, input): Promise<RoundClosed> => {
    const round = await lockRound(tx, input.roundId);
    assert(round, "the area check found it");
    if (round.state === "closed") throw new ProblemError("state.notAllowed", { state: "closed" });
    const { waiting } = await roundTubes(tx, round.id);
    if (waiting > 0)
      throw new ProblemError("rule.refused", {
        rule: "SCR-14",
        why: `${waiting} tubes have no result and are not recorded as lost or rejected`,
      });
    await markClosed(tx, round.id);
    const data: RoundClosed = {
      roundId: round.id,
      no: round.no,
      kind: round.kind,
      communityPositives: round.communityPositives,
    };
    await tx.emit({ name: "screening.roundClosed", ...subjectOf(round, round.outbreakId), data });
    return data;
  },
);

/** Records why people were not sampled in a round. spec: SCR-10 */
export const recordAbsences = useCase(
  { name: "screening.recordAbsences", permission: "screening.tube.write", kind: "write" },
  async (tx, input: RecordAbsences): Promise<AbsenceAnswer> => {
    if (input.people.length > uploadPeopleMax) throw new ProblemError("limit.exceeded", { limit: uploadPeopleMax });
    const round = await roundOrNone(tx, input.roundId);
    return insertAbsences(tx, round.id, input.people);
  },
);

/** The round; throws record.notFound. */
export async function roundOrNone(tx: Tx, id: string): Promise<RoundRow> {
  const round = await findRound(tx, id);
  if (!round) throw new ProblemError("record.notFound", { what: "round" });
  return round;
}

/** A round is seen by the areas over, inside and around it; its sums are those of the reader's part. */
export async function visibleRound(tx: Tx, id: string): Promise<RoundRow> {
  const round = await roundOrNone(tx, id);
  const mine = tx.actor.areaCode;
  if (!isWithin(round.areaCode, mine) && !isWithin(mine, round.areaCode))
    throw new ProblemError("record.notFound", { what: "round" });
  return round;
}

async function named<T extends { areaCode: string }>(tx: Tx, rows: readonly T[]) {
  const names = await areaNamesOf(
    tx,
    rows.map((row) => row.areaCode),
  );
  return rows.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? null }));
}

const readDef = { permission: "screening.round.read", kind: "read" } as const;

export const listRounds = useCase({ name: "screening.listRounds", ...readDef }, async (tx, query: RoundQuery) => {
  const page = await pageRounds(tx, query);
  return { items: await named(tx, page.items), next: page.next };
});

/** A round with its 24 h clock and its counties. spec: NAT-24H (domain.md §2.1) */
export const roundProgress = useCase(
  { name: "screening.roundProgress", ...readDef },
  (tx, input: { roundId: string }) => progressOf(tx, input.roundId),
);

/** The same inside another module's transaction. */
export async function progressOf(tx: Tx, roundId: string): Promise<RoundProgress> {
  const row = await visibleRound(tx, roundId);
  const outbreak = await currentOutbreak(tx);
  const [round] = await named(tx, [{ ...row, ...(await roundCounters(tx, roundId)) }]);
  assert(round, "one row gives one row");
  const end = row.closedAt ?? tx.now;
  const left = row.dueAt === null ? null : minutesBetween(end, row.dueAt);
  const byCounty = await pageCoverage(tx, { roundId, level: "county", limit: countiesMax });
  return {
    ...round,
    clock: {
      rule: outbreak.protocol.clocks.natRound?.rule ?? "",
      openedAt: row.openedAt,
      dueAt: row.dueAt,
      minutesLeft: left,
      late: left !== null && left < 0,
    },
    positiveTubes: (await roundTubes(tx, roundId)).positive,
    reconciliation: (await lastReconciliation(tx, roundId)) ?? null,
    byCounty: await named(tx, byCounty.items),
  };
}

const countiesMax = 200;

/** Who is due, sampled and excused, and where the swabs are, by village, town or county. */
export const coverage = useCase(
  { name: "screening.coverage", ...readDef },
  async (tx, query: CoverageQuery): Promise<{ items: CoverageRow[]; next: string | null }> => {
    await visibleRound(tx, query.roundId);
    const page = await pageCoverage(tx, query);
    return { items: await named(tx, page.items), next: page.next };
  },
);

/** The people of a round who are in no tube of it; names people, so it asks for a reason. spec: SCR-11 */
export const notSampled = useCase(
  { name: "screening.notSampled", permission: "screening.person.read", kind: "read", personal: true },
  async (tx, query: NotSampledQuery): Promise<{ items: NotSampledRow[]; next: string | null }> => {
    const page = await pageNotSampled(tx, await visibleRound(tx, query.roundId), query);
    const names = await personNamesOf(
      tx,
      page.items.map((row) => row.personId),
    );
    return {
      items: page.items.map((row) => ({ ...row, personName: names.get(row.personId) ?? null })),
      next: page.next,
    };
  },
);

const pastRoundsMax = 200;

/** What the stop rule says for an area: go on, pause, one more, or stop. spec: NAT-STOP (domain.md §1.7) */
export async function adviceFor(
  tx: Tx,
  input: { readonly areaCode: string; readonly areaType?: string },
): Promise<RoundAdvice> {
  const outbreak = await currentOutbreak(tx);
  const { rounds } = outbreak.protocol;
  const stop = stopRuleOf(outbreak.protocol, input.areaType ?? rounds?.defaultAreaType ?? "");
  if (!stop.ok || rounds === null)
    throw new ProblemError("rule.refused", {
      rule: "NAT-STOP",
      why: "the protocol has no rounds for this type of area",
    });
  const past = await pastRounds(tx, outbreak.id, input.areaCode, outbreak.timeZone, pastRoundsMax);
  return roundDecision({
    stop: stop.value,
    everyDays: rounds.everyDays,
    rounds: past,
    today: dayOf(tx.now, outbreak.timeZone),
  });
}

export const roundAdvice = useCase(
  {
    name: "screening.roundAdvice",
    ...readDef,
    area: (input: { areaCode: string; areaType?: string }) => input.areaCode,
  },
  adviceFor,
);

/** What a round over an area takes: people, samplers, tables, sites, tubes, swabs. */
export const screeningNeeds = useCase(
  { name: "screening.needs", ...readDef, area: (input: { areaCode: string; poolSize?: number }) => input.areaCode },
  async (tx, input): Promise<ScreeningNeeds> => {
    const { protocol } = await currentOutbreak(tx);
    if (protocol.pooling === null)
      throw new ProblemError("rule.refused", { rule: "NAT-POOL", why: "the protocol has no pooled testing" });
    const people = await peopleCount(tx, input.areaCode);
    return {
      areaCode: input.areaCode,
      ...roundNeeds(people, input.poolSize ?? roundSizes(protocol, "area").pool, protocol.pooling.supply),
    };
  },
);

/** Reaction to people on their way to, or in, isolation: open rounds no longer wait for them. spec: SCR-2 */
export async function onIsolated(tx: Tx, personIds: readonly number[]): Promise<void> {
  if (personIds.length > 0) await excuseIsolated(tx, personIds);
}

/** Reaction to people who register while rounds are open: they are due there too. spec: SCR-18 */
export async function onRegistered(tx: Tx, registered: PeopleRegistered): Promise<void> {
  await lockDue(tx, "registering");
  await addRegistered(tx, registered.villages);
}

/** Reaction to people released: the next round has them due again. */
export async function onReleased(tx: Tx, personIds: readonly number[]): Promise<void> {
  if (personIds.length > 0) await forgetIsolated(tx, personIds);
}

/** Reaction to a preliminary positive: a community find makes its round not clean. spec: SCR-15 */
export async function onPreliminary(
  tx: Tx,
  found: { readonly personId: number; readonly positiveAt: string; readonly provenance: Provenance },
): Promise<void> {
  const { protocol } = await currentOutbreak(tx);
  if (protocol.rounds === null) return;
  if (protocol.rounds.counts === "community" && !isCommunity(protocol, found.provenance)) return;
  await addFind(tx, found.personId, found.positiveAt);
}

/** Reaction to an excluded case: its find is taken back. */
export async function onExcluded(tx: Tx, personId: number): Promise<void> {
  await removeFind(tx, personId);
}
