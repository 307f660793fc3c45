import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks } from "#modules/outbreaks";
import { asIfSpread, testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import {
  coPresence,
  coPresent,
  dropOldVisits,
  listVenues,
  module,
  openNextDay,
  recordVisitLines,
  recordVisits,
  registerVenues,
  venueUse,
  venueCode,
  visitsOfPerson,
} from "./index.ts";

const day = "2022-07-23";
const at = (time: string) => `${day}T${time}:00.000Z`;

describe("venues", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: at("12:00") });
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "SHOP", areaCode: "371721123201", kind: "shop", name: "小卖部" },
        { code: "MALL", areaCode: "371702001001", kind: "mall", name: "商场" },
      ],
    });
  });
  afterAll(() => world.close());

  it("VEN-1: a code stays with its area", async () => {
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [{ code: "SHOP", areaCode: "371702001001", kind: "mall", name: "别处" }],
    });
    expect(await world.sql.one("select area_code, name from venue where code = 'SHOP'")).toEqual({
      area_code: "371721123201",
      name: "小卖部",
    });
    expect((await listVenues(world.ctx({ areaCode: "371702" }), {})).items.map((venue) => venue.code)).toEqual([
      "MALL",
    ]);
    const [shop] = (await listVenues(world.ctx(), { kind: "shop" })).items;
    expect(await venueCode(world.ctx(), { id: shop?.id ?? "" })).toContain("<svg");
  });

  it("VEN-2, VEN-3: takes a batch once and returns its bad rows", async () => {
    const visits = [
      { venueCode: "SHOP", personId: 1, at: at("08:00"), until: at("08:40") },
      { venueCode: "SHOP", personId: 2, at: at("08:30") },
      { venueCode: "SHOP", personId: 3, at: at("09:20") },
      { venueCode: "NONE", personId: 3, at: at("09:20") },
      { venueCode: "SHOP", personId: 3, at: at("23:20") },
      { venueCode: "SHOP", personId: 3, at: at("09:20"), until: at("09:00") },
    ];
    const answer = await recordVisits(world.ctx(), { visits });
    expect(answer).toEqual({
      recorded: 3,
      already: 0,
      bad: [
        { row: 3, field: "venueCode", code: "unknownVenue" },
        { row: 4, field: "at", code: "inFuture" },
        { row: 5, field: "until", code: "leftBeforeCame" },
      ],
    });
    expect(await recordVisits(world.ctx(), { visits: visits.slice(0, 3) })).toMatchObject({ recorded: 0, already: 3 });
    expect(await world.sql.one("select count(*)::int as n from visit")).toEqual({ n: 3 });
  });

  it("VEN-2, VEN-3: takes lines, says which are no scans, and the same lines again are the same visits", async () => {
    const text = [
      JSON.stringify({ venueCode: "MALL", personId: 11, at: at("08:00") }),
      "",
      "{ not JSON",
      JSON.stringify({ venueCode: "MALL", personId: "12", at: at("08:00") }),
      JSON.stringify({ venueCode: "NONE", personId: 13, at: at("08:00") }),
      JSON.stringify({ venueCode: "MALL", personId: 14, at: at("08:00").replace(".000Z", ".400Z") }),
    ].join("\n");
    const bad = [
      { row: 2, field: "line", code: "notAScan" },
      { row: 3, field: "line", code: "notAScan" },
      { row: 4, field: "venueCode", code: "unknownVenue" },
    ];
    expect(await recordVisitLines(world.ctx(), text)).toEqual({ recorded: 2, already: 0, bad });
    const again = `${text}\n${JSON.stringify({ venueCode: "MALL", personId: 15, at: at("08:00") })}`;
    expect(await recordVisitLines(world.ctx(), again)).toEqual({ recorded: 1, already: 2, bad });
    // Half a second is no time of its own.
    expect(await world.sql.one("select s from visit where person_id = 14")).toEqual({
      s: Date.parse(at("08:00")) / 1_000 - Date.parse("2020-01-01T00:00:00.000Z") / 1_000,
    });
  });

  it("VEN-4: reads with a reason only, and keeps it", async () => {
    const input = { personId: 1, from: at("00:00"), to: at("23:00") };
    await expect(visitsOfPerson(world.ctx(), input)).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const ctx = world.ctx({ reason: "流调 case 1" });
    expect(await visitsOfPerson(ctx, input)).toMatchObject([
      { venueCode: "SHOP", at: at("08:00"), until: at("08:40"), assumed: false },
    ]);
    const met = await coPresence(ctx, { ...input, gapMinutes: 60 });
    expect(met.map((row) => [row.otherPersonId, row.overlapMinutes, row.gapMinutes])).toEqual([
      [2, 10, 0],
      [3, 0, 40],
    ]);
    expect((await coPresence(ctx, input)).map((row) => row.otherPersonId)).toEqual([2]);
    const kept = await world.sql.many(
      "select action, reason, count from audit where subject_type = 'person' order by seq",
    );
    expect(kept).toHaveLength(3);
    expect(kept[1]).toMatchObject({ action: "venues.coPresence", reason: "流调 case 1", count: 2 });
  });

  it("finds the same people as a comparison of all pairs", async () => {
    const random = (n: number) => (n * 7919) % 997;
    const visits = Array.from({ length: 300 }, (_, i) => ({
      venueCode: i % 3 === 0 ? "MALL" : "SHOP",
      personId: 100 + (random(i) % 40),
      at: `2022-07-22T${String(random(i + 1) % 24).padStart(2, "0")}:${String(random(i + 2) % 60).padStart(2, "0")}:00.000Z`,
    }));
    await recordVisits(world.ctx(), { visits });
    const met = await runDutyResult(world, (tx) =>
      coPresent(tx, {
        personIds: [100, 101],
        from: "2022-07-21T00:00:00.000Z",
        to: "2022-07-24T00:00:00.000Z",
        gapMinutes: 15,
      }),
    );
    const rows = await world.sql.many<{ venue_no: number; person_id: number; at: string }>(
      "select venue_no, person_id, to_timestamp(s + 1577836800) as at from visit where day < '2022-07-23'",
    );
    const expected = new Set<string>();
    for (const a of rows)
      for (const b of rows) {
        const apart = Math.abs(Date.parse(a.at) - Date.parse(b.at)) / 60_000;
        if ([100, 101].includes(a.person_id) && a.person_id !== b.person_id && a.venue_no === b.venue_no && apart <= 45)
          expected.add(`${a.person_id} ${b.person_id}`);
      }
    expect(new Set(met.map((row) => `${row.personId} ${row.otherPersonId}`))).toEqual(expected);
    expect(expected.size).toBeGreaterThan(5);
  });

  it("VEN-12: tomorrow's visits have their partition before midnight, where today has one", async () => {
    const partitions = async (): Promise<string[]> =>
      (
        await world.sql.many<{ name: string }>(
          "select relid::regclass::text as name from pg_partition_tree('visit') where isleaf",
        )
      )
        .map(({ name }) => name)
        .toSorted();
    const before = await partitions();
    expect(before).toContain("visit_20220723");
    await runDuty(world.ctx(), openNextDay);
    expect(await partitions()).toEqual([...before, "visit_20220724"]);
    await runDuty(world.ctx(), openNextDay);
    world.clock.set("2022-08-10T12:00:00.000Z");
    await runDuty(world.ctx(), openNextDay);
    expect(await partitions()).toEqual([...before, "visit_20220724"]);
  });

  it("VEN-2: a day without a partition gets one in a transaction of its own where the visits are spread", async () => {
    await asIfSpread(world, async () => {
      const visits = [{ venueCode: "SHOP", personId: 1, at: "2022-08-10T08:00:00.000Z" }];
      expect(await recordVisits(world.ctx(), { visits })).toMatchObject({ recorded: 1, bad: [] });
      expect(await recordVisits(world.ctx(), { visits })).toMatchObject({ recorded: 0, already: 1 });
    });
  });

  it("counts the venues that were used alike on one machine and where the visits are spread", async () => {
    const closed = { code: "CLOSED", areaCode: "371721123201", kind: "shop", name: "从未开门的店" };
    await registerVenues(world.ctx(), { areaCode: "3717", venues: [closed] });
    const asked = { areaCode: "3717", from: "2022-07-20", to: "2022-08-12", codeLength: 6 };
    const use = (): ReturnType<typeof venueUse> => runDuty(world.ctx(), (tx) => venueUse(tx, asked));
    const here = await use();
    expect(here.some(({ scanned }) => scanned > 0)).toBe(true);
    expect(here.some(({ scanned, venues }) => scanned < venues)).toBe(true);
    expect(await asIfSpread(world, use)).toEqual(here);
  });

  it("VEN-5: drops whole days after the retention", async () => {
    world.clock.set("2022-09-30T00:00:00.000Z");
    await runDuty(world.ctx(), dropOldVisits);
    expect(await world.sql.one("select count(*)::int as n from visit")).toEqual({ n: 0 });
  });
});

async function runDutyResult<T>(
  world: TestWorld,
  run: (tx: Parameters<Parameters<typeof runDuty>[1]>[0]) => Promise<T>,
): Promise<T> {
  let result: T | undefined;
  await runDuty(world.ctx(), async (tx) => {
    result = await run(tx);
  });
  if (result === undefined) throw new Error("the duty gave nothing");
  return result;
}
