import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerPeople } from "#modules/people";
import type { Ctx } from "#platform/context";
import { openPool } from "#platform/db";
import { openRound, reconcileRound, registerLabs, reportResults, setCoverageRight, uploadTubes } from "./index.ts";
import { inTx, probe, smallCity, type SmallCity } from "./screening.fixture.ts";

/** What several devices, laboratories and offices do at once leaves the counters right, and nobody is thrown out. */

const perVillage = 200;
const rounds = 12;
const manyVillages = 600;
const heldMs = 400;

describe("at the same time", () => {
  let city: SmallCity;
  let ctx: Ctx;
  let labs: Readonly<Record<string, string>>;
  let tubes = 0;

  beforeAll(async () => {
    city = await smallCity(perVillage, [probe]);
    ctx = city.world.ctx();
    labs = await registerLabs(ctx, {
      areaCode: "3717",
      labs: ["A", "B"].map((code) => ({ code, areaCode: "3717", name: code, capacityTubesDay: 1_000 })),
    });
  });
  afterAll(() => city.world.close());

  /** The next tube, of one person of each of two villages. */
  async function tubeOf(roundId: string, first: number, second: number, no: number): Promise<string> {
    const barcode = `C${tubes++}`;
    const personIds = [first, second].map((village) => city.people.get(city.villages[village] ?? "")?.[no] ?? 0);
    const tube = { barcode, kind: "pool" as const, personIds, at: city.world.clock.now() };
    await uploadTubes(ctx, { roundId, siteId: city.sites["S1"] ?? "", box: barcode, tubes: [tube] });
    return barcode;
  }

  /** Tubes of twenty of the people. */
  async function tubesOf(roundId: string, people: readonly number[]): Promise<string[]> {
    const filled = Array.from({ length: Math.ceil(people.length / 20) }, (_, i) => ({
      barcode: `C${tubes++}`,
      kind: "pool" as const,
      personIds: people.slice(i * 20, (i + 1) * 20),
      at: city.world.clock.now(),
    }));
    const box = `B${tubes}`;
    await uploadTubes(ctx, { roundId, siteId: city.sites["S1"] ?? "", box, tubes: filled });
    return filled.map((tube) => tube.barcode);
  }

  it("laboratories whose tubes come from the same villages, in any order, do not hold each other up", async () => {
    // Without sorts the database takes the villages in the order of a hash, each statement in its own.
    const hashed = openPool(`${city.world.url}?options=${encodeURIComponent("-c enable_sort=off")}`, {
      role: "wuyang_app",
      size: 2,
    });
    const codes = Array.from({ length: manyVillages }, (_, i) => `3717021${String(10_000 + i)}`);
    const people = codes.flatMap((areaCode) =>
      Array.from({ length: 2 * rounds }, (_, i) => ({ ref: `${areaCode}-${i}`, areaCode, name: "村民" })),
    );
    const ids = await inTx(ctx, (tx) => registerPeople(tx, { register: "many", people }));
    const { roundId } = await openRound(ctx, { areaCode: "3717" });
    const takeOf = (no: number): number[] => ids.filter((_, i) => i % (2 * rounds) === no);
    for (let i = 0; i < rounds; i++) {
      const forth = await tubesOf(roundId, takeOf(2 * i));
      const back = await tubesOf(
        roundId,
        takeOf(2 * i + 1)
          .toReversed()
          .slice(manyVillages / 3),
      );
      const report = (lab: string, barcodes: readonly string[]) =>
        reportResults(
          { ...ctx, db: hashed },
          {
            labId: labs[lab] ?? "",
            results: barcodes.map((barcode) => ({ barcode, result: "negative" as const })),
          },
        );
      await Promise.all([report("A", forth), report("B", back)]);
    }
    await hashed.close();
    expect(await reconcileRound(ctx, { roundId })).toMatchObject({ differences: 0 });
  });

  it("SCR-18: people who register while rounds open are due in each once", async () => {
    const opened: string[] = [];
    const register = async (i: number): Promise<void> => {
      const people = [{ ref: `late-${i}`, areaCode: city.villages[i % 4] ?? "", name: "新来" }];
      await inTx(ctx, (tx) => registerPeople(tx, { register: "late", people }));
    };
    for (let i = 0; i < rounds; i += 2) {
      const [round] = await Promise.all([openRound(ctx, { areaCode: "3717" }), register(i), register(i + 1)]);
      opened.push(round.roundId);
    }
    for (const roundId of opened) expect(await reconcileRound(ctx, { roundId })).toMatchObject({ differences: 0 });
  });

  it("SCR-21: uploads that come while counters are set right are counted in them", async () => {
    const { roundId } = await openRound(ctx, { areaCode: "3717", villages: [...city.villages] });
    const { sql } = city.world;
    for (let i = 0; i < rounds; i++) {
      await sql.run("update coverage set due = due + 3, excused = excused + 1 where round_id = $1", [roundId]);
      await Promise.all([setCoverageRight(ctx, { roundId }), tubeOf(roundId, 0, 2, i), tubeOf(roundId, 3, 1, i)]);
      expect(await reconcileRound(ctx, { roundId })).toMatchObject({ differences: 0 });
    }
    const text = "select sum(sampled)::int as sampled from coverage where round_id = $1";
    expect(await sql.one(text, [roundId])).toEqual({ sampled: rounds * 4 });
  });

  it("SCR-21: what is being stored when setting right begins is waited for", async () => {
    const { roundId } = await openRound(ctx, { areaCode: "3717", villages: [...city.villages] });
    const { sql } = city.world;
    const village = city.villages[0] ?? "";
    await tubeOf(roundId, 0, 2, 0);
    await sql.run("update coverage set excused = 9 where round_id = $1", [roundId]);
    // An upload half way: its swab and its counter are there, and not committed.
    await sql.script("begin");
    await sql.run(
      `insert into sample (round_id, person_id, tube_id, at, area_code) select $1, $2, max(id), '2022-07-24T00:00:00Z', $3 from tube where round_id = $1`,
      [roundId, city.people.get(village)?.[1] ?? 0, village],
    );
    await sql.run(
      "update coverage set collected = collected + 1, at_site = at_site + 1 where round_id = $1 and area_code = $2",
      [roundId, village],
    );
    const setting = setCoverageRight(ctx, { roundId });
    await new Promise((done) => setTimeout(done, heldMs));
    await sql.script("commit");
    expect(await setting).toMatchObject({ villages: 4 });
    expect(await reconcileRound(ctx, { roundId })).toMatchObject({ differences: 0 });
  });
});
