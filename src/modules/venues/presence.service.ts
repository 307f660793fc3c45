import { instantOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import { PersonSet } from "./person-set.rules.ts";
import { meetingOf, mergedSpans, reachOf, stayEndS, touches, type Span, type Stay } from "./presence.rules.ts";
import { eachStayOf, eachVisitorOf, staysOf, visitorsOf, windowOf, type VenueSpan } from "./presence.store.ts";
import { epochS } from "./segment.rules.ts";
import { venuesByNo } from "./venues.store.ts";
import type { CoPresence, VisitRow } from "./venues.model.ts";

const secondsPerMinute = 60;
const msPerS = 1_000;
const instant = (s: number): string => instantOf((s + epochS) * msPerS);

/** Where people were between two instants, in order of time. */
export async function visitsOf(tx: Tx, personIds: readonly number[], from: string, to: string): Promise<VisitRow[]> {
  const stays = await staysOf(tx, personIds, windowOf(from, to));
  const venues = await venuesByNo(tx, [...new Set(stays.map((stay) => stay.venue))]);
  return stays.flatMap((stay) => {
    const venue = venues.get(stay.venue);
    if (!venue) return [];
    return [
      {
        personId: stay.person,
        venueId: venue.id,
        venueCode: venue.code,
        venueName: venue.name,
        venueNameEn: venue.nameEn,
        venueKind: venue.kind,
        areaCode: venue.areaCode,
        at: instant(stay.s),
        until: instant(stayEndS(stay.s, stay.len)),
        assumed: stay.len < 0,
      },
    ];
  });
}

/** The time and place of a question about who met whom. */
export interface PresenceQuery {
  readonly personIds: readonly number[];
  readonly from: string;
  readonly to: string;
  /** Minutes within which one may come after the other left and still count. */
  readonly gapMinutes: number;
}

function byVenue(stays: readonly Stay[]): Map<number, Stay[]> {
  const groups = new Map<number, Stay[]>();
  for (const stay of stays) {
    const group = groups.get(stay.venue);
    if (group) group.push(stay);
    else groups.set(stay.venue, [stay]);
  }
  return groups;
}

/** One meeting of two people, before its venue is named. */
interface Meeting {
  readonly mine: Stay;
  readonly other: Stay;
}

/** Every meeting of the given people with anybody else; a visit recorded twice is one meeting. */
export async function meetings(tx: Tx, query: PresenceQuery): Promise<Meeting[]> {
  const window = windowOf(query.from, query.to);
  const gapS = query.gapMinutes * secondsPerMinute;
  const stays = byVenue(await staysOf(tx, query.personIds, window));
  const spans: VenueSpan[] = [...stays].flatMap(([venue, own]) =>
    mergedSpans(own.map((stay) => reachOf(stay, gapS))).map((span) => ({ venue, ...span })),
  );
  if (spans.length === 0) return [];
  const found = new Map<string, Meeting>();
  await visitorsOf(tx, spans, window, ({ venue }, person, s, len) => {
    for (const mine of stays.get(venue) ?? []) {
      if (mine.person === person || !touches(s, len, reachOf(mine, gapS))) continue;
      found.set(`${mine.person} ${mine.s} ${person} ${s} ${venue}`, { mine, other: { person, venue, s, len } });
    }
  });
  return [...found.values()];
}

/**
 * Everybody who was where the given people were: at the same time, or within the gap after or before, in order of
 * the person, the other, the time and the venue. spec: VEN-9
 */
export async function coPresent(tx: Tx, query: PresenceQuery): Promise<CoPresence[]> {
  const found = await meetings(tx, query);
  const venues = await venuesByNo(tx, [...new Set(found.map(({ mine }) => mine.venue))]);
  const rows = found.flatMap(({ mine, other }) => {
    const venue = venues.get(mine.venue);
    if (!venue) return [];
    const { fromS, toS, overlapMinutes, gapMinutes } = meetingOf(mine, other);
    return [
      {
        code: venue.code,
        row: {
          personId: mine.person,
          otherPersonId: other.person,
          venueId: venue.id,
          venueName: venue.name,
          venueKind: venue.kind,
          areaCode: venue.areaCode,
          fromAt: instant(fromS),
          toAt: instant(toS),
          overlapMinutes,
          gapMinutes,
        },
      },
    ];
  });
  rows.sort(
    ({ row: a, code: x }, { row: b, code: y }) =>
      a.personId - b.personId ||
      a.otherPersonId - b.otherPersonId ||
      (a.fromAt < b.fromAt ? -1 : a.fromAt > b.fromAt ? 1 : 0) ||
      (x < y ? -1 : x > y ? 1 : 0),
  );
  return rows.map(({ row }) => row);
}

/**
 * Who met any of the given people, as a set: hundreds of thousands of people are counted and paged without a row
 * for each meeting. Which visits met is asked for the people of a page (`coPresent`). spec: VEN-10
 */
export async function everybodyMet(
  tx: Tx,
  people: PersonSet,
  query: Omit<PresenceQuery, "personIds">,
): Promise<PersonSet> {
  const window = windowOf(query.from, query.to);
  const gapS = query.gapMinutes * secondsPerMinute;
  const reaches = new Map<number, Span[]>();
  await eachStayOf(tx, people, window, (person, venue, s, len) => {
    const reach = reachOf({ person, venue, s, len }, gapS);
    const group = reaches.get(venue);
    if (group) group.push(reach);
    else reaches.set(venue, [reach]);
  });
  const met = new PersonSet();
  const spans = [...reaches].flatMap(([venue, own]) => mergedSpans(own).map((span) => ({ venue, ...span })));
  if (spans.length > 0) await eachVisitorOf(tx, spans, window, (person) => met.add(person));
  for (const person of people.values()) met.delete(person);
  return met;
}
