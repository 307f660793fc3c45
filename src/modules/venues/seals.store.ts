import { CopyWriter, readCopy } from "#platform/copy";
import type { Tx } from "#platform/context";
import {
  bucketOf,
  bucketRunLength,
  bucketVersion,
  packBucket,
  packVenue,
  readVenue,
  Scratch,
  venueRunLength,
  type VisitColumns,
} from "./segment.rules.ts";
import { stayEndS } from "./presence.rules.ts";

/** All SQL that packs a day's visits; reading the packed ones is in sealed.store.ts. */

const growBy = 1.5;
const columnsFirst = 1 << 16;

/** Days of one kind of rows before a day, oldest first. */
async function daysIn(tx: Tx, table: "visit" | "visit_closing", before: string, limit: number): Promise<string[]> {
  const rows = await tx.sql.many<{ day: string }>(
    `select to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $3::regclass and right(c.relname, 8) < to_char($1::date, 'YYYYMMDD') order by 1 limit $2`,
    [before, limit, table],
  );
  return rows.map((row) => row.day);
}

/** Days before `before` that visits still arrive in, the late ones of a packed day among them. */
export function openDays(tx: Tx, before: string, limit: number): Promise<string[]> {
  return daysIn(tx, "visit", before, limit);
}

/** Days before `before` that are closed and wait for their packing. */
export function closedDays(tx: Tx, before: string, limit: number): Promise<string[]> {
  return daysIn(tx, "visit_closing", before, limit);
}

/** Moves the day's rows out of the way of visits that arrive from now on. */
export async function closeDay(tx: Tx, day: string): Promise<void> {
  await tx.sql.run("select wuyang.close_visit_day($1)", [day]);
}

/** Columns that grow as rows come. */
class GrowingColumns {
  count = 0;
  venue = new Int32Array(columnsFirst);
  person = new Int32Array(columnsFirst);
  s = new Int32Array(columnsFirst);
  len = new Int32Array(columnsFirst);

  add(venue: number, person: number, s: number, len: number): void {
    if (this.count === this.venue.length) this.#grow();
    const at = this.count++;
    this.venue[at] = venue;
    this.person[at] = person;
    this.s[at] = s;
    this.len[at] = len;
  }

  #grow(): void {
    const size = Math.ceil(this.count * growBy);
    const larger = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const made = new Int32Array(size);
      made.set(old);
      return made;
    };
    this.venue = larger(this.venue);
    this.person = larger(this.person);
    this.s = larger(this.s);
    this.len = larger(this.len);
  }
}

/** Every visit of a closed day: its packed ones first, then the rows, so that the first recorded stands. */
export async function dayColumns(tx: Tx, day: string): Promise<VisitColumns> {
  const columns = new GrowingColumns();
  await readCopy(
    tx.sql.copyOutBinary(`(select venue_no, first_s, body from visit_by_venue where day = '${dayLiteral(day)}')`),
    3,
    ({ bytes, at, size }) => {
      const venue = bytes.readInt32BE(at[0] ?? 0);
      const body = bytes.subarray(at[2] ?? 0, (at[2] ?? 0) + (size[2] ?? 0));
      readVenue(body, bytes.readInt32BE(at[1] ?? 0), -Infinity, Infinity, (person, s, len) =>
        columns.add(venue, person, s, len),
      );
    },
  );
  await readCopy(
    tx.sql.copyOutBinary(`(select venue_no, person_id, s, len from visit_closing where day = '${dayLiteral(day)}')`),
    4,
    ({ bytes, at, size }) =>
      columns.add(
        bytes.readInt32BE(at[0] ?? 0),
        bytes.readInt32BE(at[1] ?? 0),
        bytes.readInt32BE(at[2] ?? 0),
        size[3] === -1 ? -1 : bytes.readInt32BE(at[3] ?? 0),
      ),
  );
  return columns;
}

/** A day as it may stand in a COPY, which takes no parameters. */
function dayLiteral(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error("not a day");
  return day;
}

function partOf(parent: string, day: string): string {
  return `${parent}_new_${dayLiteral(day).replaceAll("-", "")}`;
}

/** Makes the tables that the packed day is loaded into. */
export async function beginSeal(tx: Tx, day: string): Promise<void> {
  await tx.sql.run("select wuyang.begin_visit_seal($1)", [day]);
}

/** Puts the packed day in the place of its rows; returns the bytes it takes with its indexes. */
export async function endSeal(tx: Tx, day: string, visits: number): Promise<number> {
  const row = await tx.sql.one<{ bytes: number }>("select wuyang.end_visit_seal($1, $2, $3, $4) as bytes", [
    day,
    visits,
    bucketVersion,
    tx.now,
  ]);
  return row.bytes;
}

/** A segment is cut near its size, and one person's day always fits. */
const scratchBytes = 1 << 20;

function* venueRows(columns: VisitColumns): Generator<Buffer> {
  const writer = new CopyWriter();
  const scratch = new Scratch(scratchBytes);
  for (let at = 0; at < columns.count;) {
    let end = at;
    while (end < columns.count && columns.venue[end] === columns.venue[at]) end += 1;
    while (at < end) {
      const to = at + venueRunLength(columns, at, end);
      let last = 0;
      for (let i = at; i < to; i++) last = Math.max(last, stayEndS(columns.s[i] ?? 0, columns.len[i] ?? -1));
      scratch.at = 0;
      packVenue(scratch, columns, at, to);
      writer.row(4);
      writer.int4(columns.venue[at] ?? 0);
      writer.int4(columns.s[at] ?? 0);
      writer.int4(last);
      writer.bytes(scratch.bytes, scratch.at);
      if (writer.isFull) yield writer.take();
      at = to;
    }
  }
  yield writer.end();
}

function* personRows(columns: VisitColumns): Generator<Buffer> {
  const writer = new CopyWriter();
  const scratch = new Scratch(scratchBytes);
  for (let at = 0; at < columns.count;) {
    const to = at + bucketRunLength(columns, at);
    scratch.at = 0;
    packBucket(scratch, columns, at, to);
    writer.row(2);
    writer.int4(bucketOf(columns.person[at] ?? 0));
    writer.bytes(scratch.bytes, scratch.at);
    if (writer.isFull) yield writer.take();
    at = to;
  }
  yield writer.end();
}

/** Loads the segments of venues of a day; `columns` are in order of venue and time. */
export async function loadVenueSegments(tx: Tx, day: string, columns: VisitColumns): Promise<void> {
  await tx.sql.copyInBinary(`${partOf("visit_by_venue", day)} (venue_no, first_s, end_s, body)`, venueRows(columns));
}

/** Loads the segments of people of a day; `columns` are in order of person and time. */
export async function loadPersonSegments(tx: Tx, day: string, columns: VisitColumns): Promise<void> {
  await tx.sql.copyInBinary(`${partOf("visit_by_person", day)} (bucket, body)`, personRows(columns));
}
