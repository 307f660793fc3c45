import type { Protocol } from "#domain/outbreaks";
import {
  judge,
  rosterOverlap,
  settingOfVenue,
  strongestOf,
  teamSizeMax,
  type Candidate,
  type Judged,
} from "#domain/tracing";
import { need } from "#kernel/assert";
import type { Instant } from "#kernel/time";
import type { City } from "#sim/city";
import type { FoundCase } from "./load.epidemic.rules.ts";
import { personIdOf, personIndexOf } from "./residents.rules.ts";

/** Whom the cases of a loaded city met, by the city's own homes, teams and visits, as the protocol judges it. */

/** A contact with the case whose meeting counts. */
export interface FoundContact {
  readonly person: number;
  readonly case: FoundCase;
  readonly met: Judged;
}

/** What the meetings are looked up in. */
export interface ContactWorld {
  readonly city: City;
  readonly protocol: Protocol;
  instantAt(minute: number): Instant;
}

const minutesPerDay = 1_440;
/** A night and the meals of a day at home (assumed). */
const homeMinutes = 600;
const passesMax = 6;

/**
 * So many contacts, the cases in turn from the newest: each gives its share, and where some met too few, the others give
 * more. Fewer than asked for when nobody else was met. Each person is the contact of one case, and cases are none.
 */
export function foundContacts(world: ContactWorld, cases: readonly FoundCase[], count: number): FoundContact[] {
  const taken = new Set(cases.map(({ person }) => person));
  const found: FoundContact[] = [];
  let share = Math.ceil(count / Math.max(1, cases.length));
  for (let pass = 0; pass < passesMax && found.length < count; pass++) {
    const before = found.length;
    for (const record of cases.toReversed()) {
      if (found.length >= count) break;
      let given = 0;
      for (const met of meetingsOf(world, record)) {
        const person = personIndexOf(met.personId);
        if (taken.has(person) || given >= share || found.length >= count) continue;
        taken.add(person);
        found.push({ person, case: record, met });
        given += 1;
      }
    }
    if (found.length === before) break;
    share *= 2;
  }
  return found;
}

/** The strongest meeting of each person whom the case met, the nearest first. */
function meetingsOf(world: ContactWorld, record: FoundCase): Judged[] {
  const judged = candidatesOf(world, record).map((candidate) => judge(world.protocol, candidate));
  return [...strongestOf(judged).values()].toSorted((a, b) => a.order - b.order || a.personId - b.personId);
}

function candidatesOf({ city, protocol, instantAt }: ContactWorld, record: FoundCase): Candidate[] {
  const { person, sampledMinute } = record;
  const found: Candidate[] = [];
  const lastAt = instantAt(sampledMinute);
  const home = city.householdOf(person);
  for (let other = home.first; other < home.end; other++)
    if (other !== person)
      found.push({
        personId: personIdOf(other),
        setting: "household",
        overlapMinutes: homeMinutes,
        gapMinutes: 0,
        lastAt,
        source: "household",
      });
  const team = city.teamOf(person);
  if (team && team.size <= teamSizeMax)
    for (const other of city.teamMembers(team.index))
      if (other !== person)
        found.push({
          personId: personIdOf(other),
          setting: team.school ? "school" : "work",
          overlapMinutes: rosterOverlap(team.size),
          gapMinutes: 0,
          lastAt,
          source: "workplace",
        });
  const day = Math.floor(sampledMinute / minutesPerDay);
  for (let at = day - protocol.contacts.lookbackDays; at <= day; at++)
    found.push(...venueMeetings({ city, instantAt }, record, at));
  return found;
}

function venueMeetings(
  { city, instantAt }: Pick<ContactWorld, "city" | "instantAt">,
  { person, sampledMinute }: FoundCase,
  day: number,
): Candidate[] {
  return city.visits(person, day).flatMap((stay) => {
    if (stay.fromMinute > sampledMinute) return [];
    const { kind } = need(city.venues[stay.venue], "a venue of the city");
    return city.visitorsOf(stay.venue, day).flatMap((other): Candidate[] => {
      const to = Math.min(stay.toMinute, other.toMinute);
      const overlapMinutes = to - Math.max(stay.fromMinute, other.fromMinute);
      if (other.person === person || overlapMinutes <= 0) return [];
      return [
        {
          personId: personIdOf(other.person),
          setting: settingOfVenue(kind),
          overlapMinutes,
          gapMinutes: 0,
          lastAt: instantAt(to),
          place: `V${stay.venue}`,
          source: "visit",
        },
      ];
    });
  });
}
