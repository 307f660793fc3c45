import { readCopy, type CopyRow } from "#platform/copy";
import type { Tx } from "#platform/context";
import { dayMs } from "#kernel/time";
import type { PersonSet } from "./person-set.rules.ts";
import {
  daySlices,
  earliestOf,
  reachOf,
  stayAssumedS,
  stayMaxS,
  touches,
  type DaySlice,
  type PackedDay,
  type Span,
  type Stay,
} from "./presence.rules.ts";
import { addArrived, bucketOf, epochS, readBucket, readVenue } from "./segment.rules.ts";

/** Reads visits wherever they lie: today's rows, the rows of a day being packed, and packed days, as one. */

const msPerS = 1_000;
const daySlackMs = dayMs;

/** A window of time in seconds since the codec's epoch, `to` not in it, with the days its rows may lie in. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The window between two instants; a day on each side, because a day is the outbreak zone's and stays pass midnight. */
export function windowOf(from: string, to: string): Window {
  const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, "YYYY-MM-DD".length);
  return {
    from: Math.ceil(Date.parse(from) / msPerS) - epochS,
    to: Math.ceil(Date.parse(to) / msPerS) - epochS,
    firstDay: dayAt(Date.parse(from) - daySlackMs),
    lastDay: dayAt(Date.parse(to) + daySlackMs),
  };
}

/** Rows are read before packed days in one statement, and packing changes both in one moment, so no visit is missed. */
const rowTables = ["visit", "visit_closing"] as const;

/** A visit as a row, or a segment with its bucket in `person`. */
interface StayOrSegment {
  readonly person: number;
  readonly venue: number;
  readonly s: number;
  readonly len: number | null;
  readonly body: Buffer | null;
}

/** The stays of a few people that begin in the window, by person and time; a visit recorded twice is one. */
export async function staysOf(tx: Tx, personIds: readonly number[], window: Window): Promise<Stay[]> {
  const wanted = new Set(personIds);
  const rows = await tx.sql.many<StayOrSegment>(
    "select person, venue, s, len, body from wuyang.stays_of($1, $2, $3, $4, $5, $6)",
    [personIds, [...new Set(personIds.map(bucketOf))], window.firstDay, window.lastDay, window.from, window.to],
  );
  const stays: Stay[] = [];
  for (const row of rows) {
    if (row.body === null) stays.push({ person: row.person, venue: row.venue, s: row.s, len: row.len ?? -1 });
    else
      readBucket(
        row.body,
        row.person,
        (person) => wanted.has(person),
        (person, venue, s, len) => {
          if (s >= window.from && s < window.to) stays.push({ person, venue, s, len });
        },
      );
  }
  return withoutRepeats(stays);
}

/** In order of person, time and venue, each visit once; a late repeat of a packed visit lies in both places. */
function withoutRepeats(stays: Stay[]): Stay[] {
  stays.sort((a, b) => a.person - b.person || a.s - b.s || a.venue - b.venue || b.len - a.len);
  return stays.filter((stay, i) => {
    const before = stays[i - 1];
    return !before || before.person !== stay.person || before.s !== stay.s || before.venue !== stay.venue;
  });
}

/** A span of time at a venue. */
export interface VenueSpan extends Span {
  readonly venue: number;
}

/** A visit as a row, or a segment with its first arrival in `s`; `i` is the span's place, from 1. */
interface VisitOrSegment {
  readonly i: number;
  readonly person: number;
  readonly s: number;
  readonly len: number | null;
  readonly body: Buffer | null;
}

/**
 * Who touches the given spans, one by one. True when a visit may have been told twice, as a late repeat of a packed
 * one is: a packed day has each visit once.
 */
export async function visitorsOf<S extends VenueSpan>(
  tx: Tx,
  spans: readonly S[],
  window: Window,
  each: (span: S, person: number, s: number, len: number) => void,
): Promise<boolean> {
  const rows = await tx.sql.many<VisitOrSegment>(
    "select i, person, s, len, body from wuyang.visitors_of($1, $2, $3, $4, $5, $6)",
    [
      spans.map((span) => span.venue),
      spans.map((span) => span.from),
      spans.map((span) => span.to),
      window.firstDay,
      window.lastDay,
      stayMaxS,
    ],
  );
  let mayRepeat = false;
  for (const row of rows) {
    const span = spans[row.i - 1];
    if (span === undefined) continue;
    mayRepeat ||= row.body === null;
    tellRow(row, span, (person, s, len) => each(span, person, s, len));
  }
  return mayRepeat;
}

/** A stay of one of the people asked for, or what may touch it: a visit as a row, or a segment with its first arrival. */
interface OwnOrMet {
  /** Null in the one row that says that a day is packed in a form the database does not read. */
  readonly own: boolean | null;
  readonly i: number;
  readonly person: number;
  readonly venue: number;
  readonly s: number;
  readonly len: number;
  readonly body: Buffer | null;
}

/** A visit that touches a stay. */
export type Met = (stay: Stay, person: number, s: number, len: number) => void;

/**
 * Who touches the stays of a few people, one by one, in one turn. `mayRepeat` as of `visitorsOf`; null, with nothing told,
 * where the stays and the visitors must be asked for one after the other.
 */
export async function metInOneTurn(
  tx: Tx,
  personIds: readonly number[],
  window: Window,
  gapS: number,
  each: Met,
): Promise<{ readonly mayRepeat: boolean } | null> {
  const rows = await tx.sql.many<OwnOrMet>(
    "select own, i, person, venue, s, len, body from wuyang.meetings_of($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [
      personIds,
      [...new Set(personIds.map(bucketOf))],
      window.firstDay,
      window.lastDay,
      window.from,
      window.to,
      gapS,
      stayAssumedS,
      stayMaxS,
    ],
  );
  if (rows[0]?.own === null) return null;
  // A late repeat of a packed visit lies in both places; the later leaving stands.
  const stays = new Map<string, OwnOrMet>();
  for (const row of rows) {
    if (row.own !== true) break;
    const key = `${row.person} ${row.s} ${row.venue}`;
    if ((stays.get(key)?.len ?? -2) < row.len) stays.set(key, row);
  }
  const byPlace = new Map([...stays.values()].map((stay) => [stay.i, { stay, reach: reachOf(stay, gapS) }]));
  let mayRepeat = false;
  for (const row of rows) {
    const mine = byPlace.get(row.i);
    if (row.own === true || mine === undefined) continue;
    mayRepeat ||= row.body === null;
    tellRow(row, mine.reach, (person, s, len) => each(mine.stay, person, s, len));
  }
  return { mayRepeat };
}

/** Tells a row, or the visits of its segment, as far as they touch a span. */
function tellRow(
  row: { readonly person: number; readonly s: number; readonly len: number | null; readonly body: Buffer | null },
  span: Span,
  each: (person: number, s: number, len: number) => void,
): void {
  const tell = (person: number, s: number, len: number): void => {
    if (touches(s, len, span)) each(person, s, len);
  };
  if (row.body === null) tell(row.person, row.s, row.len ?? -1);
  else readVenue(row.body, row.s, earliestOf(span), span.to, tell);
}

/** A list of whole numbers as it may stand in a COPY, which takes no parameters. */
function intsLiteral(values: readonly number[]): string {
  return `'{${values.join(",")}}'::int[]`;
}

function daysLiteral(first: string, last: string, of = ""): string {
  for (const day of [first, last]) if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error("not a day");
  return `${of}day >= '${first}' and ${of}day <= '${last}'`;
}

/** The stays of many people that begin in the window, one by one, in no order; a visit may be told twice. */
export async function eachStayOf(
  tx: Tx,
  people: PersonSet,
  window: Window,
  each: (person: number, venue: number, s: number, len: number) => void,
): Promise<void> {
  const own = [...people.values()];
  const buckets = [...new Set(own.map(bucketOf))];
  const isWanted = (person: number): boolean => people.has(person);
  const tell = (person: number, venue: number, s: number, len: number): void => {
    if (s >= window.from && s < window.to) each(person, venue, s, len);
  };
  const days = daysLiteral(window.firstDay, window.lastDay);
  const wanted = intsLiteral(own);
  const hot = rowTables.map(
    (table) => `select person_id, venue_no, s, coalesce(len, -1), null::bytea from ${table}
      where ${days} and person_id = any(${wanted})`,
  );
  await readCopy(
    tx.sql.copyOutBinary(`(${hot.join(" union all ")}
      union all select bucket, 0, 0, 0, body from visit_by_person where ${days} and bucket = any(${intsLiteral(buckets)}))`),
    5,
    ({ bytes, at, size }) => {
      const first = bytes.readInt32BE(at[0] ?? 0);
      const body = at[4] ?? 0;
      if (size[4] === -1)
        tell(first, bytes.readInt32BE(at[1] ?? 0), bytes.readInt32BE(at[2] ?? 0), bytes.readInt32BE(at[3] ?? 0));
      else readBucket(bytes.subarray(body, body + (size[4] ?? 0)), first, isWanted, tell);
    },
  );
}

/** The packed days of the window, in order. */
function packedDays(tx: Tx, window: Window): Promise<PackedDay[]> {
  return tx.sql.many<PackedDay>(
    `select day, first_s as "firstS", end_s as "endS", sealed_at as "sealedAt" from visit_seal
     where day >= $1 and day <= $2 order by day`,
    [window.firstDay, window.lastDay],
  );
}

/** How often a question is asked again because a day was packed meanwhile; a day is packed once an hour at most. */
const packingsMax = 5;

/** Adds everybody who touches one of the spans to a set. */
export async function addVisitorsOf(
  tx: Tx,
  spans: readonly VenueSpan[],
  window: Window,
  people: PersonSet,
): Promise<void> {
  let packed = await packedDays(tx, window);
  for (let turn = 0; turn < packingsMax; turn++) {
    await addVisitorsIn(tx, spans, window, daySlices(window.firstDay, window.lastDay, packed), people);
    // What came late to a packed day may lie outside the bounds that were read before it was packed again.
    const since = await packedDays(tx, window);
    if (JSON.stringify(since) === JSON.stringify(packed)) return;
    packed = since;
  }
  throw new Error("days of visits were packed again and again while they were read");
}

async function addVisitorsIn(
  tx: Tx,
  spans: readonly VenueSpan[],
  window: Window,
  slices: readonly DaySlice[],
  people: PersonSet,
): Promise<void> {
  const lists = [spans.map(({ venue }) => venue), spans.map(({ from }) => from), spans.map(({ to }) => to)];
  const hot = rowTables.map(
    (table) => `select w.i::int4, v.person_id, v.s, coalesce(v.len, -1), null::bytea from wanted w join ${table} v
      on v.venue_no = w.venue and ${daysLiteral(window.firstDay, window.lastDay, "v.")} and v.s >= w.lo - ${stayMaxS} and v.s <= w.hi`,
  );
  const packed = slices.map(
    ({ firstDay, lastDay, within }) => `select w.i::int4, 0, c.first_s, 0, c.body from wanted w join visit_by_venue c
      on c.venue_no = w.venue and c.first_s <= w.hi and c.end_s >= w.lo and ${daysLiteral(firstDay, lastDay, "c.")}
      ${within === null ? "" : `and w.hi >= ${within.from} and w.lo <= ${within.to}`}`,
  );
  // Each span is a look-up in an index. The planner would hash whole days, and is told so by settings, which reach the
  // other machines of a spread database; a subquery with «offset 0» does not.
  await tx.sql.script("set local enable_hashjoin = off; set local enable_mergejoin = off");
  await readCopy(
    tx.sql.copyOutBinary(`(with wanted as materialized (
        select * from unnest(${lists.map((list) => intsLiteral(list)).join(", ")}) with ordinality as w (venue, lo, hi, i))
      ${hot.join(" union all ")} union all ${packed.join(" union all ")})`),
    5,
    (row) => {
      const span = spans[row.bytes.readInt32BE(row.at[0] ?? 0) - 1];
      if (span !== undefined) addVisitors(row, span, people);
    },
  );
  await tx.sql.script("set local enable_hashjoin = on; set local enable_mergejoin = on");
}

/** Adds who of a row, a visit or a segment, touches a span. */
function addVisitors({ bytes, at, size }: CopyRow, span: Span, people: PersonSet): void {
  const s = bytes.readInt32BE(at[2] ?? 0);
  const length = size[4] ?? -1;
  const start = at[4] ?? 0;
  const end = start + length;
  if (length >= 0 && addArrived({ bytes, start, end }, s, earliestOf(span), span.to, people)) return;
  const body = length < 0 ? null : bytes.subarray(start, end);
  const row = { person: bytes.readInt32BE(at[1] ?? 0), s, len: bytes.readInt32BE(at[3] ?? 0), body };
  tellRow(row, span, (person) => people.add(person));
}
