import { dayOf, type Instant } from "#kernel/time";
import { areaByCode } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { cancelTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { askCommand, closeCommandTasks, decideLift, subjectOf } from "./levels.service.ts";
import type { ProposeForCase, ZoneProposed } from "./zones.model.ts";
import { dayOrNull, isInside, isStricter, nextLift, proposeZones, type Proposal } from "./zones.rules.ts";
import {
  addCase,
  excludeCase,
  findZone,
  insertZone,
  listInForce,
  lockOpenZones,
  markLiftAsked,
  markReviewed,
  updateDropped,
  updateProposal,
  type ZoneFacts,
} from "./zones.store.ts";

/** What became of a case's places. */
export interface ProposedZone {
  readonly zoneId: string;
  readonly unitCode: string;
  readonly level: Proposal["level"];
  readonly action: Proposal["action"];
}

/** Proposes the zones a case asks for and counts its infection in zones already drawn; safe to repeat. */
export async function proposeForCase(tx: Tx, input: ProposeForCase): Promise<ProposedZone[]> {
  const outbreak = await currentOutbreak(tx);
  const open = new Map((await lockOpenZones(tx, unitCodesOf(input))).map((zone) => [zone.unitCode, zone]));
  const published = [...open.values()].filter((zone) => zone.state === "published");
  const proposals = proposeZones(outbreak.protocol, {
    provenance: input.provenance,
    anchorAt: input.anchorAt,
    places: input.places,
    levels: new Map(published.map((zone) => [zone.unitCode, zone.level])),
  });
  const made: ProposedZone[] = [];
  for (const proposal of proposals) {
    const known = open.get(proposal.unitCode);
    const zone = known ?? (await draw(tx, outbreak, input, proposal));
    if (known) await join(tx, outbreak, known, input, proposal);
    made.push({ zoneId: zone.id, unitCode: proposal.unitCode, level: proposal.level, action: proposal.action });
  }
  return made;
}

function unitCodesOf(input: ProposeForCase): string[] {
  return [...new Set(input.places.map((place) => place.unitCode))].toSorted();
}

async function draw(
  tx: Tx,
  outbreak: Outbreak,
  input: ProposeForCase,
  proposal: Proposal,
): Promise<Pick<ZoneFacts, "id">> {
  const place = input.places.find((row) => row.unitCode === proposal.unitCode);
  const area = await areaByCode(tx, proposal.areaCode);
  const name = place?.name ?? area?.name ?? proposal.unitCode;
  const nameEn = place?.nameEn ?? area?.nameEn ?? name;
  const rule = proposal.reasons[0]?.rule ?? "";
  const zone = {
    outbreakId: outbreak.id,
    areaCode: proposal.areaCode,
    unit: proposal.unit,
    unitCode: proposal.unitCode,
    name,
    nameEn,
    lat: place?.lat ?? area?.lat ?? null,
    lon: place?.lon ?? area?.lon ?? null,
    caseId: input.caseId,
    level: proposal.level,
    reason: rule,
  };
  const id = await insertZone(tx, zone);
  if (id === undefined) throw new Error(`the unit ${proposal.unitCode} was locked and free a statement ago`);
  const row = { id, areaCode: zone.areaCode, outbreakId: outbreak.id };
  await addCase(tx, {
    zoneId: id,
    caseId: input.caseId,
    areaCode: zone.areaCode,
    at: input.positiveAt,
    inside: isInside(outbreak.protocol, input.provenance),
  });
  await askCommand(tx, outbreak, row, {
    kind: "zoneProposal",
    from: input.positiveAt,
    params: { unit: zone.unit, unitCode: zone.unitCode, level: zone.level, rule, caseId: input.caseId },
  });
  const data: ZoneProposed = {
    zoneId: id,
    unit: zone.unit,
    unitCode: zone.unitCode,
    level: zone.level,
    caseId: input.caseId,
  };
  await tx.emit({ name: "zones.proposed", ...subjectOf(row), data });
  return row;
}

/** A further case of a unit that has a zone: raises a proposal, or asks for the review of a zone in force. */
async function join(
  tx: Tx,
  outbreak: Outbreak,
  zone: ZoneFacts,
  input: ProposeForCase,
  proposal: Proposal,
): Promise<void> {
  const fresh = await addCase(tx, {
    zoneId: zone.id,
    caseId: input.caseId,
    areaCode: zone.areaCode,
    at: input.positiveAt,
    inside: isInside(outbreak.protocol, input.provenance),
  });
  if (zone.state === "proposed") {
    if (isStricter(proposal.level, zone.level)) await updateProposal(tx, zone.id, proposal.level);
    return;
  }
  if (!fresh) return;
  await review(tx, outbreak, zone, input.positiveAt, {
    why: "newInfection",
    action: proposal.action,
    level: proposal.level,
    caseId: input.caseId,
  });
}

/** ZONE-EXT: headquarters reviews the risk, once a day and zone however many are found. */
async function review(
  tx: Tx,
  outbreak: Outbreak,
  zone: ZoneFacts,
  from: Instant,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const today = dayOf(tx.now, outbreak.timeZone);
  if (zone.reviewedOn === today) return;
  await cancelTasks(tx, { subjectType: "zone", subjectIds: [zone.id], kind: "zoneLift" });
  await markReviewed(tx, zone.id, today);
  await askCommand(tx, outbreak, zone, {
    kind: "zoneReview",
    from,
    params: { unit: zone.unit, unitCode: zone.unitCode, ...params },
  });
}

/** A case that turns out to be none: its lone proposal is dropped, its lone zone reviewed. */
export async function forgetCase(tx: Tx, caseId: string): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined) return;
  for (const id of await excludeCase(tx, caseId)) {
    const zone = await findZone(tx, id);
    if (zone?.state === "proposed") {
      await updateDropped(tx, id, "case excluded / 病例已排除");
      await closeCommandTasks(tx, zone, ["zoneProposal"], "case excluded / 病例已排除");
    } else if (zone?.state === "published") {
      await review(tx, outbreak, zone, tx.now, { why: "caseExcluded", action: "review", level: zone.level, caseId });
    }
  }
}

/** Gives headquarters one task for each zone whose level may fall now; run by the clock. */
export async function askForLifts(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined || outbreak.protocol.zones === null) return;
  for (const zone of await listInForce(tx, outbreak.areaCode)) {
    // Most zones are days away from lifting: their rounds need not be read every hour.
    if (zone.liftAskedAt !== null || !isRipe(outbreak, zone, tx.now)) continue;
    const decision = await decideLift(tx, outbreak, zone);
    if (!decision?.allowed || decision.to === null) continue;
    await markLiftAsked(tx, zone.id);
    await askCommand(tx, outbreak, zone, {
      kind: "zoneLift",
      from: tx.now,
      params: {
        unit: zone.unit,
        unitCode: zone.unitCode,
        level: zone.level,
        to: decision.to,
        rule: decision.rule ?? "",
      },
    });
  }
}

function isRipe(outbreak: Outbreak, zone: ZoneFacts, now: Instant): boolean {
  if (zone.levelSince === null) return false;
  const { protocol, timeZone } = outbreak;
  const from = nextLift(
    protocol,
    {
      level: zone.level,
      cameFrom: zone.cameFrom,
      levelSince: dayOf(zone.levelSince, timeZone),
      extendedFrom: zone.extendedFrom,
      lastInfection: dayOrNull(zone.lastInfectionAt, timeZone),
    },
    timeZone,
  );
  return from !== null && from <= now;
}
