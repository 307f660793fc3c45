/**
 * How the visits of a closed day are packed. A segment of a venue holds a run of its visits in order of
 * time; a segment of a bucket of people holds those of 64 neighbouring person numbers. Times are whole seconds since
 * `epochS` and exact, so that packed visits give the same answers as rows (spec: VEN-7, VEN-8).
 *
 * Venue segment: version, flags, count, first person number (all varints but the first two, which are bytes); the
 * steps between arrivals; the lengths of stay, if any was recorded (0 unknown, else seconds + 1); the people, each as
 * the difference to the first number in a fixed number of bytes, so that a part in the middle is read without the rest.
 *
 * Person segment, version 2: version, flags, first second of the segment (four bytes); for each of the 64 people in turn
 * where their part ends (two bytes, counted from the end of this list); then for each visit the step in time, the venue's
 * number and, if any was recorded, the length. One person's part is found without reading the others, which is what lets
 * the database read it by itself (wuyang.meetings_of) and answer who met somebody in one turn.
 *
 * Person segment, version 1, still read: version, flags, first second (a varint); then for each person the place in the
 * bucket (a byte), the number of visits, and the visits as above.
 */

/** The versions that are written; a day is noted with that of its person segments. */
const venueVersion = 1;
export const bucketVersion = 2;
/** 2020-01-01T00:00:00Z in seconds since 1970: times then fit 31 bits until 2088. */
export const epochS = 1_577_836_800;
/** How many neighbouring person numbers share a segment. */
export const bucketPeople = 64;
const bucketBits = 6;
/** Rows of about this size lie four on a page of PostgreSQL and are never moved out of line. */
export const segmentBytesMax = 1_900;

/** A row must fit a page of PostgreSQL whole. */
const bucketBytesMax = segmentBytesMax * 4;

const flagLengths = 1;
const personBytesMask = 0b1110;
const headBytesMax = 14;
/** Of a person segment: version, flags and the first second; and with the list of ends. */
const bucketHeadBytes = 6;
const bucketDataAt = bucketHeadBytes + 2 * bucketPeople;
const varintBytesMax = 5;

/** Visits as columns; `len` is the length of stay in seconds, -1 where nobody recorded the leaving. */
export interface VisitColumns {
  readonly count: number;
  readonly venue: Int32Array;
  readonly person: Int32Array;
  readonly s: Int32Array;
  readonly len: Int32Array;
}

/** The bucket of a person number. */
export function bucketOf(person: number): number {
  return person >> bucketBits;
}

/** Room for the largest segment of one kind; reused, because a day has half a million of them. */
export class Scratch {
  readonly bytes: Uint8Array;
  at = 0;
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }
  byte(value: number): void {
    this.bytes[this.at++] = value;
  }
  varint(value: number): void {
    let left = value;
    while (left > 0x7f) {
      this.bytes[this.at++] = (left & 0x7f) | 0x80;
      left >>>= 7;
    }
    this.bytes[this.at++] = left;
  }
  fixed(value: number, bytes: number): void {
    this.fixedAt(this.at, value, bytes);
    this.at += bytes;
  }
  fixedAt(at: number, value: number, bytes: number): void {
    let left = value;
    for (let i = 0; i < bytes; i++) {
      this.bytes[at + i] = left & 0xff;
      left >>>= 8;
    }
  }
}

/** Reads what `Scratch` wrote. */
class Reader {
  readonly bytes: Uint8Array;
  at: number;
  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let shift = 7;
    do {
      byte = bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    return value >>> 0;
  }
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

function widthOf(span: number): number {
  return span < 0x100 ? 1 : span < 0x10000 ? 2 : span < 0x1000000 ? 3 : 4;
}

/** The flags of a segment; throws where it is of a later version than those known here. */
function headOf(bytes: Uint8Array, latest: number, start = 0): number {
  const version = bytes[start] ?? 0;
  if (version < 1 || version > latest) throw new Error(`a segment of version ${version}, known are 1 to ${latest}`);
  return bytes[start + 1] ?? 0;
}

/** How many of the visits from `from` on (one venue, in order of time) a segment takes. */
export function venueRunLength(columns: VisitColumns, from: number, to: number): number {
  let steps = headBytesMax;
  let lengths = 0;
  let anyLength = false;
  let low = columns.person[from] ?? 0;
  let high = low;
  for (let i = from; i < to; i++) {
    const person = columns.person[i] ?? 0;
    low = Math.min(low, person);
    high = Math.max(high, person);
    const len = columns.len[i] ?? -1;
    anyLength ||= len >= 0;
    lengths += varintBytes(len + 1);
    steps += i === from ? 0 : varintBytes((columns.s[i] ?? 0) - (columns.s[i - 1] ?? 0));
    const size = steps + (anyLength ? lengths : 0) + (i - from + 1) * widthOf(high - low);
    if (size > segmentBytesMax) return i - from;
  }
  return to - from;
}

/** Packs visits `from` to `to` of one venue, in order of time, into the scratch. */
export function packVenue(into: Scratch, columns: VisitColumns, from: number, to: number): void {
  let low = columns.person[from] ?? 0;
  let high = low;
  let anyLength = false;
  for (let i = from; i < to; i++) {
    const person = columns.person[i] ?? 0;
    low = Math.min(low, person);
    high = Math.max(high, person);
    anyLength ||= (columns.len[i] ?? -1) >= 0;
  }
  const width = widthOf(high - low);
  into.byte(venueVersion);
  into.byte((width << 1) | (anyLength ? flagLengths : 0));
  into.varint(to - from);
  into.varint(low);
  for (let i = from + 1; i < to; i++) into.varint((columns.s[i] ?? 0) - (columns.s[i - 1] ?? 0));
  if (anyLength) for (let i = from; i < to; i++) into.varint((columns.len[i] ?? -1) + 1);
  for (let i = from; i < to; i++) into.fixed((columns.person[i] ?? 0) - low, width);
}

/** What a reader of venue segments is told: one visit whose arrival is not after the reader's last second. */
export type VenueVisit = (person: number, s: number, len: number) => void;

/**
 * Reads the visits of a venue segment that may touch a span; `firstS` is the arrival of the segment's first one.
 * Visits before `fromS` are passed over unless a length was recorded, since only the caller knows how long they count.
 */
export function readVenue(bytes: Uint8Array, firstS: number, fromS: number, lastS: number, each: VenueVisit): void {
  const flags = headOf(bytes, venueVersion);
  const width = (flags & personBytesMask) >> 1;
  const steps = new Reader(bytes, 2);
  const count = steps.varint();
  const low = steps.varint();
  const people = bytes.length - count * width;
  const lengths = (flags & flagLengths) === 0 ? null : new Reader(bytes, afterVarints(bytes, steps.at, count - 1));
  let s = firstS;
  for (let i = 0; i < count; i++) {
    if (i > 0) s += steps.varint();
    if (s > lastS) return;
    const len = lengths === null ? -1 : lengths.varint() - 1;
    if (len < 0 && s < fromS) continue;
    each(low + fixedAt(bytes, people + i * width, width), s, len);
  }
}

/**
 * Adds everybody of a venue segment who arrived between two seconds, both in it, to a set. False, with nobody added, where
 * lengths were recorded: who then was there is for `readVenue` and its caller to say. The segment lies from `start` to `end`
 * of the bytes.
 */
export function addArrived(
  { bytes, start, end }: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  firstS: number,
  fromS: number,
  lastS: number,
  people: { add(person: number): void },
): boolean {
  const flags = headOf(bytes, venueVersion, start);
  if ((flags & flagLengths) !== 0) return false;
  const width = (flags & personBytesMask) >> 1;
  const steps = new Reader(bytes, start + 2);
  const count = steps.varint();
  const low = steps.varint();
  let s = firstS;
  for (let i = 0; i < count; i++) {
    if (i > 0) s += steps.varint();
    if (s > lastS) break;
    if (s >= fromS) people.add(low + fixedAt(bytes, end - (count - i) * width, width));
  }
  return true;
}

function fixedAt(bytes: Uint8Array, at: number, width: number): number {
  let value = bytes[at] ?? 0;
  if (width > 1) value |= (bytes[at + 1] ?? 0) << 8;
  if (width > 2) value |= (bytes[at + 2] ?? 0) << 16;
  if (width > 3) value |= (bytes[at + 3] ?? 0) << 24;
  return value >>> 0;
}

function afterVarints(bytes: Uint8Array, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; at++) if ((bytes[at] ?? 0) < 0x80) left -= 1;
  return at;
}

/** How many visits from `from` on (in order of person and time) go into the next segment of their bucket. */
export function bucketRunLength(columns: VisitColumns, from: number): number {
  const bucket = bucketOf(columns.person[from] ?? 0);
  let size = bucketDataAt;
  let at = from;
  for (; at < columns.count && bucketOf(columns.person[at] ?? 0) === bucket; at++) {
    // Generous, since a bucket is cut only when a few people scan all day.
    size += 3 * varintBytesMax;
    if (size > bucketBytesMax) break;
  }
  return at - from;
}

/** Packs visits `from` to `to` of one bucket, in order of person and time, into the scratch. */
export function packBucket(into: Scratch, columns: VisitColumns, from: number, to: number): void {
  let first = columns.s[from] ?? 0;
  let anyLength = false;
  for (let i = from; i < to; i++) {
    first = Math.min(first, columns.s[i] ?? 0);
    anyLength ||= (columns.len[i] ?? -1) >= 0;
  }
  into.byte(bucketVersion);
  into.byte(anyLength ? flagLengths : 0);
  into.fixed(first, 4);
  const ends = into.at;
  into.at += 2 * bucketPeople;
  const data = into.at;
  let place = 0;
  let before = first;
  /** Notes where the parts of all people before this one end. */
  const endBefore = (next: number): void => {
    for (; place < next; place++) into.fixedAt(ends + 2 * place, into.at - data, 2);
  };
  for (let i = from; i < to; i++) {
    const own = (columns.person[i] ?? 0) & (bucketPeople - 1);
    if (i === from || own !== place) {
      endBefore(own);
      before = first;
    }
    const s = columns.s[i] ?? 0;
    into.varint(s - before);
    before = s;
    into.varint(columns.venue[i] ?? 0);
    if (anyLength) into.varint((columns.len[i] ?? -1) + 1);
  }
  endBefore(bucketPeople);
}

/** What a reader of person segments is told: one visit of a wanted person. */
export type PersonVisit = (person: number, venue: number, s: number, len: number) => void;

/** Reads the visits of the wanted people of a bucket; `wanted` answers for a person's number. */
export function readBucket(
  bytes: Uint8Array,
  bucket: number,
  wanted: (person: number) => boolean,
  each: PersonVisit,
): void {
  const lengths = (headOf(bytes, bucketVersion) & flagLengths) !== 0;
  if (bytes[0] === 1) {
    readFirstBuckets(bytes, bucket, wanted, each);
    return;
  }
  const first = fixedAt(bytes, 2, 4);
  const reader = new Reader(bytes, bucketDataAt);
  for (let place = 0; place < bucketPeople; place++) {
    const end = bucketDataAt + fixedAt(bytes, bucketHeadBytes + 2 * place, 2);
    const person = (bucket << bucketBits) | place;
    if (wanted(person)) for (let s = first; reader.at < end;) s = tellVisit(reader, person, s, lengths, each);
    reader.at = end;
  }
}

/** Tells the visit that the reader has come to, whose step is from `before`; returns its second. */
function tellVisit(reader: Reader, person: number, before: number, lengths: boolean, each: PersonVisit): number {
  const s = before + reader.varint();
  const venue = reader.varint();
  each(person, venue, s, lengths ? reader.varint() - 1 : -1);
  return s;
}

/** Reads a person segment of version 1. */
function readFirstBuckets(
  bytes: Uint8Array,
  bucket: number,
  wanted: (person: number) => boolean,
  each: PersonVisit,
): void {
  const lengths = ((bytes[1] ?? 0) & flagLengths) !== 0;
  const reader = new Reader(bytes, 2);
  const first = reader.varint();
  while (reader.at < bytes.length) {
    const person = (bucket << bucketBits) | (bytes[reader.at++] ?? 0);
    const count = reader.varint();
    if (!wanted(person)) {
      reader.at = afterVarints(bytes, reader.at, count * (lengths ? 3 : 2));
      continue;
    }
    let s = first;
    for (let i = 0; i < count; i++) s = tellVisit(reader, person, s, lengths, each);
  }
}
