import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { dayOf } from "#kernel/time";
import { areaByCode } from "#modules/areas";
import { allCases } from "#modules/cases";
import { currentOutbreak } from "#modules/outbreaks";
import { populationOf } from "#modules/people";
import { openByKind } from "#modules/tasks";
import type { Ctx, Tx } from "#platform/context";
import { tryOut } from "#platform/tryout";
import { useCase } from "#platform/usecase";
import type { DrawVillages, ZoneEffect, ZoneOverlap, ZoneRow } from "./zones.model.ts";
import { overlapMeaning } from "./zones.rules.ts";
import { drawIn, publishIn } from "./zones.service.ts";
import { openZonesIn } from "./zones.store.ts";

const elderlyYears = 60;
const villageChars = 12;

/** Draws a zone over each of several villages and, where that is asked, puts all of them in force. spec: ZONE-2 */
export const drawVillages = useCase(
  { name: "zones.drawVillages", permission: "zones.zone.write", kind: "write" },
  async (tx, input: DrawVillages): Promise<ZoneEffect> => {
    if (input.publish && !tx.actor.permissions.has("zones.zone.decide"))
      throw new ProblemError("auth.forbidden", { permission: "zones.zone.decide" });
    const outbreak = await currentOutbreak(tx);
    const villages = [...new Set(input.villages)].toSorted();
    const before = await openByKind(tx, tx.actor.areaCode);
    const zones: ZoneRow[] = [];
    for (const [index, code] of villages.entries()) zones.push(await drawOne(tx, input, code, index));
    const after = await openByKind(tx, tx.actor.areaCode);
    const inside = await insideOf(tx, outbreak, villages);
    const overlaps = (await overlapsOf(tx, input)).filter(({ meaning }) => meaning === "unitInside");
    return { zones, overlaps, inside, tasks: moreOf(before, after) };
  },
);

/** The zones that a choice of villages meets, and what each means for it. spec: ZONE-7 */
async function overlapsOf(tx: Tx, input: DrawVillages): Promise<ZoneOverlap[]> {
  const there = await openZonesIn(tx, [...new Set(input.villages)]);
  return there.map(({ id, name, nameEn, areaCode, unit, unitCode, state, level }) => {
    const stands = state === "published" ? "published" : "proposed";
    const meaning = overlapMeaning({ unit, state: stands, level }, input.level);
    return { id, name, nameEn, areaCode, unit, unitCode, state: stands, level, meaning };
  });
}

const meetZones = useCase(
  { name: "zones.meetZones", permission: "zones.zone.write", kind: "read" },
  (tx, input: DrawVillages): Promise<ZoneOverlap[]> => overlapsOf(tx, input),
);

async function drawOne(tx: Tx, input: DrawVillages, code: string, index: number): Promise<ZoneRow> {
  if (!isWithin(code, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
  const area = await areaByCode(tx, code);
  if (!area || code.length !== villageChars) {
    throw new ProblemError("request.invalid", {}, [{ pointer: `/villages/${index}`, detail: "is not a village" }]);
  }
  const { level, reason, caseId } = input;
  const zone = await drawIn(tx, {
    areaCode: code,
    unit: "village",
    unitCode: code,
    name: area.name,
    nameEn: area.nameEn,
    level,
    reason,
    ...(caseId === undefined ? {} : { caseId }),
  });
  return input.publish ? publishIn(tx, { id: zone.id }) : zone;
}

async function insideOf(
  tx: Tx,
  outbreak: Awaited<ReturnType<typeof currentOutbreak>>,
  villages: readonly string[],
): Promise<ZoneEffect["inside"]> {
  const today = dayOf(tx.now, outbreak.timeZone);
  const bornBefore = `${Number(today.slice(0, 4)) - elderlyYears}${today.slice(4)}`;
  const chosen = new Set(villages);
  const cases = await allCases(tx, outbreak.id, tx.actor.areaCode);
  return {
    ...(await populationOf(tx, villages, bornBefore)),
    cases: cases.filter(({ areaCode }) => chosen.has(areaCode)).length,
  };
}

type Counts = readonly { readonly kind: string; readonly team: string; readonly count: number }[];

/** What there is more of now than before. */
function moreOf(before: Counts, after: Counts): ZoneEffect["tasks"] {
  const had = new Map(before.map(({ kind, team, count }) => [`${kind} ${team}`, count]));
  return after
    .map(({ kind, team, count }) => ({ kind, team, count: count - (had.get(`${kind} ${team}`) ?? 0) }))
    .filter(({ count }) => count > 0);
}

/** What drawing and publishing would do, found out by doing it and taking it back; villages that have a zone are named and left out. */
export async function previewVillages(ctx: Ctx, input: DrawVillages): Promise<ZoneEffect> {
  const { key: _unclaimed, ...asking } = ctx;
  const overlaps = await meetZones(asking, input);
  const drawn = new Set(overlaps.filter(({ unit }) => unit === "village").map(({ unitCode }) => unitCode));
  const villages = input.villages.filter((code) => !drawn.has(code));
  if (villages.length === 0) return { ...nothing, overlaps };
  const effect = await tryOut(asking, (trial) => drawVillages(trial, { ...input, villages }));
  return { ...effect, overlaps };
}

const nothing = { zones: [], inside: { people: 0, households: 0, elderly: 0, cases: 0 }, tasks: [] };
