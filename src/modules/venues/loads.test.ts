import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks } from "#modules/outbreaks";
import { prngOf } from "#kernel/prng";
import { testWorld, type TestWorld } from "#platform/testing";
import type { Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import { epochS, type VisitColumns } from "./domain.ts";
import { addToDay, beginDay, endDay, meetings, module, recordVisits, registerVenuesBulk, visitsOf } from "./index.ts";

const days = { packed: "2022-07-20", rows: "2022-07-21" } as const;
const window = { from: "2022-07-20T00:00:00.000Z", to: "2022-07-22T00:00:00.000Z", gapMinutes: 5 };
const people = 400;
const venueCount = 12;

/** Visits of some people on a day, a few of them told twice. */
function visits(day: string, from: number, to: number): VisitColumns {
  const prng = prngOf(5, `${day} ${from}`);
  const rows: number[][] = [];
  for (let person = from; person < to; person++)
    for (let i = 0; i < 4; i++) {
      const s = Date.parse(day) / 1_000 - epochS + prng.int(86_400);
      const row = [1 + prng.int(venueCount), person, s, prng.int(3) === 0 ? -1 : prng.int(7_200)];
      rows.push(row);
      if (prng.int(10) === 0) rows.push(row);
    }
  const column = (at: number): Int32Array<ArrayBuffer> => Int32Array.from(rows, (row) => row[at] ?? 0);
  return { count: rows.length, venue: column(0), person: column(1), s: column(2), len: column(3) };
}

describe("days of visits loaded at once", () => {
  let loaded: TestWorld;
  let scanned: TestWorld;

  async function inTx<T>(world: TestWorld, work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T | undefined;
    await runDuty(world.ctx(), async (tx) => {
      result = await work(tx);
    });
    return result as T;
  }

  const parts = [
    [1, 150],
    [150, people],
  ] as const;

  beforeAll(async () => {
    const options = { modules: [areas, outbreaks, module], at: "2022-07-22T00:00:00.000Z" };
    [loaded, scanned] = await Promise.all([testWorld(options), testWorld(options)]);
    const places = Array.from({ length: venueCount }, (_, i) => ({
      no: i + 1,
      code: `V${i}`,
      areaCode: "371721101301",
      kind: "shop",
      name: `店${i}`,
    }));
    for (const world of [loaded, scanned]) await inTx(world, (tx) => registerVenuesBulk(tx, places));
    for (const form of ["packed", "rows"] as const) {
      const day = days[form];
      await inTx(loaded, (tx) => beginDay(tx, day, form));
      let count = 0;
      for (const [from, to] of parts)
        count += await inTx(loaded, (tx) => addToDay(tx, day, form, visits(day, from, to)));
      await inTx(loaded, (tx) => endDay(tx, day, form, count));
      for (const [from, to] of parts) {
        const { count: n, venue, person, s, len } = visits(day, from, to);
        const at = (second: number): string => new Date((second + epochS) * 1_000).toISOString();
        const sent = Array.from({ length: n }, (_, i) => ({
          venueCode: `V${(venue[i] ?? 0) - 1}`,
          personId: person[i] ?? 0,
          at: at(s[i] ?? 0),
          ...((len[i] ?? -1) < 0 ? {} : { until: at((s[i] ?? 0) + (len[i] ?? 0)) }),
        }));
        await recordVisits(scanned.ctx(), { visits: sent });
      }
    }
  }, 240_000);
  afterAll(async () => {
    await loaded?.close();
    await scanned?.close();
  });

  it("answer who was where and who met whom as scans do, packed and as rows", async () => {
    const ids = [1, 2, 64, 149, 150, 151, 300, 399];
    const where = (world: TestWorld) =>
      inTx(world, async (tx) =>
        (await visitsOf(tx, ids, window.from, window.to)).map(({ venueId: _id, ...row }) => row),
      );
    expect(await where(loaded)).toEqual(await where(scanned));
    expect((await where(loaded)).length).toBeGreaterThan(ids.length * 7);
    const met = (world: TestWorld) =>
      inTx(world, async (tx) =>
        (await meetings(tx, { ...window, personIds: ids }))
          .map(({ mine, other }) => JSON.stringify([mine, other]))
          .toSorted(),
      );
    expect(await met(loaded)).toEqual(await met(scanned));
    expect((await met(loaded)).length).toBeGreaterThan(100);
  });

  it("take later scans as any day does, and venues registered later get other numbers", async () => {
    const answer = await recordVisits(loaded.ctx(), {
      visits: [{ venueCode: "V1", personId: 5, at: "2022-07-21T12:00:00.000Z" }],
    });
    expect(answer).toMatchObject({ recorded: 1, bad: [] });
    const parted = await loaded.sql.many<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'visit'::regclass order by 1",
    );
    expect(parted.map(({ name }) => name)).toEqual(["visit_20220721"]);
    await expect(inTx(loaded, (tx) => beginDay(tx, days.rows, "rows"))).rejects.toThrow("there already");
    await loaded.sql.run(
      "insert into venue (id, code, area_code, kind, name, name_en, created_at) values (gen_random_uuid(), 'new', '371721101301', 'shop', 'x', 'x', now())",
    );
    const { no } = await loaded.sql.one<{ no: number }>("select no from venue where code = 'new'");
    expect(no).toBe(venueCount + 1);
  });

  it("have the two indexes of every other day", async () => {
    await inTx(scanned, (tx) => tx.sql.run("select wuyang.add_visit_day('2022-07-21')"));
    const shape = (world: TestWorld) =>
      world.sql.many<{ line: string }>(
        "select regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') as line from pg_indexes where tablename = 'visit_20220721' order by 1",
      );
    expect(await shape(loaded)).toEqual(await shape(scanned));
  });
});
