import { bucketOf, bucketPeople, Scratch } from "./segment.rules.ts";

/** A visit of a person as a person segment holds it; `len` is -1 where nobody recorded the leaving. */
export interface PackedVisit {
  readonly person: number;
  readonly venue: number;
  readonly s: number;
  readonly len: number;
}

/** Packs the visits of one bucket as version 1 did, in which days may still lie that were packed before version 2. */
export function packFirstBucket(visits: readonly PackedVisit[]): Buffer {
  const sorted = visits.toSorted((a, b) => a.person - b.person || a.s - b.s);
  if (new Set(sorted.map(({ person }) => bucketOf(person))).size > 1) throw new Error("more than one bucket");
  const first = Math.min(...sorted.map(({ s }) => s));
  const anyLength = sorted.some(({ len }) => len >= 0);
  const into = new Scratch(32 + sorted.length * 20);
  into.byte(1);
  into.byte(anyLength ? 1 : 0);
  into.varint(first);
  for (const person of new Set(sorted.map((visit) => visit.person))) {
    const own = sorted.filter((visit) => visit.person === person);
    into.byte(person & (bucketPeople - 1));
    into.varint(own.length);
    let before = first;
    for (const { s, venue, len } of own) {
      into.varint(s - before);
      before = s;
      into.varint(venue);
      if (anyLength) into.varint(len + 1);
    }
  }
  return Buffer.from(into.bytes.slice(0, into.at));
}
