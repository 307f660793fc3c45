import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { daysOf, epochMs, type Day } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { BareTx } from "#platform/context";
import { breathe } from "#platform/turns";
import { groupCase, type GroupCall, type GroupDef, type GroupWork } from "#platform/groupcase";
import { linesPerTurn, scanLines, type ScanLines } from "./lines.rules.ts";
import { scannedVenues, type ScannedVenue } from "./scan.store.ts";
import { visitsPerBatchMax, type RecordAnswer } from "./venues.model.ts";
import { byIndex, visitOf, type VisitInput } from "./venues.rules.ts";
import { insertVisits } from "./venues.store.ts";

/** Ten thousand lines are less than two million bytes. */
const linesGroup: GroupDef = {
  limits: { callsMax: 8, waitingMax: 64, flightsMax: 2, gatherMs: 2 },
  bodyBytesMax: 4 * 1024 * 1024,
  copies: true,
};

/** A visit of a group, and the call it came with. */
interface CallVisit {
  readonly visit: VisitInput;
  readonly place: number;
}

/** What the visits of a group are judged by. */
interface Judged {
  readonly venues: ReadonlyMap<string, ScannedVenue>;
  readonly nowMs: number;
  readonly dayAt: (epochMs: number) => Day;
}

/** The visits of one body go to `visits`; what is wrong with the other lines is returned. */
async function visitsOfBody(
  { scans, lineOf, bad }: ScanLines,
  { areaCode, place }: { readonly areaCode: string; readonly place: number },
  { venues, nowMs, dayAt }: Judged,
  visits: CallVisit[],
): Promise<RecordAnswer["bad"]> {
  const faults = [...bad];
  for (const [i, scan] of scans.entries()) {
    if (i % linesPerTurn === linesPerTurn - 1) await breathe();
    const venue = venues.get(scan.venueCode);
    const own = venue && isWithin(venue.areaCode, areaCode) ? venue.no : undefined;
    const visit = visitOf(scan, own, nowMs, dayAt);
    if ("code" in visit) faults.push({ row: lineOf[i] ?? i, ...visit });
    else visits.push({ visit, place });
  }
  return faults.toSorted((a, b) => a.row - b.row);
}

/**
 * Takes the lines of several gateways in one transaction; the rows of an answer are line numbers, from 0. Reading ten
 * thousand lines takes tens of milliseconds, in which every other request of the process would wait: it is done in turns.
 * spec: VEN-2, VEN-3
 */
async function storeLines(tx: BareTx, calls: readonly GroupCall<string>[]): Promise<GroupWork<RecordAnswer>> {
  const read: ScanLines[] = [];
  for (const { input } of calls) read.push(await scanLines(input, breathe));
  const codes = new Set(read.flatMap(({ scans }) => scans.map(({ venueCode }) => venueCode)));
  const [outbreak, venues] = await Promise.all([findCurrentOutbreak(tx), scannedVenues(tx, codes)]);
  const judged: Judged = { venues, nowMs: epochMs(tx.now), dayAt: daysOf(outbreak?.timeZone ?? "UTC") };
  const refused = new Map<number, ProblemError>();
  const visits: CallVisit[] = [];
  const answers: RecordAnswer[] = [];
  for (const [place, lines] of read.entries()) {
    const answer: RecordAnswer = { recorded: 0, already: 0, bad: [] };
    answers.push(answer);
    if (lines.scans.length > visitsPerBatchMax)
      refused.set(place, new ProblemError("limit.exceeded", { limit: visitsPerBatchMax }));
    else {
      const sender = { areaCode: calls[place]?.actor.areaCode ?? "", place };
      answer.bad = await visitsOfBody(lines, sender, judged, visits);
    }
  }
  return { refused, stored: stored(tx, visits, answers) };
}

async function stored(tx: BareTx, visits: CallVisit[], answers: readonly RecordAnswer[]): Promise<RecordAnswer[]> {
  visits.sort((a, b) => byIndex(a.visit, b.visit));
  const already =
    visits.length === 0
      ? new Set<number>()
      : await insertVisits(
          tx,
          visits.map(({ visit }) => visit),
        );
  const counts = answers.map(() => ({ recorded: 0, already: 0 }));
  visits.forEach(({ place }, i) => {
    const count = counts[place];
    if (count) count[already.has(i) ? "already" : "recorded"] += 1;
  });
  return answers.map((answer, place) => ({ ...answer, ...counts[place] }));
}

/** Takes scans as lines of JSON, for gateways that send many at once. spec: VEN-2, VEN-3, VEN-11 */
export const recordVisitLines = groupCase<string, RecordAnswer>(
  { name: "venues.recordVisitLines", permission: "venues.visit.write", group: linesGroup },
  storeLines,
);
