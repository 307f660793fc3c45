import { need } from "#kernel/assert";
import { addDays, type Day } from "#kernel/time";
import { inventedId, type BulkHousehold, type BulkPerson } from "#domain/people";
import type { City } from "#sim/city";
import { uniformDraw } from "#sim/draws";
import { inventedName } from "./names.rules.ts";

/** The city's people as the register takes them; whoever they are, nobody real is meant. */

/** The id in the register of the sim's person; the register's first invented person is 1. */
export function personIdOf(index: number): number {
  return index + 1;
}

export function personIndexOf(id: number): number {
  return id - 1;
}

/** The city whose people are registered, and the day on which they have the ages of the census. */
export interface Residents {
  readonly city: City;
  readonly seed: number;
  readonly day: Day;
}

type Numbers = Pick<BulkPerson, "idKind" | "idNumber" | "phone">;
type Described = Pick<BulkPerson, "birthDate" | "sex">;

/** What an invented person's papers and phone say. */
export type NumbersOf = (person: number, described: Described & { readonly birthDate: Day }) => Numbers;

const daysPerYear = 365;
const phoneFromAge = 8;
const phoneFrom = 10_000_000_000;

/** The codes of a class or workplace, and its number among the venues: behind those that people visit. */
export function workCode(team: number): string {
  return `T${team}`;
}
export function workNo(city: City, team: number): number {
  return city.venues.length + team + 1;
}

/** The number of the sim's venue in the register of venues. */
export function venueNoOf(venue: number): number {
  return venue + 1;
}

/** A drill's numbers say that they are a drill's. */
export const drillNumbers: NumbersOf = (person) => ({
  idKind: "other",
  idNumber: `DRILL${String(person).padStart(8, "0")}`,
});

/**
 * Numbers of a loaded city have the form of real ones, so that they take as long to check, to seal and to find; their
 * place begins with 9 and their phones with 10, which nobody's do. spec: DRILL-14, PEOPLE-9
 */
export function cityNumbers({ city }: Residents): NumbersOf {
  return (person, { birthDate, sex }) => ({
    idKind: "residentId",
    idNumber: inventedId(person, birthDate, sex),
    ...(city.age(person) < phoneFromAge ? {} : { phone: String(phoneFrom + person) }),
  });
}

function villageCode(city: City, person: number): string {
  return need(city.villages[city.villageOf(person)], "a person lives in a village").code;
}

/** How many days before the residents' day a person was born. */
function daysOld({ city, seed }: Residents, person: number): number {
  return Math.floor((city.age(person) + uniformDraw(seed, "birthday", person)) * daysPerYear);
}

/** The calendar is asked once for each day of birth, not for each person. */
function birthDays({ day }: Residents): (daysOld: number) => Day {
  const known = new Map<number, Day>();
  return (days) => {
    const found = known.get(days) ?? addDays(day, -days);
    known.set(days, found);
    return found;
  };
}

/** The homes whose first member is among the people from `from` to before `to`. */
export function* homesOf({ city }: Residents, from: number, to: number): Generator<BulkHousehold> {
  for (let person = from; person < to; person++) {
    const home = city.householdOf(person);
    if (home.first === person)
      yield { id: home.index + 1, areaCode: villageCode(city, person), address: `第${home.index + 1}户` };
  }
}

/** The people from `from` to before `to`. */
export function* residentsOf(
  residents: Residents,
  from: number,
  to: number,
  numbersOf: NumbersOf,
): Generator<BulkPerson> {
  const { city, seed } = residents;
  const birthDay = birthDays(residents);
  for (let person = from; person < to; person++) {
    const team = city.teamOf(person);
    const home = city.householdOf(person).index;
    const described = { birthDate: birthDay(daysOld(residents, person)), sex: city.sex(person) };
    yield {
      id: personIdOf(person),
      areaCode: villageCode(city, person),
      householdId: home + 1,
      name: inventedName(seed, person, home),
      ...described,
      ref: `sim:${person}`,
      ...numbersOf(person, described),
      ...(team ? { workplaceVenueId: workNo(city, team.index) } : {}),
    };
  }
}
