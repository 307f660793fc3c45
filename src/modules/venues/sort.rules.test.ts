import { describe, expect, it } from "vitest";
import { prngOf } from "#kernel/prng";
import type { VisitColumns } from "./segment.rules.ts";
import { byPerson, byVenue } from "./sort.rules.ts";

type Visit = readonly [venue: number, person: number, s: number, len: number];

const breathe = (): Promise<void> => Promise.resolve();
/** Enough for several parts, so that the borders between them are crossed. */
const count = 400_000;

/** A third of the visits are at one venue, which no part can be cut by; every tenth repeats the one before. */
function aDay(): Visit[] {
  const random = prngOf(5, "sort");
  const visits: Visit[] = [];
  for (let i = 0; i < count; i++) {
    const before = visits.at(-1);
    const len = random.int(3) === 0 ? -1 : random.int(3_600);
    if (before && i % 10 === 0) visits.push([before[0], before[1], before[2], len]);
    else
      visits.push([
        random.int(3) === 0 ? 7 : 1 + random.int(50_000),
        1 + random.int(150_000),
        1_000 + random.int(80_000),
        len,
      ]);
  }
  return visits;
}

/** The visits as the columns of a day that grew: with room to spare behind them. */
function columnsOf(visits: readonly Visit[]): VisitColumns {
  const column = (field: 0 | 1 | 2 | 3): Int32Array => {
    const made = new Int32Array(visits.length + 100).fill(9);
    visits.forEach((visit, i) => (made[i] = visit[field]));
    return made;
  };
  return { count: visits.length, venue: column(0), person: column(1), s: column(2), len: column(3) };
}

/** All four columns one after the other; compared as bytes, since there are a million numbers. */
function bytesOf({ count: rows, ...columns }: VisitColumns): Buffer {
  const parts = [columns.venue, columns.person, columns.s, columns.len].map((column) => column.slice(0, rows));
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer)));
}

describe("a day of several parts", () => {
  it("VEN-2: is put in order by venue and by person, each visit once with its later leaving", async () => {
    const visits = aDay();
    const once = new Map<string, Visit>();
    for (const visit of visits) {
      const key = visit.slice(0, 3).join(" ");
      const known = once.get(key);
      if (!known || known[3] < visit[3]) once.set(key, visit);
    }
    const given = columnsOf(visits);
    const sorted = await byVenue(given, breathe);
    const venues = [...once.values()].toSorted((a, b) => a[0] - b[0] || a[2] - b[2] || a[1] - b[1]);
    expect(bytesOf(sorted).equals(bytesOf(columnsOf(venues)))).toBe(true);
    const people = venues.toSorted((a, b) => a[1] - b[1] || a[2] - b[2] || a[0] - b[0]);
    expect(bytesOf(await byPerson(sorted, breathe)).equals(bytesOf(columnsOf(people)))).toBe(true);
    expect(bytesOf(given).equals(bytesOf(columnsOf(visits)))).toBe(true);
  });
});
