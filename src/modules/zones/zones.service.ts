import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { dayOf, type Day, type Instant } from "#kernel/time";
import type { ZoneLevel } from "#domain/outbreaks";
import { areaByCode, areaNames, checkPositions } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak, outbreakById, type Outbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  askCommand,
  change,
  closeCommandTasks,
  decideLift,
  publish,
  refusalOf,
  subjectOf,
  zonesOf,
} from "./levels.service.ts";
import { proposeForCase } from "./proposals.service.ts";
import type {
  DrawZone,
  ProposeForCase,
  ZoneCount,
  ZoneDetail,
  ZoneExtended,
  ZoneProposed,
  ZoneQuery,
  ZoneRow,
} from "./zones.model.ts";
import {
  countyLevel,
  dayOrNull,
  dayZeroOf,
  isStricter,
  liftCheck,
  nextLift,
  type LiftDecision,
} from "./zones.rules.ts";
import {
  addCase,
  caseIdsOf,
  countByCounty,
  findZone,
  insertZone,
  levelsAt,
  listSteps,
  lockOpenZones,
  lockZone,
  markReviewed,
  pageZones,
  updateDropped,
  updateExtended,
  zoneAgain,
  type ZoneFacts,
} from "./zones.store.ts";

interface ZoneInput {
  readonly id: string;
}

async function areaOfZone(input: ZoneInput, tx: Tx): Promise<string> {
  const zone = await findZone(tx, input.id);
  if (zone === undefined) throw new ProblemError("record.notFound", { what: "zone" });
  return zone.areaCode;
}

/** Locks a zone in one of the states; refuses in any other. */
async function lockIn(tx: Tx, id: string, state: ZoneFacts["state"]): Promise<ZoneFacts> {
  const zone = await lockZone(tx, id);
  if (zone === undefined) throw new ProblemError("record.notFound", { what: "zone" });
  if (zone.state !== state) throw new ProblemError("state.notAllowed", { state: zone.state });
  return zone;
}

/** Level, clean days and next lift as the reader sees them now. */
function rowOf(zone: ZoneFacts, outbreak: Outbreak, today: Day, areaName: string): ZoneRow {
  const row = {
    id: zone.id,
    name: zone.name,
    nameEn: zone.nameEn,
    areaCode: zone.areaCode,
    areaName,
    unit: zone.unit,
    unitCode: zone.unitCode,
    state: zone.state,
    level: zone.level,
    since: zone.levelSince,
    caseId: zone.caseId,
    lat: zone.lat,
    lon: zone.lon,
    drawnAt: zone.drawnAt,
    liftedAt: zone.liftedAt,
  };
  if (zone.state !== "published" || zone.levelSince === null) return { ...row, cleanDays: null, nextLift: null };
  const facts = {
    level: zone.level,
    cameFrom: zone.cameFrom,
    levelSince: dayOf(zone.levelSince, outbreak.timeZone),
    extendedFrom: zone.extendedFrom,
    lastInfection: dayOrNull(zone.lastInfectionAt, outbreak.timeZone),
  };
  const { cleanDays } = liftCheck(outbreak.protocol, { ...facts, rounds: [], today });
  return {
    ...row,
    cleanDays: dayZeroOf(facts) > today ? 0 : cleanDays,
    nextLift: nextLift(outbreak.protocol, facts, outbreak.timeZone),
  };
}

async function shown(tx: Tx, zone: ZoneFacts): Promise<ZoneRow> {
  return need((await shownAll(tx, [zone]))[0], "each zone gives one row");
}

async function shownAll(tx: Tx, zones: readonly ZoneFacts[]): Promise<ZoneRow[]> {
  const names = await areaNames(
    tx,
    zones.map((zone) => zone.areaCode),
  );
  const rows: ZoneRow[] = [];
  for (const zone of zones) {
    const outbreak = await outbreakById(tx, zone.outbreakId);
    rows.push(rowOf(zone, outbreak, dayOf(tx.now, outbreak.timeZone), names.get(zone.areaCode) ?? zone.areaCode));
  }
  return rows;
}

/** Draws a zone inside another operation of this module; the same rules as by hand. */
export async function drawIn(tx: Tx, input: DrawZone): Promise<ZoneRow> {
  const outbreak = await currentOutbreak(tx);
  checkLevel(outbreak, input.level);
  checkUnit(input);
  checkPositions(tx, [input], () => "");
  const area = await areaByCode(tx, input.areaCode);
  const caseId = input.caseId ?? null;
  const id = await insertZone(tx, {
    outbreakId: outbreak.id,
    areaCode: input.areaCode,
    unit: input.unit,
    unitCode: input.unitCode,
    name: input.name,
    nameEn: input.nameEn ?? input.name,
    lat: input.lat ?? area?.lat ?? null,
    lon: input.lon ?? area?.lon ?? null,
    caseId,
    level: input.level,
    reason: input.reason,
  });
  if (id === undefined) throw new ProblemError("record.duplicate", { what: "zone" });
  const zone = await zoneAgain(tx, id);
  if (caseId !== null) {
    await addCase(tx, { zoneId: id, caseId, areaCode: input.areaCode, at: tx.now, inside: true });
  }
  await askCommand(tx, outbreak, zone, {
    kind: "zoneProposal",
    from: tx.now,
    params: { unit: input.unit, unitCode: input.unitCode, level: input.level, rule: "ZONE-2" },
  });
  const data: ZoneProposed = {
    zoneId: id,
    unit: input.unit,
    unitCode: input.unitCode,
    level: input.level,
    caseId,
  };
  await tx.emit({ name: "zones.proposed", ...subjectOf(zone), data });
  return shown(tx, zone);
}

/** Draws a zone by hand as a proposal; a unit has one zone at a time. */
export const drawZone = useCase(
  {
    name: "zones.draw",
    permission: "zones.zone.write",
    kind: "write",
    area: (input: DrawZone) => input.areaCode,
  },
  drawIn,
);

/** A village is its own unit: its residents, rounds and controls are found by its area code. */
function checkUnit(input: DrawZone): void {
  if (input.unit !== "village" || input.unitCode === input.areaCode) return;
  throw new ProblemError("request.invalid", {}, [{ pointer: "/unitCode", detail: "is the village's own area code" }]);
}

function checkLevel(outbreak: Outbreak, level: ZoneLevel): void {
  const zones = zonesOf(outbreak.protocol);
  // spec: ZONE-2: the rest's level is what remains, it is not drawn.
  if (level === zones.rest.level || !zones.levels.some((row) => row.level === level)) {
    throw new ProblemError("rule.refused", {
      rule: "ZONE-2",
      why: `${level} is not drawn under this protocol / 本方案不划定该等级`,
    });
  }
}

/** Proposes zones from a case's places, as the core track gives them. */
export const proposeZonesForCase = useCase(
  { name: "zones.propose", permission: "zones.zone.write", kind: "write" },
  async (tx, input: ProposeForCase) => ({ items: await proposeForCase(tx, input) }),
);

interface Publishing extends ZoneInput {
  readonly effectiveAt?: Instant;
  readonly level?: ZoneLevel;
  readonly reason?: string;
}

/** Puts a proposal in force inside another operation of this module. */
export async function publishIn(tx: Tx, input: Publishing): Promise<ZoneRow> {
  const zone = await lockIn(tx, input.id, "proposed");
  const outbreak = await outbreakById(tx, zone.outbreakId);
  const level = input.level ?? zone.level;
  checkLevel(outbreak, level);
  const rule = zonesOf(outbreak.protocol).levels.find((row) => row.level === level)?.rule ?? "ZONE-2";
  const at = input.effectiveAt ?? tx.now;
  checkEffective(at, tx.now);
  return shown(tx, await publish(tx, outbreak, zone, { level, at, rule, reason: input.reason ?? zone.reason }));
}

/** Puts a proposal in force; its level, tasks and event are one transaction. */
export const publishZone = useCase(
  { name: "zones.publish", permission: "zones.zone.decide", kind: "write", area: areaOfZone },
  publishIn,
);

const effectiveLeadDaysMax = 3;

/** A level never begins before it is decided, nor far ahead. spec: ZONE-4 */
function checkEffective(at: Instant, now: Instant): void {
  const leadMs = Date.parse(at) - Date.parse(now);
  if (leadMs < 0 || leadMs > effectiveLeadDaysMax * 86_400_000) {
    throw new ProblemError("rule.refused", {
      rule: "ZONE-4",
      why: `between now and ${effectiveLeadDaysMax} days ahead / 生效时间须在现在至 ${effectiveLeadDaysMax} 天内`,
    });
  }
}

/** Declines a proposal, with the reason. */
export const dropZone = useCase(
  { name: "zones.drop", permission: "zones.zone.decide", kind: "write", area: areaOfZone },
  async (tx, input: ZoneInput & { reason: string }): Promise<ZoneRow> => {
    const zone = await lockIn(tx, input.id, "proposed");
    await updateDropped(tx, zone.id, input.reason);
    await closeCommandTasks(tx, zone, ["zoneProposal"], input.reason);
    await tx.emit({ name: "zones.dropped", ...subjectOf(zone), data: { zoneId: zone.id, unitCode: zone.unitCode } });
    return shown(tx, await zoneAgain(tx, zone.id));
  },
);

/** Raises a zone in force to a stricter level. */
export const raiseZone = useCase(
  {
    name: "zones.raise",
    permission: "zones.zone.decide",
    kind: "write",
    area: areaOfZone,
  },
  async (tx, input: ZoneInput & { level: ZoneLevel; reason: string }): Promise<ZoneRow> => {
    const zone = await lockIn(tx, input.id, "published");
    const outbreak = await outbreakById(tx, zone.outbreakId);
    checkLevel(outbreak, input.level);
    if (!isStricter(input.level, zone.level)) {
      throw new ProblemError("rule.refused", { rule: "ZONE-5", why: "only a stricter level / 只能上调等级" });
    }
    const { rule } = zonesOf(outbreak.protocol).extend;
    return shown(tx, await change(tx, outbreak, zone, { level: input.level, at: tx.now, rule, reason: input.reason }));
  },
);

/** Headquarters' answer to a new infection: the clean days count anew from a day. spec: ZONE-EXT (domain.md §1.6) */
export const extendZone = useCase(
  {
    name: "zones.extend",
    permission: "zones.zone.decide",
    kind: "write",
    area: areaOfZone,
  },
  async (tx, input: ZoneInput & { from?: Day; reason: string }): Promise<ZoneRow> => {
    const zone = await lockIn(tx, input.id, "published");
    const outbreak = await outbreakById(tx, zone.outbreakId);
    const from = input.from ?? dayOf(tx.now, outbreak.timeZone);
    await updateExtended(tx, zone.id, from);
    await closeCommandTasks(tx, zone, ["zoneReview", "zoneLift"], input.reason);
    const data: ZoneExtended = { zoneId: zone.id, unitCode: zone.unitCode, from };
    await tx.emit({ name: "zones.extended", ...subjectOf(zone), data });
    return shown(tx, await zoneAgain(tx, zone.id));
  },
);

/** Headquarters looked at a new infection and leaves the zone as it is; the infection's own reset stays. */
export const keepZone = useCase(
  { name: "zones.keep", permission: "zones.zone.decide", kind: "write", area: areaOfZone },
  async (tx, input: ZoneInput & { reason: string }): Promise<ZoneRow> => {
    const zone = await lockIn(tx, input.id, "published");
    const outbreak = await outbreakById(tx, zone.outbreakId);
    await markReviewed(tx, zone.id, dayOf(tx.now, outbreak.timeZone));
    await closeCommandTasks(tx, zone, ["zoneReview"], input.reason);
    return shown(tx, zone);
  },
);

/** Whether a zone's level may fall now, with each condition, what is and what must be. */
export const checkLift = useCase(
  { name: "zones.checkLift", permission: "zones.zone.read", kind: "read", area: areaOfZone },
  async (tx, input): Promise<LiftDecision | null> => {
    const zone = await zoneAgain(tx, input.id);
    return decideLift(tx, await outbreakById(tx, zone.outbreakId), zone);
  },
);

/** Lets a zone's level fall one step of the protocol; refused with the unmet condition. */
export const liftZone = useCase(
  { name: "zones.lift", permission: "zones.zone.decide", kind: "write", area: areaOfZone },
  async (tx, input: ZoneInput & { reason?: string }): Promise<ZoneRow> => {
    const zone = await lockIn(tx, input.id, "published");
    const outbreak = await outbreakById(tx, zone.outbreakId);
    const decision = await decideLift(tx, outbreak, zone);
    const unmet = decision?.reasons.find((reason) => !reason.met);
    if (unmet) throw refusalOf(unmet);
    if (!decision || decision.to === null || decision.rule === null) {
      throw new ProblemError("state.notAllowed", { state: zone.state });
    }
    const next = { level: decision.to, at: tx.now, rule: decision.rule, reason: input.reason ?? decision.rule };
    return shown(tx, await change(tx, outbreak, zone, next));
  },
);

export const listZones = useCase(
  { name: "zones.list", permission: "zones.zone.read", kind: "read" },
  async (tx, query: ZoneQuery): Promise<Page<ZoneRow>> => {
    const page = await pageZones(tx, query);
    return { next: page.next, items: await shownAll(tx, page.items) };
  },
);

export const getZone = useCase(
  { name: "zones.get", permission: "zones.zone.read", kind: "read", area: areaOfZone },
  async (tx, input): Promise<ZoneDetail> => {
    const zone = await zoneAgain(tx, input.id);
    const check = await decideLift(tx, await outbreakById(tx, zone.outbreakId), zone);
    return {
      ...(await shown(tx, zone)),
      caseIds: await caseIdsOf(tx, zone.id),
      levels: await listSteps(tx, zone.id),
      liftCheck: check === null ? null : { ...check, reasons: [...check.reasons] },
    };
  },
);

/** Zones in force by county, and what the rest of each such county is. */
export const countZones = useCase(
  { name: "zones.count", permission: "zones.zone.read", kind: "read" },
  async (tx, input: { areaCode?: string }): Promise<ZoneCount[]> => {
    const outbreak = await findCurrentOutbreak(tx);
    const rows = await countByCounty(tx, input.areaCode ?? tx.actor.areaCode);
    return rows.map((row) => ({
      ...row,
      rest: outbreak ? (countyLevel(outbreak.protocol, row.high + row.medium)?.level ?? null) : null,
    }));
  },
);

/** The level each unit has at an instant, for other modules; units without a level are absent. */
export async function zoneLevelsAt(tx: Tx, unitCodes: readonly string[], at: Instant): Promise<Map<string, ZoneLevel>> {
  return levelsAt(tx, unitCodes, at);
}

/** The zone of a unit that is proposed or in force, for other modules. */
export async function openZoneOf(
  tx: Tx,
  unitCode: string,
): Promise<{ readonly id: string; readonly state: string; readonly level: ZoneLevel } | undefined> {
  return (await lockOpenZones(tx, [unitCode]))[0];
}
