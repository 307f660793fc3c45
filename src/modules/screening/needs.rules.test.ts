import { describe, expect, it } from "vitest";
import {
  expectedPositivePools,
  labHoursLeft,
  labTubesPerDay,
  roundNeeds,
  samplersNeeded,
  samplersPerShift,
  sitesNeeded,
  swabsNeeded,
  tablesNeeded,
  tubesNeeded,
  vehiclesNeeded,
} from "./needs.rules.ts";

const supply = { spoilageShare: 0.05, peoplePerSampler: 360, peoplePerTable: 700, peoplePerSite: 2500 };

/** The worked examples of domain.md §2.1 and §2.4. */
const rows: readonly (readonly [rule: string, what: string, got: number, expected: number])[] = [
  ["NAT-SAMPLER", "samplers for 1 M people", samplersNeeded(1_000_000, 360), 2_778],
  ["NAT-SAMPLER", "samplers for Heze's 8.8 M", samplersNeeded(8_796_000, 360), 24_434],
  [
    "NAT-RATE",
    "samplers of a 6 h shift at 100 an hour, 85 % busy",
    samplersPerShift(10_000, { hours: 6, perHour: 100, utilisation: 0.85 }),
    20,
  ],
  ["NAT-SITE", "tables at 600 people", tablesNeeded(1_000_000, 600), 1_667],
  ["NAT-SITE", "tables at 800 people", tablesNeeded(1_000_000, 800), 1_250],
  ["NAT-SITE", "sites at 3,000 people", sitesNeeded(1_000_000, 3_000), 334],
  ["NAT-SITE", "sites at 2,000 people", sitesNeeded(1_000_000, 2_000), 500],
  ["NAT-TUBES", "tubes at 20:1 without spoilage", tubesNeeded([{ people: 1_000_000, size: 20 }], 0), 50_000],
  [
    "NAT-TUBES",
    "a part tube is a tube; one in twenty spoils",
    tubesNeeded(
      [
        { people: 21, size: 20 },
        { people: 18, size: 1 },
      ],
      0.05,
    ),
    21,
  ],
  [
    "NAT-TUBES",
    "exact spoilage is not rounded up by floating point",
    tubesNeeded([{ people: 400, size: 20 }], 0.05),
    21,
  ],
  ["NAT-SWABS", "swabs with spoilage", swabsNeeded(1_000, 0.05), 1_050],
  ["NAT-VEHICLES", "vehicles for 100 trips of 2 h in 12 h", vehiclesNeeded(100, 2, 12), 17],
  [
    "NAT-LAB-DAY",
    "8 amplifiers, 13.3 plates of 94 wells",
    labTubesPerDay({ machines: 8, platesPerDay: 13.3, wells: 94 }),
    10_001,
  ],
  ["NAT-LAB-LOAD", "the slowest stage decides", labHoursLeft(1_200, [600, 400, 500]), 3],
];

describe("needs of a round (domain.md §2.4)", () => {
  it.each(rows)("%s: %s", (_rule, _what, got, expected) => expect(got).toBe(expected));

  it("NAT-POOLS-POS: expected positive pools grow with the pool", () => {
    expect(expectedPositivePools(1_000, 1, 0.01)).toBeCloseTo(10);
    expect(expectedPositivePools(50_000, 20, 0.0001)).toBeCloseTo(99.9, 1);
    expect(expectedPositivePools(10, 20, 0)).toBe(0);
  });

  it("gives everything a round takes, and nothing for nobody", () => {
    expect(roundNeeds(1_000_000, 20, supply)).toEqual({
      people: 1_000_000,
      samplers: 2_778,
      tables: 1_429,
      sites: 400,
      tubes: 52_500,
      swabs: 1_050_000,
    });
    expect(roundNeeds(0, 20, supply)).toMatchObject({ samplers: 0, tubes: 0 });
  });

  it("stops on a rate that cannot be", () => {
    expect(() => samplersNeeded(1, 0)).toThrow("positive rate");
    expect(() => labHoursLeft(1, [])).toThrow("at least one stage");
  });
});
