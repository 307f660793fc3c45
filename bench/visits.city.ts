/** Visits of a city as columns, and who met whom worked out from them in memory: the reference for every store. */

/** Visits in order of nothing; `s` is in seconds since the first day's midnight. */
export interface Visits {
  readonly count: number;
  readonly venue: Int32Array;
  readonly person: Int32Array;
  readonly s: Int32Array;
}

const daySeconds = 86_400;
const peaksS = [8 * 3_600, 12.5 * 3_600, 18.5 * 3_600] as const;
const peakSpreadS = 7_200;
const zipfShift = 50;
const zipfPower = 0.8;
export const stayS = 1_800;

/** A fast seeded generator of numbers in [0, 1) (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws venue numbers from 1 on, Zipf-Mandelbrot popular, in constant time (Vose's alias method). */
function venueDraw(venues: number, random: () => number): () => number {
  const weights = Float64Array.from({ length: venues }, (_, i) => (i + 1 + zipfShift) ** -zipfPower);
  const total = weights.reduce((sum, own) => sum + own, 0);
  const share = weights.map((own) => (own * venues) / total);
  const alias = new Int32Array(venues);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((own, i) => (own < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const less = small.pop() ?? 0;
    const more = large.pop() ?? 0;
    alias[less] = more;
    share[more] = (share[more] ?? 0) + (share[less] ?? 0) - 1;
    ((share[more] ?? 0) < 1 ? small : large).push(more);
  }
  for (const rest of [...small, ...large]) share[rest] = 1;
  return () => {
    const at = Math.floor(random() * venues);
    return 1 + (random() < (share[at] ?? 1) ? at : (alias[at] ?? at));
  };
}

/** `perDay` visits of day number `day`, each person, venue, day and second at most once. */
export function visitsOfDay(input: {
  readonly day: number;
  readonly people: number;
  readonly venues: number;
  readonly perDay: number;
}): Visits {
  const random = randomOf(input.day + 1);
  const venueOf = venueDraw(input.venues, random);
  const visits = {
    count: input.perDay,
    venue: new Int32Array(input.perDay),
    person: new Int32Array(input.perDay),
    s: new Int32Array(input.perDay),
  };
  for (let i = 0; i < input.perDay; i++) {
    visits.venue[i] = venueOf();
    visits.person[i] = 1 + Math.floor(random() * input.people);
    const peak = peaksS[Math.floor(random() * peaksS.length)] ?? 0;
    const around = (random() + random() + random() - 1.5) * 2 * peakSpreadS;
    visits.s[i] = input.day * daySeconds + Math.min(daySeconds - 1, Math.max(0, Math.floor(peak + around)));
  }
  return visits;
}

/** Rows of all days, found by venue in order of time and by person. */
export interface Index {
  readonly visits: Visits;
  readonly byVenue: Groups;
  readonly byPerson: Groups;
}

interface Groups {
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

function groupsOf(keys: Int32Array, s: Int32Array, most: number): Groups {
  const start = new Uint32Array(most + 2);
  for (const key of keys) start[key + 1] = (start[key + 1] ?? 0) + 1;
  for (let i = 1; i < start.length; i++) start[i] = (start[i] ?? 0) + (start[i - 1] ?? 0);
  const next = start.slice();
  const rows = new Uint32Array(keys.length);
  keys.forEach((key, i) => {
    rows[next[key] ?? 0] = i;
    next[key] = (next[key] ?? 0) + 1;
  });
  for (let key = 0; key <= most; key++) {
    const part = rows.subarray(start[key], start[key + 1]);
    if (part.length > 1)
      part.set(
        Uint32Array.from(
          Float64Array.from(part, (row) => (s[row] ?? 0) * 2 ** 31 + row).sort(),
          (keyed) => keyed % 2 ** 31,
        ),
      );
  }
  return { start, rows };
}

export function indexOf(days: readonly Visits[], people: number, venues: number): Index {
  const count = days.reduce((sum, day) => sum + day.count, 0);
  const visits = { count, venue: new Int32Array(count), person: new Int32Array(count), s: new Int32Array(count) };
  let at = 0;
  for (const day of days) {
    visits.venue.set(day.venue, at);
    visits.person.set(day.person, at);
    visits.s.set(day.s, at);
    at += day.count;
  }
  return {
    visits,
    byVenue: groupsOf(visits.venue, visits.s, venues),
    byPerson: groupsOf(visits.person, visits.s, people),
  };
}

/** Everybody who was somewhere within a stay's length of one of the given people, they themselves left out. */
export function metBy(index: Index, people: Iterable<number>): Set<number> {
  const { visits, byVenue, byPerson } = index;
  const asked = new Set(people);
  const met = new Set<number>();
  for (const person of asked)
    for (const row of byPerson.rows.subarray(byPerson.start[person], byPerson.start[person + 1])) {
      const at = visits.s[row] ?? 0;
      const venue = visits.venue[row] ?? 0;
      const rows = byVenue.rows.subarray(byVenue.start[venue], byVenue.start[venue + 1]);
      for (let i = firstFrom(rows, visits.s, at - stayS); i < rows.length; i++) {
        const other = rows[i] ?? 0;
        if ((visits.s[other] ?? 0) > at + stayS) break;
        met.add(visits.person[other] ?? 0);
      }
    }
  for (const person of asked) met.delete(person);
  return met;
}

function firstFrom(rows: Uint32Array, s: Int32Array, least: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((s[rows[middle] ?? 0] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
