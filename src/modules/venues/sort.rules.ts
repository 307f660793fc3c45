import type { VisitColumns } from "./segment.rules.ts";

/** Puts a day's visits in the order that its segments need; typed arrays, because a day has tens of millions. */

/** Lets other work go on; called between steps of a long sort. */
export type Breathe = () => Promise<void>;

const stepRows = 1 << 18;
/** Rows that are put in order together: their columns stay in the processor's cache, however many the day has. */
const partRows = 1 << 16;
const slicesMax = 1 << 12;

/** How many of the rows bear each of the keys from `least` on; by `slices` of keys, each 2 to the power of `bits` wide. */
function counted(keys: Int32Array, least: number, bits: number, slices: number): Uint32Array {
  const counts = new Uint32Array(slices);
  for (const key of keys) {
    const slice = (key - least) >>> bits;
    counts[slice] = (counts[slice] ?? 0) + 1;
  }
  return counts;
}

function spanOf(keys: Int32Array): { readonly least: number; readonly width: number } {
  let least = keys[0] ?? 0;
  let most = least;
  for (const key of keys) {
    if (key < least) least = key;
    else if (key > most) most = key;
  }
  return { least, width: most - least + 1 };
}

function emptyColumns(count: number): VisitColumns {
  return {
    count,
    venue: new Int32Array(count),
    person: new Int32Array(count),
    s: new Int32Array(count),
    len: new Int32Array(count),
  };
}

/** Rows `from` to `to`, as views. */
function rowsOf({ venue, person, s, len }: VisitColumns, from: number, to: number): VisitColumns {
  return {
    count: to - from,
    venue: venue.subarray(from, to),
    person: person.subarray(from, to),
    s: s.subarray(from, to),
    len: len.subarray(from, to),
  };
}

/**
 * Copies the rows into parts, the keys of each part above those of the part before, and says where each ends. A part has
 * about `partRows` rows, more only where neighbouring keys have: then every step after it is as long for a row of a city
 * as for one of a county.
 */
async function parted(
  columns: VisitColumns,
  keys: Int32Array,
  breathe: Breathe,
): Promise<{ readonly rows: VisitColumns; readonly ends: readonly number[] }> {
  const { count, venue, person, s, len } = columns;
  const { least, width } = spanOf(keys);
  const bits = Math.max(0, 32 - Math.clz32(width - 1) - Math.log2(slicesMax));
  const counts = counted(keys, least, bits, ((width - 1) >>> bits) + 1);
  await breathe();
  const partAt = new Uint16Array(counts.length);
  const starts = [0];
  let before = 0;
  counts.forEach((inSlice, slice) => {
    if (before > 0 && before + inSlice - (starts.at(-1) ?? 0) > partRows) starts.push(before);
    partAt[slice] = starts.length - 1;
    before += inSlice;
  });
  const next = Uint32Array.from(starts);
  const rows = emptyColumns(count);
  for (let start = 0; start < count; start += stepRows) {
    const end = Math.min(count, start + stepRows);
    for (let i = start; i < end; i++) {
      const part = partAt[((keys[i] ?? 0) - least) >>> bits] ?? 0;
      const place = next[part] ?? 0;
      next[part] = place + 1;
      rows.venue[place] = venue[i] ?? 0;
      rows.person[place] = person[i] ?? 0;
      rows.s[place] = s[i] ?? 0;
      rows.len[place] = len[i] ?? 0;
    }
    await breathe();
  }
  return { rows, ends: [...starts.slice(1), count] };
}

/** The rows of `columns` in order of one key, those with the same key in the order of time and then of the other key. */
async function ordered(columns: VisitColumns, by: "venue" | "person", breathe: Breathe): Promise<VisitColumns> {
  const { rows, ends } = await parted(columns, columns[by].subarray(0, columns.count), breathe);
  let start = 0;
  for (const end of ends) {
    orderPart(rowsOf(rows, start, end), by);
    start = end;
    await breathe();
  }
  return rows;
}

/** Puts the rows of a part in order, where they are. */
function orderPart(part: VisitColumns, by: "venue" | "person"): void {
  if (part.count === 0) return;
  const keys = part[by];
  const { least, width } = spanOf(keys);
  const next = counted(keys, least, 0, width);
  let place = 0;
  next.forEach((count, key) => {
    next[key] = place;
    place += count;
  });
  const from = new Uint32Array(part.count);
  keys.forEach((key, i) => {
    const at = next[key - least] ?? 0;
    from[at] = i;
    next[key - least] = at + 1;
  });
  // Each key's place is now where its rows end.
  const ties = by === "venue" ? part.person : part.venue;
  let start = 0;
  for (const end of next) {
    if (end - start > 1) sortGroup(part.s, ties, from, start, end);
    start = end;
  }
  for (const column of [part.venue, part.person, part.s, part.len]) {
    const before = column.slice();
    from.forEach((row, i) => (column[i] = before[row] ?? 0));
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
