import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { testWorld, type TestWorld } from "#platform/testing";
import type { Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import {
  closeOverDays,
  coPresent,
  dropOldVisits,
  everybodyMet,
  module,
  PersonSet,
  recordVisits,
  registerVenues,
  sealClosedDays,
  sealDay,
  visitsOf,
  type Scan,
} from "./index.ts";
import { stayAssumedS } from "./presence.rules.ts";
import { addVisitorsOf, metInOneTurn, windowOf } from "./presence.store.ts";
import { packFirstBucket, type PackedVisit } from "./segment.fixture.ts";
import { epochS, readBucket } from "./segment.rules.ts";

const zone = "Asia/Shanghai";
const venues = ["A", "B", "C"] as const;

/** Visits that touch each other often: few venues, few minutes, both sides of the zone's midnight, ends or none. */
const scan: fc.Arbitrary<Scan> = fc
  .record({
    venueCode: fc.constantFrom(...venues),
    personId: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(640, 641, 70_000)),
    minute: fc.oneof(fc.integer({ min: 0, max: 2 * 1_440 - 1 }), fc.integer({ min: 950, max: 970 })),
    second: fc.constantFrom(0, 0, 30, 59),
    stay: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 50_000 })),
  })
  .map(({ venueCode, personId, minute, second, stay }) => {
    const ms = Date.parse("2022-07-20T00:00:00.000Z") + (minute * 60 + second) * 1_000;
    const at = new Date(ms).toISOString();
    return {
      venueCode,
      personId,
      at,
      ...(stay === undefined ? {} : { until: new Date(ms + stay * 1_000).toISOString() }),
    };
  });

const from = "2022-07-20T00:00:00.000Z";
const to = "2022-07-22T00:00:00.000Z";
const gapMinutes = 10;

interface Reference {
  readonly venue: string;
  readonly person: number;
  readonly s: number;
  readonly end: number;
}

/** The same rule once more, in plain words over plain objects: of repeats the one with the later leaving stands. */
function reference(scans: readonly Scan[]): Reference[] {
  const length = ({ at, until }: Scan): number => (until === undefined ? -1 : Date.parse(until) - Date.parse(at));
  const kept = new Map<string, Reference>();
  for (const scan of scans.toSorted((a, b) => length(a) - length(b))) {
    const s = Date.parse(scan.at) / 1_000;
    const stay = scan.until === undefined ? 1_800 : Math.min(12 * 3_600, length(scan) / 1_000);
    kept.set(`${scan.venueCode} ${scan.personId} ${s}`, {
      venue: scan.venueCode,
      person: scan.personId,
      s,
      end: s + stay,
    });
  }
  return [...kept.values()];
}

/** Every pair of a stay of the people asked about with a stay of anybody else. */
function pairs(visits: readonly Reference[], others: readonly Reference[], people: ReadonlySet<number>): string[] {
  const met = new Set<string>();
  for (const a of visits)
    for (const b of others)
      if (people.has(a.person) && a.person !== b.person && a.venue === b.venue)
        if (b.s <= a.end + gapMinutes * 60 && b.end >= a.s - gapMinutes * 60)
          met.add(`${a.person} ${b.person} ${a.s} ${b.s} ${a.venue}`);
  return [...met].toSorted();
}

describe("packed visits", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: "2022-07-23T12:00:00.000Z" });
    await openOutbreak(world.ctx(), {
      name: "b",
      nameEn: "b",
      areaCode: "3717",
      timeZone: zone,
      protocolId: "covid-19.cn-9",
    });
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: venues.map((code) => ({ code, areaCode: "371721123201", kind: "shop", name: code })),
    });
  });
  afterAll(() => world.close());

  async function inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T | undefined;
    await runDuty(world.ctx(), async (tx) => {
      result = await work(tx);
    });
    return result as T;
  }

  async function clear(): Promise<void> {
    await inTx((tx) => tx.sql.run("select wuyang.drop_visit_days('2100-01-01')"));
  }

  /** How a day is stored for a round of the property: rows, packed, or packed with repeats and late rows beside it. */
  const ways = ["rows", "packed", "packedTwice", "late", "first"] as const;

  /** Packs the people's side of the packed days once more, as version 1 did. */
  async function packAsFirst(): Promise<void> {
    const rows = await world.sql.many<{ readonly id: string; readonly bucket: number; readonly body: Buffer }>(
      "select tableoid::regclass || ' ' || ctid::text as id, bucket, body from visit_by_person",
    );
    for (const { id, bucket, body } of rows) {
      const visits: PackedVisit[] = [];
      readBucket(
        body,
        bucket,
        () => true,
        (person, venue, s, len) => visits.push({ person, venue, s, len }),
      );
      const [table = "", place = ""] = id.split(" ");
      await world.sql.run(`update ${table} set body = $1 where ctid = $2::tid`, [packFirstBucket(visits), place]);
    }
  }

  async function store(scans: readonly Scan[], way: (typeof ways)[number]): Promise<void> {
    await clear();
    const half = Math.ceil(scans.length / 2);
    const days = ["2022-07-20", "2022-07-21", "2022-07-22"];
    const seal = async (): Promise<void> => {
      for (const day of days) await inTx((tx) => sealDay(tx, day));
    };
    const record = async (part: readonly Scan[]): Promise<void> => {
      if (part.length > 0) await recordVisits(world.ctx(), { visits: [...part] });
    };
    if (way === "rows" || way === "packed" || way === "first") await record(scans);
    if (way === "packed" || way === "first") await seal();
    if (way === "first") await packAsFirst();
    if (way === "packedTwice" || way === "late") {
      await record(scans.slice(0, half));
      await seal();
      // The late ones come with a repeat of what is packed already.
      await record([...scans.slice(0, 3), ...scans.slice(half)]);
      if (way === "packedTwice") await seal();
    }
  }

  it("VEN-8, VEN-9: answer as rows and as a comparison of all pairs do, however the day is stored", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scan, { minLength: 1, maxLength: 40, size: "max" }),
        fc.constantFrom(...ways),
        async (scans, way) => {
          await store(scans, way);
          const visits = reference(scans);
          const half = Math.ceil(scans.length / 2);
          // A late repeat of a packed visit counts beside it until the next packing.
          const late = [...scans.slice(0, 3), ...scans.slice(half)];
          const copies = way === "late" ? [...reference(scans.slice(0, half)), ...reference(late)] : visits;
          const people = new Set(scans.slice(0, 5).map((row) => row.personId));
          const own = await inTx((tx) => visitsOf(tx, [...people], from, to));
          const isInside = (row: Reference): boolean => people.has(row.person);
          expect(own.map((row) => `${row.personId} ${row.venueCode} ${row.at} ${row.until}`).toSorted()).toEqual(
            visits
              .filter(isInside)
              .map(
                (row) =>
                  `${row.person} ${row.venue} ${new Date(row.s * 1_000).toISOString()} ${new Date(row.end * 1_000).toISOString()}`,
              )
              .toSorted(),
          );
          const query = { personIds: [...people], from, to, gapMinutes };
          const met = await inTx((tx) => coPresent(tx, query));
          expect(met).toHaveLength(pairs(visits, copies, people).length);
          const others = new Set(pairs(visits, copies, people).map((pair) => Number(pair.split(" ")[1])));
          expect(new Set(met.map((row) => row.otherPersonId))).toEqual(others);
          // One by one they are answered in another way, in one turn.
          const alone: string[] = [];
          for (const person of people)
            for (const row of await inTx((tx) => coPresent(tx, { ...query, personIds: [person] })))
              alone.push(JSON.stringify(row));
          expect(alone.toSorted()).toEqual(met.map((row) => JSON.stringify(row)).toSorted());
          const set = await inTx((tx) => everybodyMet(tx, PersonSet.of(people), query));
          expect([...set.values()]).toEqual(
            [...others].filter((person) => !people.has(person)).toSorted((a, b) => a - b),
          );
          expect(set.size).toBe([...set.values()].length);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  }, 120_000);

  it("VEN-8: the database reads version 2 by itself, and says so of what it does not read", async () => {
    await store([{ venueCode: "A", personId: 9, at: "2022-07-20T03:00:00.000Z" }], "packed");
    const window = windowOf(from, to);
    const oneTurn = (): Promise<unknown> => inTx((tx) => metInOneTurn(tx, [9], window, 0, () => undefined));
    expect(await oneTurn()).toEqual({ mayRepeat: false });
    await packAsFirst();
    expect(await oneTurn()).toBeNull();
  });

  it("VEN-8: packs the oldest day that is over, in a duty, and says what it holds", async () => {
    await clear();
    await recordVisits(world.ctx(), {
      visits: [
        { venueCode: "A", personId: 1, at: "2022-07-20T03:00:00.000Z" },
        { venueCode: "A", personId: 2, at: "2022-07-20T03:05:00.900Z" },
        { venueCode: "A", personId: 2, at: "2022-07-23T03:05:00.000Z" },
      ],
    });
    // The two duties of an hour: nobody waits for the packing to send or to read.
    await runDuty(world.ctx(), closeOverDays);
    expect(await world.sql.one("select count(*)::int as n from visit_closing")).toEqual({ n: 2 });
    await recordVisits(world.ctx(), { visits: [{ venueCode: "A", personId: 3, at: "2022-07-20T03:10:00.000Z" }] });
    await runDuty(world.ctx(), sealClosedDays);
    // Between which seconds it holds anything: the first arrival, and the last one's assumed leaving.
    const arrival = Date.parse("2022-07-20T03:00:00.000Z") / 1_000 - epochS;
    expect(await world.sql.many("select day, visits, codec, first_s, end_s from visit_seal")).toEqual([
      { day: "2022-07-20", visits: 2, codec: 2, first_s: arrival, end_s: arrival + 5 * 60 + stayAssumedS },
    ]);
    // The late one waits for the next hour, and is found meanwhile.
    expect(await world.sql.one("select count(*)::int as n from visit")).toEqual({ n: 2 });
    expect(await world.sql.one("select count(*)::int as n from visit_closing")).toEqual({ n: 0 });
    const met = await inTx((tx) => coPresent(tx, { personIds: [1], from, to, gapMinutes: 0 }));
    expect(met).toMatchObject([
      { otherPersonId: 2, overlapMinutes: 25, fromAt: "2022-07-20T03:05:00.000Z" },
      { otherPersonId: 3, overlapMinutes: 20, fromAt: "2022-07-20T03:10:00.000Z" },
    ]);
    await runDuty(world.ctx(), closeOverDays);
    await runDuty(world.ctx(), sealClosedDays);
    expect(await world.sql.many("select day, visits from visit_seal")).toEqual([{ day: "2022-07-20", visits: 3 }]);
  });

  it("VEN-10: a day that is packed again while it is asked about hides nobody", async () => {
    await clear();
    const visit = (personId: number, at: string) =>
      recordVisits(world.ctx(), { visits: [{ venueCode: "A", personId, at }] });
    await visit(40, "2022-07-20T03:00:00.000Z");
    const packAll = async (): Promise<void> => {
      await runDuty(world.ctx(), closeOverDays);
      await runDuty(world.ctx(), sealClosedDays);
    };
    await packAll();
    await visit(41, "2022-07-20T09:00:00.000Z");
    let asked = 0;
    await runDuty(world.ctx(), async (tx) => {
      const { no } = await tx.sql.one<{ no: number }>("select no from venue where code = 'A'");
      const { sql } = tx;
      const late = {
        ...sql,
        copyOutBinary: async function* (query: string): AsyncGenerator<Buffer> {
          // After the bounds of the packed day were read, and before the day itself is.
          if (asked++ === 0) await packAll();
          yield* sql.copyOutBinary(query);
        },
      };
      const nineOClock = Date.parse("2022-07-20T09:00:00.000Z") / 1_000 - epochS;
      const people = new PersonSet();
      const span = { venue: no, from: nineOClock, to: nineOClock + 60 };
      await addVisitorsOf({ ...tx, sql: late }, [span], windowOf(from, to), people);
      expect([...people.values()]).toEqual([41]);
    });
    expect(asked).toBe(2);
  });

  it("VEN-5: retention drops packed days with their rows", async () => {
    world.clock.set("2022-08-20T12:00:00.000Z");
    await runDuty(world.ctx(), dropOldVisits);
    for (const table of ["visit", "visit_by_venue", "visit_by_person", "visit_seal"])
      expect(await world.sql.one(`select count(*)::int as n from ${table}`)).toEqual({ n: 0 });
  });
});
