import type { AgeBand, CitySpec, VillageSpec } from "./city.model.ts";
import type { DiseaseModel, SettingFactors } from "./disease.model.ts";
import type { Setting } from "./engine.model.ts";

/** The ages of Cao county in the 2020 census, in three groups; enough for tests of the engine. */
export const testAges: readonly AgeBand[] = [
  { from: 0, to: 14, share: 0.2584 },
  { from: 15, to: 64, share: 0.6001 },
  { from: 65, to: 94, share: 0.1415 },
];

function villagesOf(counties: number, towns: number, villages: number, population: number): VillageSpec[] {
  const list: VillageSpec[] = [];
  for (let county = 1; county <= counties; county++) {
    const countyCode = `37170${county}`;
    for (let town = 1; town <= towns; town++) {
      const townCode = `${countyCode}${100 + town}`;
      for (let village = 1; village <= villages; village++) {
        list.push({
          code: `${townCode}${200 + village}`,
          townCode,
          countyCode,
          population: population + 17 * village,
          kind: "village",
        });
      }
    }
  }
  return list;
}

/** A small city with every setting: two counties of three towns of six villages, about 29,000 people. */
export const smallCity: CitySpec = {
  villages: villagesOf(2, 3, 6, 750),
  counties: ["371701", "371702"].map((code) => ({
    code,
    householdShares: [0.2, 0.2, 0.28, 0.19, 0.09, 0.04],
    ageBands: testAges,
    maleShare: 0.51,
  })),
  teams: [
    { kind: "primary", school: true, ageFrom: 6, ageTo: 11, share: 1, size: 40, reach: "village", sameAge: true },
    { kind: "junior", school: true, ageFrom: 12, ageTo: 17, share: 0.9, size: 45, reach: "town", sameAge: true },
    { kind: "work", school: false, ageFrom: 18, ageTo: 64, share: 0.6, size: 12, reach: "town", sameAge: false },
  ],
  venues: [
    {
      kind: "shop",
      reach: "village",
      perTenThousand: 20,
      visitsPerDay: 0.3,
      stayMinutesMin: 5,
      stayMinutesMax: 30,
      opensAt: 420,
      closesAt: 1260,
    },
    {
      kind: "market",
      reach: "town",
      perTenThousand: 6,
      visitsPerDay: 0.25,
      stayMinutesMin: 20,
      stayMinutesMax: 70,
      opensAt: 360,
      closesAt: 780,
    },
    {
      kind: "mall",
      reach: "county",
      perTenThousand: 2,
      visitsPerDay: 0.06,
      stayMinutesMin: 40,
      stayMinutesMax: 150,
      opensAt: 570,
      closesAt: 1290,
    },
  ],
  mustInclude: ["371702102203"],
  preferAreas: ["371701103"],
};

/** One village of households of one size, with no teams and no venues: the theory's city. */
export function plainCity(population: number, householdSize: number): CitySpec {
  const shares = Array.from({ length: householdSize }, (_, i) => (i + 1 === householdSize ? 1 : 0));
  return {
    villages: [{ code: "371701101201", townCode: "371701101", countyCode: "371701", population, kind: "village" }],
    counties: [{ code: "371701", householdShares: shares, ageBands: testAges, maleShare: 0.5 }],
    teams: [],
    venues: [],
    mustInclude: [],
    preferAreas: [],
  };
}

/** The same factor in each setting, with some replaced. */
export function factors(all: number, some: Partial<Record<Setting, number>> = {}): SettingFactors {
  const of = (setting: Setting): number => some[setting] ?? all;
  return {
    household: of("household"),
    team: of("team"),
    venue: of("venue"),
    neighbourhood: of("neighbourhood"),
    far: of("far"),
  };
}

/** A disease with a generation time of 3.0 ± 1.6 days; tests replace what they are about. */
export function testDisease(changes: Partial<DiseaseModel> = {}): DiseaseModel {
  return {
    name: "test",
    latentDays: 1.6,
    incubation: { meanDays: 3.4, sdDays: 2 },
    generation: { meanDays: 3, sdDays: 1.6 },
    attempts: factors(0),
    dispersion: { household: 1, community: 0.6 },
    schoolShare: 1,
    farInCountyShare: 0,
    neighbourReach: 60,
    symptomaticShare: 0.7,
    reportedAsymptomaticShare: 0.9,
    care: { share: 0.1, shareOnAlert: 0.5, delayMeanDays: 1.5, delaySdDays: 1, opensAt: 480, closesAt: 1200 },
    ct: { cutoff: 40, peakMean: 24, peakSd: 3, riseDays: 1.5, declinePerDay: 1.5 },
    control: {
      free: factors(1),
      held: factors(0, { household: 1, neighbourhood: 0.1 }),
      homeQuarantine: factors(0, { household: 0.8, neighbourhood: 0.1, venue: 0.02 }),
      centralQuarantine: factors(0, { household: 0.6 }),
      hospital: factors(0),
    },
    village: {
      none: factors(1),
      low: factors(0.8, { household: 1 }),
      medium: factors(0.3, { household: 1 }),
      high: factors(0.05, { household: 1 }),
    },
    county: { none: factors(1), reduced: factors(0.6, { household: 1 }), lockdown: factors(0.15, { household: 1 }) },
    ...changes,
  };
}

/** The settings' mixed attempts of an outbreak that grows, for tests of the whole engine. */
export const mixedAttempts: SettingFactors = {
  household: 0.75,
  team: 0.45,
  venue: 0.9,
  neighbourhood: 1,
  far: 0.1,
};
