import { instantOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import { PersonSet } from "./person-set.rules.ts";
import { meetingOf, mergedSpans, reachOf, stayEndS, touches, type Span, type Stay } from "./presence.rules.ts";
import {
  addVisitorsOf,
  eachStayOf,
  metInOneTurn,
  staysOf,
  visitorsOf,
  windowOf,
  type Met,
  type VenueSpan,
  type Window,
} from "./presence.store.ts";
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

/** One meeting of two people, before its venue is named. */
interface Meeting {
  readonly mine: Stay;
  readonly other: Stay;
}

/** A span of time at a venue with the stays that make it. */
interface OwnSpan extends VenueSpan {
  readonly own: Stay[];
}

/** The stays' reaches as few spans a venue; each stay belongs to the one span that its reach lies in. */
function spansOf(stays: readonly Stay[], gapS: number): OwnSpan[] {
  const spans: OwnSpan[] = [];
  for (const stay of stays.toSorted((a, b) => a.venue - b.venue || a.s - b.s)) {
    const { from, to } = reachOf(stay, gapS);
    const last = spans.at(-1);
    if (last?.venue !== stay.venue || from > last.to) spans.push({ venue: stay.venue, from, to, own: [stay] });
    else spans[spans.length - 1] = { ...last, to: Math.max(last.to, to), own: [...last.own, stay] };
  }
  return spans;
}

function keyOf({ mine, other }: Meeting): string {
  return `${mine.person} ${mine.s} ${other.person} ${other.s} ${mine.venue}`;
}

/** So few people seldom stay in one place together; what many have in common is asked for once. */
const oneTurnPeopleMax = 3;

/** Who touches the stays of people: their stays first, then who was there. */
async function metInTwoTurns(
  tx: Tx,
  personIds: readonly number[],
  window: Window,
  gapS: number,
  each: Met,
): Promise<{ readonly mayRepeat: boolean }> {
  const spans = spansOf(await staysOf(tx, personIds, window), gapS);
  if (spans.length === 0) return { mayRepeat: false };
  const mayRepeat = await visitorsOf(tx, spans, window, ({ own }, person, s, len) => {
    for (const mine of own) if (touches(s, len, reachOf(mine, gapS))) each(mine, person, s, len);
  });
  return { mayRepeat };
}

/** Every meeting of the given people with anybody else; a visit recorded twice is one meeting. */
export async function meetings(tx: Tx, query: PresenceQuery): Promise<Meeting[]> {
  const window = windowOf(query.from, query.to);
  const gapS = query.gapMinutes * secondsPerMinute;
  const found: Meeting[] = [];
  const meet = (mine: Stay, person: number, s: number, len: number): void => {
    if (mine.person !== person) found.push({ mine, other: { person, venue: mine.venue, s, len } });
  };
  const isFew = query.personIds.length <= oneTurnPeopleMax;
  const told = isFew ? await metInOneTurn(tx, query.personIds, window, gapS, meet) : null;
  const { mayRepeat } = told ?? (await metInTwoTurns(tx, query.personIds, window, gapS, meet));
  if (!mayRepeat) return found;
  // Of two copies of a visit the one with the later leaving comes last, and the last one of a key stands.
  found.sort((a, b) => a.other.len - b.other.len);
  return [...new Map(found.map((meeting) => [keyOf(meeting), meeting])).values()];
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
  if (spans.length > 0) await addVisitorsOf(tx, spans, window, met);
  met.deleteAll(people);
  return met;
}
