import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { addDays, daysOf, epochMs, type Day, type Instant } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { groupCase, type GroupCall, type GroupDef, type GroupWork } from "#platform/groupcase";
import type { BareTx } from "#platform/context";
import type { Scan, ScanAnswer } from "./venues.model.ts";
import { visitOf, type ScanFault, type VisitInput } from "./venues.rules.ts";
import { addVisitDays, insertScans, missingDays, scannedVenues } from "./scan.store.ts";

/** A scan is a few hundred bytes; whoever sends more wants the route for many. */
const scanGroup: GroupDef = {
  limits: { callsMax: 256, waitingMax: 4_096, flightsMax: 2, gatherMs: 2 },
  bodyBytesMax: 4_096,
  copies: false,
};

/** Takes the scans of many phones in one transaction. spec: VEN-2, VEN-3, VEN-11 */
async function storeScans(tx: BareTx, calls: readonly GroupCall<Scan>[]): Promise<GroupWork<ScanAnswer>> {
  const codes = calls.map(({ input }) => input.venueCode);
  const near = daysNear(tx.now);
  const [outbreak, venues, missing] = await Promise.all([
    findCurrentOutbreak(tx),
    scannedVenues(tx, codes),
    missingDays(tx, near),
  ]);
  const dayAt = daysOf(outbreak?.timeZone ?? "UTC");
  const nowMs = epochMs(tx.now);
  const refused = new Map<number, ProblemError>();
  const visits: VisitInput[] = [];
  const places: number[] = [];
  calls.forEach(({ actor, input }, place) => {
    const venue = venues.get(input.venueCode);
    const own = venue && isWithin(venue.areaCode, actor.areaCode) ? venue.no : undefined;
    const visit = visitOf(input, own, nowMs, dayAt);
    if ("code" in visit) refused.set(place, refusalOf(visit));
    else places[visits.push(visit) - 1] = place;
  });
  if (visits.length === 0) return { refused, stored: Promise.resolve([]) };
  const days = new Set(visits.map(({ day }) => day));
  const far = [...days].filter((day) => !near.includes(day));
  const late = far.length === 0 ? [] : await missingDays(tx, far);
  await addVisitDays(tx, [...missing.filter(({ day }) => days.has(day)), ...late]);
  return { refused, stored: outcomes(tx, visits, places) };
}

/** The days that a scan of this moment may fall on in any time zone; asked about before the outbreak's zone is known. */
function daysNear(now: Instant): readonly Day[] {
  const today = daysOf("UTC")(epochMs(now));
  return [addDays(today, -1), today, addDays(today, 1)];
}

function refusalOf({ field, code }: ScanFault): ProblemError {
  return new ProblemError("request.invalid", {}, [{ pointer: `/${field}`, detail: code }]);
}

async function outcomes(
  tx: BareTx,
  visits: readonly VisitInput[],
  places: readonly number[],
): Promise<readonly ScanAnswer[]> {
  const already = await insertScans(tx, visits);
  const answers: ScanAnswer[] = [];
  places.forEach((place, i) => (answers[place] = { outcome: already.has(i) ? "already" : "recorded" }));
  return answers;
}

/** One scan at a venue's door, answered when it is stored. spec: VEN-11 */
export const recordVisit = groupCase<Scan, ScanAnswer>(
  { name: "venues.recordVisit", permission: "venues.visit.write", group: scanGroup },
  storeScans,
);
