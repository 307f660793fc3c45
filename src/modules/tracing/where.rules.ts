import type { Instant } from "#kernel/time";
import type { ContactClass } from "#domain/outbreaks";

/** A meeting of one who became a case with another case. */
export interface CaseMeeting {
  readonly personId: number;
  /** The case that was met. */
  readonly caseId: string;
  readonly venueId: string | null;
  readonly place: string | null;
  readonly setting: string;
  readonly class: ContactClass | null;
  readonly overlapMinutes: number;
  readonly lastAt: Instant;
}

/** A case as the question where it was infected sees it. */
export interface InfectedCase {
  readonly id: string;
  readonly personId: number;
  readonly infectorCaseId: string | null;
  readonly onsetAt: Instant | null;
  readonly positiveAt: Instant;
}

/** Where somebody was infected, as far as the books say. */
export interface InfectionSite {
  /** What cases of one place have in common; null for a home, or where only the setting is known. */
  readonly key: string | null;
  readonly setting: string;
}

const classRank: Readonly<Record<ContactClass, number>> = { close: 0, secondary: 1, general: 2 };
const unjudgedRank = 3;

/** The moment from which a case may have infected others, as far as this question needs it. */
export function shownAt(record: Pick<InfectedCase, "onsetAt" | "positiveAt">): Instant {
  return record.onsetAt ?? record.positiveAt;
}

function rankOf({ class: judged }: CaseMeeting): number {
  return judged === null ? unjudgedRank : classRank[judged];
}

/** The strictest meeting first, then the longest, then the earliest. */
function weightier(a: CaseMeeting, b: CaseMeeting): number {
  return (
    rankOf(a) - rankOf(b) ||
    b.overlapMinutes - a.overlapMinutes ||
    (a.lastAt < b.lastAt ? -1 : a.lastAt > b.lastAt ? 1 : 0) ||
    (a.venueId ?? a.place ?? "").localeCompare(b.venueId ?? b.place ?? "")
  );
}

/** What of one meeting names a place that others may share; a home is no venue. */
function placeKey({ venueId, place, setting }: CaseMeeting): string | null {
  if (setting === "household") return null;
  if (venueId !== null) return `id ${venueId}`;
  return place === null || place.trim() === "" ? null : `place ${place.trim()}`;
}

/**
 * Where a case was infected: in the weightiest meeting with its infector; without a known infector, in that with any case
 * that had shown itself before; from a line list's link only the setting is known. Null where nothing is recorded. spec: TRACE-16
 */
export function infectionSite(
  record: InfectedCase,
  meetings: readonly CaseMeeting[],
  shown: ReadonlyMap<string, Instant>,
  linkSetting: string | null,
): InfectionSite | null {
  const own = shownAt(record);
  const earlier = ({ caseId, lastAt }: CaseMeeting): boolean =>
    (shown.get(caseId) ?? own) < own && lastAt <= record.positiveAt;
  const [best] = meetings
    .filter((meeting) => (record.infectorCaseId === null ? earlier(meeting) : meeting.caseId === record.infectorCaseId))
    .toSorted(weightier);
  if (best) return { key: placeKey(best), setting: best.setting };
  return linkSetting === null ? null : { key: null, setting: linkSetting };
}

/** At so many cases a place is named: of fewer it would tell where one person was, which asks for a purpose. */
export const casesOfPlaceMin = 2;

/** The places that at least so many cases share, in the order in which they first come. */
export function sharedPlaces(sites: Iterable<InfectionSite | null>): string[] {
  const counts = new Map<string, number>();
  for (const site of sites) if (site?.key) counts.set(site.key, (counts.get(site.key) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= casesOfPlaceMin).map(([key]) => key);
}
