import { assert } from "#kernel/assert";
import { hash32 } from "#kernel/prng";
import { at } from "./arrays.ts";

/** What is kept of an infection; settings and modes are stored as codes. */
export interface InfectionRow {
  readonly person: number;
  readonly minute: number;
  readonly infector: number;
  readonly setting: number;
  readonly mode: number;
  readonly generation: number;
  readonly visibleMinute: number;
  /** −1 when there are never symptoms. */
  readonly onsetMinute: number;
}

const fields = 8;

/** The infections in order of time, in one growing array, with an index by person. */
export class InfectionList {
  #rows = new Int32Array(fields * 256);
  #count = 0;
  readonly #indexOf = new Map<number, number>();
  #digestLow = 0;
  #digestHigh = 0;

  get count(): number {
    return this.#count;
  }

  has(person: number): boolean {
    return this.#indexOf.has(person);
  }

  add(row: InfectionRow): void {
    assert(!this.#indexOf.has(row.person), "nobody is infected twice");
    if ((this.#count + 1) * fields > this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.set(
      [row.person, row.minute, row.infector, row.setting, row.mode, row.generation, row.visibleMinute, row.onsetMinute],
      this.#count * fields,
    );
    this.#indexOf.set(row.person, this.#count);
    this.#count += 1;
    this.#addToDigest(row.person, row.minute, row.infector);
  }

  /** A sum does not depend on order, so equal epidemics have equal digests however they were reached. */
  #addToDigest(person: number, minute: number, infector: number): void {
    this.#digestLow = (this.#digestLow + hash32(101, person, minute, infector)) >>> 0;
    this.#digestHigh = (this.#digestHigh + hash32(202, infector, person, minute)) >>> 0;
  }

  digest(): string {
    return this.#digestHigh.toString(16).padStart(8, "0") + this.#digestLow.toString(16).padStart(8, "0");
  }

  row(index: number): InfectionRow {
    assert(index < this.#count, "no such infection");
    const base = index * fields;
    return {
      person: at(this.#rows, base),
      minute: at(this.#rows, base + 1),
      infector: at(this.#rows, base + 2),
      setting: at(this.#rows, base + 3),
      mode: at(this.#rows, base + 4),
      generation: at(this.#rows, base + 5),
      visibleMinute: at(this.#rows, base + 6),
      onsetMinute: at(this.#rows, base + 7),
    };
  }

  find(person: number): InfectionRow | null {
    const index = this.#indexOf.get(person);
    return index === undefined ? null : this.row(index);
  }

  /** A copy of all rows, for a snapshot. */
  rows(): Int32Array {
    return this.#rows.slice(0, this.#count * fields);
  }

  load(rows: Int32Array): void {
    assert(rows.length % fields === 0, "the infections are cut off");
    this.#rows = new Int32Array(Math.max(fields * 256, rows.length));
    this.#rows.set(rows);
    this.#count = rows.length / fields;
    this.#indexOf.clear();
    this.#digestLow = 0;
    this.#digestHigh = 0;
    for (let index = 0; index < this.#count; index++) {
      const row = this.row(index);
      this.#indexOf.set(row.person, index);
      this.#addToDigest(row.person, row.minute, row.infector);
    }
  }
}
