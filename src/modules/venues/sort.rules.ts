import type { VisitColumns } from "./segment.rules.ts";

/** Puts a day's visits in the order that its segments need; typed arrays, because a day has tens of millions. */

/** Lets other work go on; called between steps of a long sort. */
export type Breathe = () => Promise<void>;

const stepRows = 1 << 18;

/** The place of each group's first visit, and one more place at the end. */
function placesOf(keys: Int32Array, count: number): Uint32Array {
  let most = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, keys[i] ?? 0);
  const places = new Uint32Array(most + 2);
  for (let i = 0; i < count; i++) {
    const next = (keys[i] ?? 0) + 1;
    places[next] = (places[next] ?? 0) + 1;
  }
  for (let i = 1; i < places.length; i++) places[i] = (places[i] ?? 0) + (places[i - 1] ?? 0);
  return places;
}

/** The rows of `columns` in order of one key, those with the same key in the order of time and then of the other key. */
async function ordered(columns: VisitColumns, by: "venue" | "person", breathe: Breathe): Promise<VisitColumns> {
  const { count } = columns;
  const keys = columns[by];
  const places = placesOf(keys, count);
  await breathe();
  const next = places.slice();
  const from = new Uint32Array(count);
  for (let start = 0; start < count; start += stepRows) {
    const end = Math.min(count, start + stepRows);
    for (let i = start; i < end; i++) {
      const key = keys[i] ?? 0;
      const place = next[key] ?? 0;
      from[place] = i;
      next[key] = place + 1;
    }
    await breathe();
  }
  await sortGroups(columns, by === "venue" ? columns.person : columns.venue, places, from, breathe);
  return gather(columns, from, breathe);
}

/** Sorts each group of `from` by time; ties by the other key, so that the same visits always give the same bytes. */
async function sortGroups(
  columns: VisitColumns,
  ties: Int32Array,
  places: Uint32Array,
  from: Uint32Array,
  breathe: Breathe,
): Promise<void> {
  const { s } = columns;
  let since = 0;
  for (let key = 0; key + 1 < places.length; key++) {
    const start = places[key] ?? 0;
    const end = places[key + 1] ?? 0;
    if (end - start > 1) sortGroup(s, ties, from, start, end);
    if (end - since > stepRows) {
      since = end;
      await breathe();
    }
  }
}

const smallGroup = 16;

function sortGroup(s: Int32Array, ties: Int32Array, from: Uint32Array, start: number, end: number): void {
  const isAfter = (a: number, b: number): boolean =>
    (s[a] ?? 0) > (s[b] ?? 0) || ((s[a] ?? 0) === (s[b] ?? 0) && (ties[a] ?? 0) > (ties[b] ?? 0));
  if (end - start > smallGroup) {
    // One number holds the time and the row, exactly up to 2^53, so that the engine's own sort of numbers does the work.
    const rows = from.slice(start, end);
    const size = rows.length;
    let least = s[rows[0] ?? 0] ?? 0;
    for (const row of rows) least = Math.min(least, s[row] ?? 0);
    const keyed = new Float64Array(size);
    for (let i = 0; i < size; i++) keyed[i] = ((s[rows[i] ?? 0] ?? 0) - least) * size + i;
    keyed.sort();
    for (let i = 0; i < size; i++) from[start + i] = rows[(keyed[i] ?? 0) % size] ?? 0;
  }
  // What is nearly in order needs few moves; equal times are put in order of the other key here.
  for (let i = start + 1; i < end; i++) {
    const row = from[i] ?? 0;
    let at = i;
    while (at > start && isAfter(from[at - 1] ?? 0, row)) {
      from[at] = from[at - 1] ?? 0;
      at -= 1;
    }
    from[at] = row;
  }
}

async function gather(columns: VisitColumns, from: Uint32Array, breathe: Breathe): Promise<VisitColumns> {
  const { count } = columns;
  const sorted = {
    count,
    venue: new Int32Array(count),
    person: new Int32Array(count),
    s: new Int32Array(count),
    len: new Int32Array(count),
  };
  for (let start = 0; start < count; start += stepRows) {
    const end = Math.min(count, start + stepRows);
    for (let i = start; i < end; i++) {
      const row = from[i] ?? 0;
      sorted.venue[i] = columns.venue[row] ?? 0;
      sorted.person[i] = columns.person[row] ?? 0;
      sorted.s[i] = columns.s[row] ?? 0;
      sorted.len[i] = columns.len[row] ?? 0;
    }
    await breathe();
  }
  return sorted;
}

/** Makes one of what was recorded twice: the same person at the same venue in the same second; the later leaving stands. spec: VEN-2 */
function withoutRepeats(columns: VisitColumns): VisitColumns {
  let kept = 0;
  const { venue, person, s, len } = columns;
  for (let i = 0; i < columns.count; i++) {
    if (kept > 0 && venue[i] === venue[kept - 1] && person[i] === person[kept - 1] && s[i] === s[kept - 1]) {
      len[kept - 1] = Math.max(len[kept - 1] ?? -1, len[i] ?? -1);
      continue;
    }
    venue[kept] = venue[i] ?? 0;
    person[kept] = person[i] ?? 0;
    s[kept] = s[i] ?? 0;
    len[kept] = len[i] ?? 0;
    kept += 1;
  }
  return { ...columns, count: kept };
}

/** The visits by venue, time and person, each once. */
export async function byVenue(columns: VisitColumns, breathe: Breathe): Promise<VisitColumns> {
  return withoutRepeats(await ordered(columns, "venue", breathe));
}

/** The visits by person, time and venue. */
export function byPerson(columns: VisitColumns, breathe: Breathe): Promise<VisitColumns> {
  return ordered(columns, "person", breathe);
}
