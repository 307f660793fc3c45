import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PersonSet } from "./person-set.rules.ts";
import {
  addArrived,
  bucketOf,
  bucketRunLength,
  packBucket,
  packVenue,
  readBucket,
  readVenue,
  Scratch,
  segmentBytesMax,
  venueRunLength,
  type VisitColumns,
} from "./segment.rules.ts";
import { packFirstBucket } from "./segment.fixture.ts";
import { byPerson, byVenue } from "./sort.rules.ts";

type Visit = readonly [venue: number, person: number, s: number, len: number];

const visit: fc.Arbitrary<Visit> = fc.tuple(
  fc
    .oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }))
    .map((no) => (no > 1e6 ? no % 1e6 : no)),
  fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 100_000 })),
  fc.oneof(fc.integer({ min: 1_000, max: 1_010 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 100_000 })),
);

const scratch = new Scratch(1 << 20);
const breathe = (): Promise<void> => Promise.resolve();

function columnsOf(visits: readonly Visit[]): VisitColumns {
  return {
    count: visits.length,
    venue: Int32Array.from(visits, (row) => row[0]),
    person: Int32Array.from(visits, (row) => row[1]),
    s: Int32Array.from(visits, (row) => row[2]),
    len: Int32Array.from(visits, (row) => row[3]),
  };
}

const isBefore = (a: Visit, b: Visit): number => a[0] - b[0] || a[2] - b[2] || a[1] - b[1];

/** Each visit once, as the rows of the day would keep them. */
function once(visits: readonly Visit[]): Visit[] {
  // The later leaving of a repeat stands, so the rows are taken in the order of their lengths.
  const seen = new Map(visits.toSorted((a, b) => a[3] - b[3]).map((row) => [`${row[0]} ${row[1]} ${row[2]}`, row]));
  return [...seen.values()].toSorted(isBefore);
}

async function throughVenues(visits: readonly Visit[]): Promise<{ read: Visit[]; sizes: number[] }> {
  const columns = await byVenue(columnsOf(visits), breathe);
  const read: Visit[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < columns.count;) {
    let end = at;
    while (end < columns.count && columns.venue[end] === columns.venue[at]) end += 1;
    const run = venueRunLength(columns, at, end);
    scratch.at = 0;
    packVenue(scratch, columns, at, at + run);
    const bytes = scratch.bytes.slice(0, scratch.at);
    sizes.push(bytes.length);
    const venue = columns.venue[at] ?? 0;
    readVenue(bytes, columns.s[at] ?? 0, -Infinity, Infinity, (person, s, len) => read.push([venue, person, s, len]));
    at += run;
  }
  return { read, sizes };
}

async function throughBuckets(visits: readonly Visit[], wanted: (person: number) => boolean): Promise<Visit[]> {
  const columns = await byPerson(await byVenue(columnsOf(visits), breathe), breathe);
  const read: Visit[] = [];
  for (let at = 0; at < columns.count;) {
    const run = bucketRunLength(columns, at);
    scratch.at = 0;
    packBucket(scratch, columns, at, at + run);
    const bytes = scratch.bytes.slice(0, scratch.at);
    readBucket(bytes, bucketOf(columns.person[at] ?? 0), wanted, (person, venue, s, len) =>
      read.push([venue, person, s, len]),
    );
    at += run;
  }
  return read;
}

describe("segments", () => {
  it("VEN-8: give back every visit of a venue, whatever was packed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 400, size: "max" }), async (visits) => {
        const { read, sizes } = await throughVenues(visits);
        expect(read).toEqual(once(visits));
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(segmentBytesMax + 4);
      }),
      { numRuns: 200 },
    );
  });

  it("VEN-8: give back every visit of the wanted people, and of nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 300, size: "max" }), async (visits) => {
        expect((await throughBuckets(visits, () => true)).toSorted(isBefore)).toEqual(once(visits));
        const even = (person: number): boolean => person % 2 === 0;
        expect((await throughBuckets(visits, even)).toSorted(isBefore)).toEqual(
          once(visits).filter((row) => even(row[1])),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("VEN-8: of version 1 are read as those of version 2", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 100, size: "max" }), async (visits) => {
        const every = once(visits);
        const read: Visit[] = [];
        for (const bucket of new Set(every.map(([, person]) => bucketOf(person)))) {
          const own = every.filter(([, person]) => bucketOf(person) === bucket);
          const bytes = packFirstBucket(own.map(([venue, person, s, len]) => ({ venue, person, s, len })));
          readBucket(
            bytes,
            bucket,
            (person) => person % 2 === 0,
            (person, venue, s, len) => read.push([venue, person, s, len]),
          );
        }
        expect(read.toSorted(isBefore)).toEqual(
          await throughBuckets(visits, (person) => person % 2 === 0).then((rows) => rows.toSorted(isBefore)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("cut a person's day that is longer than a row", async () => {
    const visits = Array.from({ length: 2_000 }, (_, i): Visit => [1 + (i % 7), 5, i * 40, 30]);
    const columns = await byPerson(await byVenue(columnsOf(visits), breathe), breathe);
    const run = bucketRunLength(columns, 0);
    scratch.at = 0;
    packBucket(scratch, columns, 0, run);
    expect(run).toBeLessThan(2_000);
    expect(scratch.at).toBeLessThanOrEqual(segmentBytesMax * 4);
    expect((await throughBuckets(visits, () => true)).toSorted(isBefore)).toEqual(once(visits));
  });

  it("VEN-8: give those who arrived between two seconds, where nobody's leaving was recorded", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 1, maxLength: 100, size: "max" }),
        fc.integer({ min: 990, max: 1_020 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        async (visits, fromS, seconds, anyLength) => {
          const own = visits.map(([, person, s, len]): Visit => [1, person, s, anyLength ? len : -1]);
          const columns = await byVenue(columnsOf(own), breathe);
          scratch.at = 0;
          packVenue(scratch, columns, 0, columns.count);
          // It lies between others, as in what the database sends.
          const segment = { bytes: new Uint8Array([7, ...scratch.bytes.slice(0, scratch.at), 7]), start: 1 };
          const people = new PersonSet();
          const told = addArrived(
            { ...segment, end: 1 + scratch.at },
            columns.s[0] ?? 0,
            fromS,
            fromS + seconds,
            people,
          );
          const rows = once(own);
          expect(told).toBe(rows.every((row) => row[3] < 0));
          const there = told ? rows.filter(([, , s]) => s >= fromS && s <= fromS + seconds) : [];
          expect([...people.values()]).toEqual(
            [...new Set(there.map(([, person]) => person))].toSorted((a, b) => a - b),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("stop at the reader's last second", async () => {
    const columns = await byVenue(
      columnsOf([
        [1, 5, 100, -1],
        [1, 6, 200, 60],
        [1, 7, 300, -1],
      ]),
      breathe,
    );
    scratch.at = 0;
    packVenue(scratch, columns, 0, 3);
    const people: number[] = [];
    readVenue(scratch.bytes.slice(0, scratch.at), 100, 0, 200, (person) => people.push(person));
    expect(people).toEqual([5, 6]);
    const later: number[] = [];
    readVenue(scratch.bytes.slice(0, scratch.at), 100, 150, 400, (person) => later.push(person));
    // The first has no length and came too early; the second has one, which its reader judges.
    expect(later).toEqual([6, 7]);
  });

  it("keep a long day of one venue in rows of their size", async () => {
    const visits = Array.from({ length: 20_000 }, (_, i): Visit => [1, (i * 7_919) % 8_800_000, i * 4, -1]);
    const { read, sizes } = await throughVenues(visits);
    expect(read).toHaveLength(20_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(segmentBytesMax + 4);
    expect(sizes.reduce((sum, size) => sum + size, 0) / 20_000).toBeLessThan(4.2);
  });

  it("say so when they are of a version nobody knows", () => {
    expect(() => readVenue(new Uint8Array([9, 0]), 0, 0, 1, () => undefined)).toThrow(/version 9/);
  });
});
