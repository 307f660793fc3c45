import { describe, expect, it } from "vitest";
import { censusAgeBands, citySpecOf, villagePopulations } from "./city.census.ts";
import { buildCity } from "./city.ts";
import { plainCity, smallCity } from "./sim.testing.ts";

const city = buildCity(smallCity, 7, 1);

describe("buildCity", () => {
  it("numbers people village, household, person, without a gap", () => {
    let person = 0;
    let household = 0;
    for (const village of city.villages) {
      expect(village.firstPerson).toBe(person);
      expect(village.firstHousehold).toBe(household);
      const spec = smallCity.villages.find((entry) => entry.code === village.code);
      expect(village.endPerson - village.firstPerson).toBe(spec?.population);
      for (; household < village.endHousehold; household++) {
        const home = city.household(household);
        expect(home.first).toBe(person);
        for (; person < home.end; person++) {
          expect(city.householdOf(person).index).toBe(household);
          expect(city.villageOf(person)).toBe(village.index);
        }
      }
      expect(person).toBe(village.endPerson);
    }
    expect(person).toBe(city.personCount);
    expect(household).toBe(city.householdCount);
  });

  it("reproduces the household sizes and the ages of the census", () => {
    const sizes = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < city.householdCount; i++) {
      const home = city.household(i);
      sizes[home.end - home.first - 1]! += 1;
    }
    [0.2, 0.2, 0.28, 0.19, 0.09, 0.04].forEach((share, i) => {
      expect(Math.abs(sizes[i]! / city.householdCount - share)).toBeLessThan(0.015);
    });
    const groups = [0, 0, 0];
    let women = 0;
    for (let person = 0; person < city.personCount; person++) {
      const age = city.age(person);
      groups[age < 15 ? 0 : age < 65 ? 1 : 2]! += 1;
      if (city.sex(person) === "female") women += 1;
    }
    expect(Math.abs(groups[0]! / city.personCount - 0.2584)).toBeLessThan(0.015);
    expect(Math.abs(groups[1]! / city.personCount - 0.6001)).toBeLessThan(0.015);
    expect(Math.abs(groups[2]! / city.personCount - 0.1415)).toBeLessThan(0.015);
    expect(Math.abs(women / city.personCount - 0.49)).toBeLessThan(0.015);
  });

  it("leaves no child alone and gives each class one age", () => {
    for (let i = 0; i < city.householdCount; i++) expect(city.age(city.household(i).first)).toBeGreaterThanOrEqual(18);
    for (let team = 0; team < city.teamCount; team++) {
      const members = city.teamMembers(team);
      expect(members.length).toBeGreaterThan(0);
      for (const person of members) expect(city.teamOf(person)?.index).toBe(team);
      if (city.team(team).school) expect(new Set([...members].map((person) => city.age(person))).size).toBe(1);
    }
  });

  it("uses at most 40 bytes a person", () => {
    expect(city.bytes / city.personCount).toBeLessThanOrEqual(40);
  });

  it("is the same city again, and another with another seed", () => {
    expect(buildCity(smallCity, 7, 1).fingerprint).toBe(city.fingerprint);
    expect(buildCity(smallCity, 8, 1).fingerprint).not.toBe(city.fingerprint);
  });
});

describe("visits", () => {
  it("agree from the person's side and from the venue's", () => {
    const fromPeople = new Set<string>();
    let outside = 0;
    for (let person = 0; person < city.personCount; person++) {
      for (const visit of city.visits(person, 3)) {
        fromPeople.add(`${person} ${visit.venue} ${visit.fromMinute} ${visit.toMinute}`);
        if (Math.floor(visit.fromMinute / 1440) !== 3 || Math.floor(visit.toMinute / 1440) !== 3) outside += 1;
      }
    }
    let fromVenues = 0;
    let unknown = 0;
    for (const venue of city.venues) {
      for (const visitor of city.visitorsOf(venue.index, 3)) {
        fromVenues += 1;
        if (!fromPeople.has(`${visitor.person} ${venue.index} ${visitor.fromMinute} ${visitor.toMinute}`)) unknown += 1;
      }
    }
    expect({ outside, unknown }).toEqual({ outside: 0, unknown: 0 });
    expect(fromVenues).toBe(fromPeople.size);
    expect(fromVenues / city.personCount).toBeCloseTo(0.3 + 0.25 + 0.06, 1);
  });
});

describe("scale", () => {
  const small = buildCity(smallCity, 7, 0.34);

  it("keeps whole villages, every town, and the villages that must stay", () => {
    const share = small.personCount / city.personCount;
    expect(share).toBeGreaterThan(0.28);
    expect(share).toBeLessThan(0.4);
    expect(small.towns.map((town) => town.code)).toEqual(city.towns.map((town) => town.code));
    expect(small.villages.some((village) => village.code === "371702102203")).toBe(true);
    const preferred = small.villages.filter((village) => village.code.startsWith("371701103"));
    const others = small.villages.filter((village) => village.code.startsWith("371701101"));
    expect(preferred.length).toBeGreaterThan(others.length);
  });

  it("has the same households in a village at any scale", () => {
    for (const village of small.villages) {
      const whole = city.villages.find((entry) => entry.code === village.code);
      expect(whole).toBeDefined();
      const ages = (from: typeof city, first: number, end: number): number[] =>
        Array.from({ length: end - first }, (_, i) => from.age(first + i));
      expect(ages(small, village.firstPerson, village.endPerson)).toEqual(
        ages(city, whole!.firstPerson, whole!.endPerson),
      );
    }
  });
});

describe("citySpecOf", () => {
  const divisions = Array.from({ length: 40 }, (_, i) => ({
    code: `371721101${200 + i}`,
    kind: i === 0 ? "resident_committee" : "village_committee",
  }));

  it("splits a county's people exactly", () => {
    const populations = villagePopulations(70_000, divisions, 1);
    expect(populations.reduce((sum, population) => sum + population, 0)).toBe(70_000);
    expect(Math.min(...populations)).toBeGreaterThanOrEqual(60);
  });

  it("makes a city of census figures", () => {
    const shares = [
      0.01, 0.05, 0.08, 0.08, 0.06, 0.05, 0.05, 0.08, 0.07, 0.06, 0.07, 0.09, 0.07, 0.05, 0.05, 0.04, 0.02, 0.01, 0.01,
    ];
    expect(censusAgeBands(shares)[18]).toEqual({ from: 85, to: 99, share: 0.01 });
    expect(censusAgeBands(shares)[1]).toEqual({ from: 1, to: 4, share: 0.05 });
    const spec = citySpecOf(
      [
        {
          code: "371721",
          population: 70_000,
          householdShares: [0.2, 0.3, 0.5],
          menPer100Women: 104,
          ageBands: censusAgeBands(shares),
        },
      ],
      divisions,
      { teams: [], venues: [], mustInclude: [], preferAreas: [] },
      1,
    );
    expect(buildCity(spec, 1, 1).personCount).toBe(70_000);
  });

  it("refuses a village of a county that is not described", () => {
    const spec = plainCity(100, 1);
    expect(() => buildCity({ ...spec, counties: [] }, 1, 1)).toThrow("county is not described");
  });
});
