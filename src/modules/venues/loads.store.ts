import { CopyWriter } from "#platform/copy";
import type { Tx } from "#platform/context";
import type { BulkVenue } from "./venues.model.ts";
import type { VisitColumns } from "./segment.rules.ts";

/** All SQL that loads a whole city's venues and visits. */

function* venueRows(tx: Tx, venues: Iterable<BulkVenue>): Generator<Buffer> {
  const writer = new CopyWriter();
  for (const venue of venues) {
    writer.row(7);
    writer.text(tx.newId());
    writer.int8(venue.no);
    writer.text(venue.code);
    writer.text(venue.areaCode);
    writer.text(venue.kind);
    writer.text(venue.name);
    writer.text(venue.nameEn ?? venue.name);
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

/** Loads many venues whose numbers the caller chose; row-level security lets no COPY in, so they go by a temporary table. */
export async function copyVenues(tx: Tx, venues: Iterable<BulkVenue>): Promise<number> {
  await tx.sql.script(
    "create temp table venue_load (id text, no bigint, code text, area_code text, kind text, name text, name_en text)",
  );
  await tx.sql.copyInBinary("venue_load", venueRows(tx, venues));
  const count = await tx.sql.run(
    `insert into venue (id, no, code, area_code, kind, name, name_en, created_at) overriding system value
     select id::uuid, no, code, area_code, kind, name, name_en, $1 from venue_load`,
    [tx.now],
  );
  await tx.sql.script("drop table venue_load");
  await tx.sql.run("select setval('venue_no_seq', (select coalesce(max(no), 1) from venue))");
  return count;
}

function loadTable(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error("not a day");
  return `visit_load_${day.replaceAll("-", "")}`;
}

/** Makes the table that a day's visits are loaded into. */
export async function beginVisitLoad(tx: Tx, day: string): Promise<void> {
  await tx.sql.run("select wuyang.begin_visit_load($1)", [day]);
}

function* visitRows(day: string, visits: VisitColumns): Generator<Buffer> {
  const writer = new CopyWriter();
  const midnight = Date.parse(day);
  const { venue, person, s, len } = visits;
  for (let i = 0; i < visits.count; i++) {
    writer.row(5);
    writer.date(midnight);
    writer.int4(venue[i] ?? 0);
    writer.int4(person[i] ?? 0);
    writer.int4(s[i] ?? 0);
    writer.int4((len[i] ?? -1) < 0 ? null : (len[i] ?? null));
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

export async function loadVisitRows(tx: Tx, day: string, visits: VisitColumns): Promise<void> {
  await tx.sql.copyInBinary(`${loadTable(day)} (day, venue_no, person_id, s, len)`, visitRows(day, visits));
}

/** Gives the loaded day its indexes and puts it among the days that visits arrive in; returns its bytes. */
export async function endVisitLoad(tx: Tx, day: string): Promise<number> {
  return (await tx.sql.one<{ bytes: number }>("select wuyang.end_visit_load($1) as bytes", [day])).bytes;
}
