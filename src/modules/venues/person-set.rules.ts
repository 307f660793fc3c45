/** A set of person numbers as bits: 9 million people are 1.1 MB, and adding one is a shift. */
export class PersonSet {
  #bits = new Uint32Array(1 << 10);
  #size = 0;

  static of(people: Iterable<number>): PersonSet {
    const set = new PersonSet();
    for (const person of people) set.add(person);
    return set;
  }

  get size(): number {
    return this.#size;
  }

  has(person: number): boolean {
    return (((this.#bits[person >>> 5] ?? 0) >>> (person & 31)) & 1) === 1;
  }

  add(person: number): void {
    const word = person >>> 5;
    if (word >= this.#bits.length) this.#grow(word);
    const before = this.#bits[word] ?? 0;
    const after = before | (1 << (person & 31));
    if (after >>> 0 === before) return;
    this.#bits[word] = after;
    this.#size += 1;
  }

  delete(person: number): void {
    if (!this.has(person)) return;
    const word = person >>> 5;
    this.#bits[word] = (this.#bits[word] ?? 0) & ~(1 << (person & 31));
    this.#size -= 1;
  }

  /** Takes out everybody who is in the other set. */
  deleteAll(others: PersonSet): void {
    const words = Math.min(this.#bits.length, others.#bits.length);
    for (let word = 0; word < words; word++) {
      const before = this.#bits[word] ?? 0;
      let common = before & (others.#bits[word] ?? 0);
      if (common === 0) continue;
      this.#bits[word] = before & ~common;
      for (; common !== 0; common &= common - 1) this.#size -= 1;
    }
  }

  /** The numbers in order, from `after` on, so that a page of them can be read. */
  *values(after = 0): Generator<number> {
    for (let word = (after + 1) >>> 5; word < this.#bits.length; word++) {
      let left = this.#bits[word] ?? 0;
      while (left !== 0) {
        const bit = 31 - Math.clz32(left & -left);
        left &= left - 1;
        const person = word * 32 + bit;
        if (person > after) yield person;
      }
    }
  }

  #grow(word: number): void {
    const larger = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}
