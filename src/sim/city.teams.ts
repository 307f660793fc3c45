import { assert } from "#kernel/assert";
import { hash32, uniform } from "#kernel/prng";
import { at } from "./arrays.ts";
import { ageOf } from "./city.households.ts";
import type { Reach, TeamSpec } from "./city.model.ts";
import { purpose } from "./purposes.ts";

/** A run of people: a village, a town or a county. */
export interface PersonRange {
  readonly first: number;
  readonly end: number;
}

export interface TeamArrays {
  /** −1 for people in no team. */
  readonly teamOfPerson: Int32Array;
  /** First member of each team in `members`, and one more entry at the end. */
  readonly memberStart: Int32Array;
  readonly members: Int32Array;
  /** Index into the specification's kinds. */
  readonly kindOfTeam: Uint8Array;
}

// Sort keys pack (age, shuffle, person) into the 53 exact bits of a double.
const shuffleSize = 2 ** 22;
const rangeSizeMax = 2 ** 24;

/** Collects the people of a range who join a kind, shuffled, by age when classes hold one age. */
function joiners(
  keys: Float64Array,
  range: PersonRange,
  spec: TeamSpec,
  kind: number,
  ageSex: Uint8Array,
  teamOfPerson: Int32Array,
  seed: number,
): number {
  let count = 0;
  for (let person = range.first; person < range.end; person++) {
    const age = ageOf(at(ageSex, person));
    if (age < spec.ageFrom || age > spec.ageTo || at(teamOfPerson, person) >= 0) continue;
    if (uniform(seed, purpose.teamJoin, person, kind) >= spec.share) continue;
    const shuffle = hash32(seed, purpose.teamShuffle, person) >>> 10;
    const group = spec.sameAge ? age : 0;
    keys[count] = (group * shuffleSize + shuffle) * rangeSizeMax + (person - range.first);
    count += 1;
  }
  keys.subarray(0, count).sort();
  return count;
}

/** Cuts `count` people into teams of uneven size and calls back with each cut's end. */
function cuts(count: number, size: number, draw: (part: number) => number): number[] {
  const parts = Math.max(1, Math.round(count / size));
  const upTo: number[] = [];
  let total = 0;
  for (let part = 0; part < parts; part++) {
    total += 0.4 + 1.2 * draw(part);
    upTo.push(total);
  }
  return upTo.map((weight, part) => (part === parts - 1 ? count : Math.round((weight / total) * count)));
}

/** Counting sort of people by team: members ascend within each team. */
function membersByTeam(teamOfPerson: Int32Array, teamCount: number): [Int32Array, Int32Array] {
  const start = new Int32Array(teamCount + 1);
  for (const team of teamOfPerson) if (team >= 0) start[team + 1] = at(start, team + 1) + 1;
  for (let team = 0; team < teamCount; team++) start[team + 1] = at(start, team) + at(start, team + 1);
  const members = new Int32Array(at(start, teamCount));
  const next = start.slice();
  teamOfPerson.forEach((team, person) => {
    if (team < 0) return;
    const place = at(next, team);
    members[place] = person;
    next[team] = place + 1;
  });
  return [start, members];
}

/** Puts people into school classes and work teams, kind by kind in the order of the specification. */
export function buildTeams(
  specs: readonly TeamSpec[],
  ranges: Readonly<Record<Reach, readonly PersonRange[]>>,
  ageSex: Uint8Array,
  seed: number,
): TeamArrays {
  const teamOfPerson = new Int32Array(ageSex.length).fill(-1);
  const largest = Math.max(0, ...ranges.county.map((range) => range.end - range.first));
  assert(largest < rangeSizeMax, "a county has more people than a sort key can hold");
  const keys = new Float64Array(largest);
  const kinds: number[] = [];
  specs.forEach((spec, kind) => {
    for (const range of ranges[spec.reach]) {
      const count = joiners(keys, range, spec, kind, ageSex, teamOfPerson, seed);
      let from = 0;
      while (from < count) {
        const group = Math.floor(at(keys, from) / (shuffleSize * rangeSizeMax));
        let to = from;
        while (to < count && Math.floor(at(keys, to) / (shuffleSize * rangeSizeMax)) === group) to += 1;
        const sizes = cuts(to - from, spec.size, (part) =>
          uniform(seed, purpose.teamSize, kind, range.first + group, part),
        );
        let next = from;
        for (const end of sizes) {
          if (from + end <= next) continue;
          for (; next < from + end; next++) {
            teamOfPerson[range.first + (at(keys, next) % rangeSizeMax)] = kinds.length;
          }
          kinds.push(kind);
        }
        from = to;
      }
    }
  });
  const [memberStart, members] = membersByTeam(teamOfPerson, kinds.length);
  return { teamOfPerson, memberStart, members, kindOfTeam: Uint8Array.from(kinds) };
}
