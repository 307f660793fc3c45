import { describe, expect, it } from "vitest";
import { epochS } from "#domain/venues";
import { buildCity } from "#sim/city";
import { smallCity } from "#sim/sim.testing";
import { need } from "#kernel/assert";
import { ownScansPerPerson, venueRanges, visitsOfDay, type VisitDay } from "./visits.rules.ts";

const city = buildCity(smallCity, 7, 1);
const midnight = "2022-08-05T16:00:00.000Z";
const startS = Date.parse(midnight) / 1_000 - epochS;
const wanted = 3;
const day: VisitDay = {
  city,
  ranges: venueRanges(city),
  index: 20,
  midnight,
  passing: wanted - ownScansPerPerson(city),
};
const [county = null, other = null] = city.counties;

describe("a loaded day of visits (DRILL-15)", () => {
  it("has about as many scans a person as were asked for", () => {
    const { count } = visitsOfDay(day, need(county, "a county"));
    const people = need(county, "a county").endPerson - need(county, "a county").firstPerson;
    expect(count / people).toBeGreaterThan(wanted * 0.95);
    expect(count / people).toBeLessThan(wanted * 1.05);
  });

  it("holds every stay of the city itself, with its minutes", () => {
    const { count, venue, person, s, len } = visitsOfDay(day, need(county, "a county"));
    const held = new Set(
      Array.from(
        { length: count },
        (_, i) => `${venue[i]} ${person[i]} ${Math.floor(((s[i] ?? 0) - startS) / 60)} ${len[i]}`,
      ),
    );
    for (let who = 0; who < 2_000; who++)
      for (const stay of city.visits(who, day.index)) {
        const from = stay.fromMinute - day.index * 1_440;
        expect(held).toContain(`${stay.venue + 1} ${who + 1} ${from} ${(stay.toMinute - stay.fromMinute) * 60}`);
      }
  });

  it("is at venues of the people's own county, within the day", () => {
    const inOther = new Set(
      city.venues
        .filter(({ villageCode }) => villageCode.startsWith(need(other, "a county").code))
        .map(({ index }) => index + 1),
    );
    const { count, venue, s } = visitsOfDay(day, need(county, "a county"));
    for (let i = 0; i < count; i++) {
      expect(inOther.has(venue[i] ?? 0)).toBe(false);
      expect(s[i]).toBeGreaterThanOrEqual(startS);
      expect(s[i]).toBeLessThan(startS + 86_400);
    }
  });

  it("is the same when its towns are made one by one, in any order", () => {
    const keys = (columns: ReturnType<typeof visitsOfDay>): string[] =>
      Array.from(
        { length: columns.count },
        (_, i) => `${columns.venue[i]} ${columns.person[i]} ${columns.s[i]} ${columns.len[i]}`,
      );
    const whole = city.counties.flatMap((area) => keys(visitsOfDay(day, area))).toSorted();
    const parts = city.towns
      .toReversed()
      .flatMap((area) => keys(visitsOfDay(day, area)))
      .toSorted();
    expect(parts).toEqual(whole);
  });
});
