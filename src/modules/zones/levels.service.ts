import { assert, need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addMinutes, dayOf, type Instant } from "#kernel/time";
import type { Protocol, ZoneLevel } from "#domain/outbreaks";
import { setAreaControl } from "#modules/cases";
import type { Outbreak } from "#modules/outbreaks";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { CountyRoutine, ZoneLevelChanged, ZonePublished } from "./zones.model.ts";
import { dayOrNull, isStricter, liftCheck, type LiftDecision, type Reason } from "./zones.rules.ts";
import { roundsInZone } from "./zones.rounds.ts";
import {
  countByCounty,
  endLevels,
  endLowLevels,
  insertLevel,
  openLevelSince,
  updateLevel,
  zoneAgain,
  type ZoneFacts,
} from "./zones.store.ts";

/** The zones part of a protocol; refuses where the protocol does without zones. */
export function zonesOf(protocol: Protocol): NonNullable<Protocol["zones"]> {
  if (protocol.zones === null) {
    throw new ProblemError("rule.refused", { rule: "ZONE-1", why: "the protocol has no zones / 方案不划风险区" });
  }
  return protocol.zones;
}

export interface LevelStep {
  readonly level: ZoneLevel;
  readonly at: Instant;
  readonly rule: string;
  readonly reason: string;
}

/** How cases name a level when they say where an infection was found. */
const controlOf = { high: "highZone", medium: "mediumZone", low: "none" } as const;

/** Ends the unit's level and begins the next at one instant, so that there is never a gap or an overlap (I6). */
async function step(tx: Tx, outbreak: Outbreak, zone: ZoneFacts, next: LevelStep): Promise<void> {
  const since = await openLevelSince(tx, zone.unitCode);
  if (since !== undefined && since > next.at) {
    // spec: ZONE-4
    throw new ProblemError("rule.refused", { rule: "ZONE-4", why: `a level holds from ${since} / 已有后续等级生效` });
  }
  await endLevels(tx, zone.unitCode, next.at);
  if (zone.unit === "village") {
    await setAreaControl(tx, [{ unitCode: zone.unitCode, status: controlOf[next.level], since: next.at }]);
  }
  await insertLevel(tx, { zone, ...next, protocolVersion: `${outbreak.protocolId} ${outbreak.protocolVersion}` });
}

/** Puts a proposed zone in force: level, tasks for its grid, event. */
export async function publish(tx: Tx, outbreak: Outbreak, zone: ZoneFacts, next: LevelStep): Promise<ZoneFacts> {
  assert(zone.state === "proposed", "only a proposal is published");
  await step(tx, outbreak, zone, next);
  await updateLevel(tx, zone.id, { level: next.level, cameFrom: null, since: next.at, state: "published" });
  await closeCommandTasks(tx, zone, ["zoneProposal"], "published / 已发布");
  await giveTasks(tx, outbreak, zone, next);
  const data: ZonePublished = {
    zoneId: zone.id,
    unit: zone.unit,
    unitCode: zone.unitCode,
    level: next.level,
    effectiveAt: next.at,
    caseId: zone.caseId,
  };
  await tx.emit({ name: "zones.published", ...subjectOf(zone), data });
  return zoneAgain(tx, zone.id);
}

/** Moves a zone in force to another level; low lifts it and, with the last one, the county's rest too. */
export async function change(tx: Tx, outbreak: Outbreak, zone: ZoneFacts, next: LevelStep): Promise<ZoneFacts> {
  assert(zone.state === "published" && zone.level !== next.level, "a zone in force moves to another level");
  await step(tx, outbreak, zone, next);
  const lifted = next.level === zonesOf(outbreak.protocol).rest.level;
  await updateLevel(tx, zone.id, {
    level: next.level,
    cameFrom: isStricter(zone.level, next.level) ? zone.level : null,
    since: next.at,
    state: lifted ? "lifted" : "published",
  });
  await closeCommandTasks(tx, zone, ["zoneReview", "zoneLift"], `${next.level}: ${next.rule}`);
  await takeTasks(tx, outbreak, zone);
  if (!lifted) await giveTasks(tx, outbreak, zone, next);
  const data: ZoneLevelChanged = {
    zoneId: zone.id,
    unit: zone.unit,
    unitCode: zone.unitCode,
    from: zone.level,
    to: next.level,
    rule: next.rule,
  };
  await tx.emit({ name: "zones.levelChanged", ...subjectOf(zone), data });
  if (lifted) await restAfterLift(tx, zone, next.at);
  return zoneAgain(tx, zone.id);
}

const countyCodeChars = 6;

/** The county of a code; a city-wide code is its own county. */
export function countyOf(areaCode: string): string {
  return areaCode.slice(0, countyCodeChars);
}

/** With its last zone lifted, the whole county is routine again. spec: ZONE-L (domain.md §1.6) */
async function restAfterLift(tx: Tx, zone: ZoneFacts, at: Instant): Promise<void> {
  const county = countyOf(zone.areaCode);
  const left = await countByCounty(tx, county);
  if (left.length > 0) return;
  await endLowLevels(tx, county, at);
  const data: CountyRoutine = { countyCode: county };
  const subject = { subjectType: "area", subjectId: county };
  await tx.emit({ name: "zones.countyRoutine", areaCode: county, outbreakId: zone.outbreakId, ...subject, data });
}

/** Event fields every event of a zone shares. */
export function subjectOf(zone: Pick<ZoneFacts, "id" | "areaCode" | "outbreakId">) {
  return { areaCode: zone.areaCode, outbreakId: zone.outbreakId, subjectType: "zone", subjectId: zone.id };
}

async function giveTasks(tx: Tx, outbreak: Outbreak, zone: ZoneFacts, next: LevelStep): Promise<void> {
  const rows = zonesOf(outbreak.protocol).tasks.filter((row) => row.level === next.level);
  await createTasks(
    tx,
    rows.map((row) => ({
      outbreakId: outbreak.id,
      kind: row.kind,
      areaCode: zone.areaCode,
      ownerTeam: row.team,
      subjectType: "zone",
      subjectId: zone.id,
      params: { unit: zone.unit, unitCode: zone.unitCode, level: next.level },
      dueAt: addMinutes(next.at, row.dueMinutes),
    })),
  );
}

async function takeTasks(tx: Tx, outbreak: Outbreak, zone: ZoneFacts): Promise<void> {
  const kinds = new Set(zonesOf(outbreak.protocol).tasks.map((row) => row.kind));
  for (const kind of kinds) await cancelTasks(tx, { subjectType: "zone", subjectIds: [zone.id], kind });
}

export type CommandTask = "zoneProposal" | "zoneReview" | "zoneLift";

/** Gives headquarters a decision to make, due by the protocol's clock for zones. */
export async function askCommand(
  tx: Tx,
  outbreak: Outbreak,
  zone: Pick<ZoneFacts, "id" | "areaCode">,
  ask: { kind: CommandTask; from: Instant; params: Readonly<Record<string, string | number>> },
): Promise<void> {
  const clock = need(outbreak.protocol.clocks.positiveToZone, "a protocol with zones has their clock");
  await createTasks(tx, [
    {
      outbreakId: outbreak.id,
      kind: ask.kind,
      areaCode: zone.areaCode,
      ownerTeam: "command",
      subjectType: "zone",
      subjectId: zone.id,
      params: ask.params,
      dueAt: addMinutes(ask.from, clock.minutes),
    },
  ]);
}

/** Closes headquarters' open decisions about a zone with what was decided. */
export async function closeCommandTasks(
  tx: Tx,
  zone: Pick<ZoneFacts, "id">,
  kinds: readonly CommandTask[],
  note: string,
): Promise<void> {
  for (const kind of kinds) {
    await completeTasks(tx, { subjectType: "zone", subjectIds: [zone.id], kind, evidence: { note } });
  }
}

/** The lift decision of a zone now; null for a zone that is not in force. */
export async function decideLift(tx: Tx, outbreak: Outbreak, zone: ZoneFacts): Promise<LiftDecision | null> {
  if (zone.state !== "published" || zone.levelSince === null) return null;
  const { timeZone, protocol } = outbreak;
  const levelSince = dayOf(zone.levelSince, timeZone);
  return liftCheck(protocol, {
    level: zone.level,
    cameFrom: zone.cameFrom,
    levelSince,
    extendedFrom: zone.extendedFrom,
    lastInfection: dayOrNull(zone.lastInfectionAt, timeZone),
    rounds: await roundsInZone(tx, outbreak, zone.areaCode, levelSince),
    today: dayOf(tx.now, timeZone),
  });
}

/** Says in both languages why a level may not fall yet. */
export function refusalOf(reason: Reason): ProblemError {
  const why = {
    cleanDays: `${reason.value} of ${reason.target} clean days / 须 ${reason.target} 天无新增，现 ${reason.value} 天`,
    lastDayRound: `no complete negative round since ${reason.target} / ${reason.target} 起尚无全员阴性轮次`,
  }[reason.id as string];
  return new ProblemError("rule.refused", {
    rule: reason.rule,
    why: why ?? "no rule lifts this level / 无可适用的解除规则",
  });
}
