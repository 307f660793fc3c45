/** The area that a team or a venue draws its people from. */
export type Reach = "village" | "town" | "county";

export interface VillageSpec {
  /** Twelve digits; the first six are the county, the first nine the town. */
  readonly code: string;
  readonly townCode: string;
  readonly countyCode: string;
  readonly population: number;
  /** For example `village` or `community`; carried through, never interpreted. */
  readonly kind: string;
}

export interface AgeBand {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly share: number;
}

export interface CountySpec {
  readonly code: string;
  /** `householdShares[i]` is the share of households with i + 1 people. */
  readonly householdShares: readonly number[];
  /** Contiguous from age 0; shares add up to 1 within rounding. */
  readonly ageBands: readonly AgeBand[];
  readonly maleShare: number;
}

/** A kind of team: a school class or a work team. A person joins the first kind that takes them. */
export interface TeamSpec {
  readonly kind: string;
  readonly school: boolean;
  readonly ageFrom: number;
  /** Inclusive. */
  readonly ageTo: number;
  /** Share of the people of these ages, not yet in an earlier kind, who belong to one. */
  readonly share: number;
  /** Mean number of members. */
  readonly size: number;
  readonly reach: Reach;
  /** A school class holds one age; a work team mixes them. */
  readonly sameAge: boolean;
}

/** A kind of venue. Each person has one regular venue for each reach. */
export interface VenueSpec {
  readonly kind: string;
  readonly reach: Reach;
  readonly perTenThousand: number;
  /** Mean visits of a regular a day, in [0, 1]. */
  readonly visitsPerDay: number;
  readonly stayMinutesMin: number;
  readonly stayMinutesMax: number;
  /** Minutes after midnight, local time. */
  readonly opensAt: number;
  readonly closesAt: number;
}

export interface CitySpec {
  readonly villages: readonly VillageSpec[];
  readonly counties: readonly CountySpec[];
  readonly teams: readonly TeamSpec[];
  readonly venues: readonly VenueSpec[];
  /** Villages that every scale keeps. */
  readonly mustInclude: readonly string[];
  /** Area codes whose villages are taken before the others, once each town has one. */
  readonly preferAreas: readonly string[];
}

export interface CityVillage {
  readonly index: number;
  readonly code: string;
  readonly townCode: string;
  readonly countyCode: string;
  readonly kind: string;
  /** The people of the village are [firstPerson, endPerson). */
  readonly firstPerson: number;
  readonly endPerson: number;
  readonly firstHousehold: number;
  readonly endHousehold: number;
}

/** A county or a town: a range of villages, households and people. */
export interface CityArea {
  readonly index: number;
  readonly code: string;
  readonly firstVillage: number;
  readonly endVillage: number;
  readonly firstPerson: number;
  readonly endPerson: number;
}

export interface Household {
  readonly index: number;
  /** The members are [first, end). */
  readonly first: number;
  readonly end: number;
}

export interface Team {
  readonly index: number;
  readonly kind: string;
  readonly school: boolean;
  readonly size: number;
}

export interface Venue {
  readonly index: number;
  readonly villageCode: string;
  readonly kind: string;
  readonly reach: Reach;
}

/** One stay at a venue; minutes count from the local midnight that begins day 0. */
export interface Visit {
  readonly venue: number;
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface VenueVisitor {
  readonly person: number;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A city of people, computed from its seed; people are numbered village, then household, then person. */
export interface City {
  readonly seed: number;
  readonly personCount: number;
  readonly householdCount: number;
  readonly teamCount: number;
  readonly villages: readonly CityVillage[];
  readonly towns: readonly CityArea[];
  readonly counties: readonly CityArea[];
  readonly venues: readonly Venue[];
  /** Bytes of the typed arrays, all told. */
  readonly bytes: number;
  /** 64 bits in hex: two cities with the same fingerprint are the same city. */
  readonly fingerprint: string;
  /** Index into `villages`. */
  villageOf(person: number): number;
  /** Index into `counties`. */
  countyOf(person: number): number;
  householdOf(person: number): Household;
  household(index: number): Household;
  age(person: number): number;
  sex(person: number): "male" | "female";
  teamOf(person: number): Team | null;
  team(index: number): Team;
  /** The members' ids, ascending; a view, not to be written to. */
  teamMembers(team: number): Int32Array;
  /** The venues where the person is a regular. */
  regularVenues(person: number): readonly number[];
  /** The number of people who have the venue as a regular place, whether they come today or not. */
  regularCount(venue: number): number;
  /** The i-th regular of a venue. */
  regularAt(venue: number, i: number): number;
  /** The person's stays on a day, before any control keeps them at home. */
  visits(person: number, day: number): Visit[];
  /** The person's stay at the venue on a day, if they come. */
  visitTo(person: number, venue: number, day: number): Visit | null;
  visitorsOf(venue: number, day: number): VenueVisitor[];
}
