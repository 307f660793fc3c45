import { CopyWriter } from "#platform/copy";
import type { Sql } from "#platform/db";
import type { Visits } from "./visits.city.ts";

/** A day of a city's visits, stored as a day that is over and waits for its packing. */

const dayMs = 86_400_000;
const codecEpochMs = Date.parse("2020-01-01T00:00:00.000Z");

/** The visits of the day that begins at `dayStart` as a binary COPY of (day, venue_no, person_id, s, len). */
export function* dayRows(visits: Visits, originMs: number, dayStart: number): Generator<Buffer> {
  const writer = new CopyWriter();
  const first = (originMs - codecEpochMs) / 1_000;
  for (let i = 0; i < visits.count; i++) {
    writer.row(5);
    writer.date(dayStart);
    writer.int4(visits.venue[i] ?? 0);
    writer.int4(visits.person[i] ?? 0);
    writer.int4(first + (visits.s[i] ?? 0));
    writer.int4(null);
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

const dayText = (dayStart: number): string => new Date(dayStart).toISOString().slice(0, 10);

/** A table of its own with the visits of day number `day` since `originMs`, and the seconds its COPY took. */
export async function closingPart(
  sql: Sql,
  visits: Visits,
  originMs: number,
  day: number,
): Promise<{ readonly part: string; readonly took: number }> {
  const dayStart = originMs + day * dayMs;
  const part = `visit_closing_${dayText(dayStart).replaceAll("-", "")}`;
  await sql.script(`create table ${part} (like visit including constraints)`);
  const start = performance.now();
  await sql.copyInBinary(`${part} (day, venue_no, person_id, s, len)`, dayRows(visits, originMs, dayStart));
  return { part, took: (performance.now() - start) / 1_000 };
}

/** Puts the table where packing looks for a day that is over. */
export async function attach(sql: Sql, part: string, originMs: number, day: number): Promise<void> {
  const dayStart = originMs + day * dayMs;
  await sql.script(
    `alter table visit_closing attach partition ${part} for values from ('${dayText(dayStart)}') to ('${dayText(dayStart + dayMs)}')`,
  );
}
