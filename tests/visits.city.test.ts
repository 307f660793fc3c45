import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks } from "#modules/outbreaks";
import { everybodyMet, meetings, module as venues, PersonSet, sealDay } from "#modules/venues";
import type { Tx } from "#platform/context";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { indexOf, metBy, visitsOfDay, type Index } from "../bench/visits.city.ts";
import { dayRows } from "../bench/visits.load.ts";

/** The benchmark's smallest city: what rows, packed days and typed arrays in memory answer is the same. */

const people = 100_000;
const venueCount = 4_000;
const firstDay = Date.parse("2022-07-20T00:00:00.000Z");
const dayMs = 86_400_000;
const dayText = (day: number): string => new Date(firstDay + day * dayMs).toISOString().slice(0, 10);
const window = { from: `${dayText(0)}T00:00:00.000Z`, to: `${dayText(2)}T00:00:00.000Z`, gapMinutes: 0 };

describe("visits of 100,000 people over two days", () => {
  let world: TestWorld;
  let index: Index;

  async function inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T | undefined;
    await runDuty(world.ctx(), async (tx) => {
      result = await work(tx);
    });
    return result as T;
  }

  async function check(persons: readonly number[]): Promise<void> {
    await inTx(async (tx) => {
      for (const person of persons) {
        const found = await meetings(tx, { ...window, personIds: [person] });
        expect(new Set(found.map(({ other }) => other.person))).toEqual(metBy(index, [person]));
      }
      const asked = [...metBy(index, [persons[0] ?? 1])];
      const set = await everybodyMet(tx, PersonSet.of(asked), window);
      expect(new Set(set.values())).toEqual(metBy(index, asked));
    });
  }

  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, venues], at: "2022-07-23T12:00:00.000Z" });
    const days = [0, 1].map((day) => visitsOfDay({ day, people, venues: venueCount, perDay: people * 3 }));
    index = indexOf(days, people, venueCount);
    for (const [day, visits] of days.entries()) {
      await world.sql.run("select wuyang.add_visit_day($1)", [dayText(day)]);
      // Two scans of one person at one door in one second are one visit, which only an insert can leave out.
      await world.sql.script("create temp table sent (day date, venue_no int, person_id int, s int, len int)");
      await world.sql.copyInBinary(
        "sent (day, venue_no, person_id, s, len)",
        dayRows(visits, firstDay, firstDay + day * dayMs),
      );
      await world.sql.script("insert into visit select * from sent on conflict do nothing; drop table sent");
    }
    await world.sql.script("analyze visit");
  }, 240_000);
  afterAll(() => world?.close());

  const persons = Array.from({ length: 40 }, (_, i) => 1 + i * 2_371);

  it("answers from rows as from memory", () => check(persons));

  it("answers from one packed day and one of rows as from memory", async () => {
    await inTx((tx) => sealDay(tx, dayText(0)));
    await check(persons);
  }, 180_000);

  it("answers from packed days as from memory, in an eighth of the room", async () => {
    const sealed = await inTx((tx) => sealDay(tx, dayText(1)));
    expect(sealed.bytes / sealed.visits).toBeLessThan(18);
    await check(persons);
  }, 180_000);
});
