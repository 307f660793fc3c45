import { boolAt, CopyReader, CopyWriter, dayNumberAt, int8At, textAt, type CopyRow } from "#platform/copy";
import {
  County,
  dayText,
  hasId,
  hasPhone,
  noDay,
  noHome,
  sexNumber,
  sexWord,
  type CountyEntry,
  type CountyPeople,
} from "./county.rules.ts";
import { decideLink, partsText, type Candidate, type LinkageRecord, type LinkDecision } from "./linkage.rules.ts";

/**
 * Decides the entries of a batch: COPY rows in, COPY rows out. Nothing here waits for anything, so that it runs as well in
 * a thread of its own. The decision is `decideLink`, the same as for one entry; what the county's index leaves out could
 * not have changed it.
 */

/** What a run asks for: the people of a county once, then the decisions batch by batch. */
export interface Scorer {
  /** Forgets the county in hand; without one, every candidate must come with the batch. */
  beginCounty(): void;
  addPeople(chunk: Buffer): void;
  endCounty(): void;
  /** `batch` names one of several that are in hand at a time. */
  addEntries(batch: number, chunk: Buffer): void;
  addCandidates(batch: number, chunk: Buffer): void;
  decide(batch: number): Decisions;
}

/** The answers of a batch as COPY rows. */
export interface Decisions {
  readonly decisions: Uint8Array[];
  readonly candidates: Uint8Array[];
}

const personFields = 9;
const entryFields = 9;
const candidateFields = 11;

/** Columns that grow while their rows come. */
class Columns {
  #room = 1 << 16;
  count = 0;
  ids = new Float64Array(this.#room);
  days = new Int32Array(this.#room);
  sexes = new Uint8Array(this.#room);
  areas = new Int32Array(this.#room);
  names = new Int32Array(this.#room);
  homes = new Int32Array(this.#room);
  flags = new Uint8Array(this.#room);

  next(): number {
    if (this.count === this.#room) this.#grow();
    return this.count++;
  }

  #grow(): void {
    this.#room *= 2;
    const grown = <A extends { set(from: A): void }>(make: (size: number) => A, old: A): A => {
      const made = make(this.#room);
      made.set(old);
      return made;
    };
    this.ids = grown((size) => new Float64Array(size), this.ids);
    this.days = grown((size) => new Int32Array(size), this.days);
    this.sexes = grown((size) => new Uint8Array(size), this.sexes);
    this.areas = grown((size) => new Int32Array(size), this.areas);
    this.names = grown((size) => new Int32Array(size), this.names);
    this.homes = grown((size) => new Int32Array(size), this.homes);
    this.flags = grown((size) => new Uint8Array(size), this.flags);
  }
}

/** Texts that come again and again, each kept once under a number. */
class Numbered {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  of(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.#ids.set(text, id);
    }
    return id;
  }
}

/** Gathers the people of a county from their COPY rows. */
class Gathering {
  readonly #columns = new Columns();
  readonly #names = new Numbered();
  readonly #areas = new Numbered();
  readonly #homes = new Map<number, number>();
  readonly #homeTexts: (string | null)[] = [];
  readonly reader = new CopyReader(personFields, (row) => this.#add(row));

  #add(row: CopyRow): void {
    const to = this.#columns;
    const at = to.next();
    to.ids[at] = int8At(row, 0) ?? 0;
    to.areas[at] = this.#areas.of(textAt(row, 1) ?? "");
    to.names[at] = this.#names.of(textAt(row, 2) ?? "");
    to.days[at] = dayNumberAt(row, 3) ?? noDay;
    to.sexes[at] = sexNumber(textAt(row, 4) ?? "");
    to.homes[at] = this.#home(row);
    to.flags[at] = (boolAt(row, 6) ? hasId : 0) | (boolAt(row, 7) ? hasPhone : 0);
  }

  #home(row: CopyRow): number {
    const id = int8At(row, 5);
    if (id === null) return noHome;
    let home = this.#homes.get(id);
    if (home === undefined) {
      home = this.#homeTexts.length;
      this.#homeTexts.push(textAt(row, 8));
      this.#homes.set(id, home);
    }
    return home;
  }

  done(): CountyPeople {
    const { count, ids, days, sexes, areas, names, homes, flags } = this.#columns;
    return {
      count,
      ids,
      days,
      sexes,
      areas,
      names,
      homes,
      flags,
      nameTexts: this.#names.texts,
      areaTexts: this.#areas.texts,
      homeTexts: this.#homeTexts,
    };
  }
}

interface BatchEntry extends CountyEntry {
  readonly no: number;
  flags: number;
  readonly candidates: Candidate[];
}

/** A batch in hand. */
class Batch {
  readonly entries = new Map<number, BatchEntry>();
  readonly entryReader = new CopyReader(entryFields, (row) => this.#entry(row));
  readonly candidateReader = new CopyReader(candidateFields, (row) => this.#candidate(row));

  #entry(row: CopyRow): void {
    const no = int8At(row, 0) ?? 0;
    const day = dayNumberAt(row, 3) ?? noDay;
    this.entries.set(no, {
      no,
      areaCode: textAt(row, 1) ?? "",
      name: textAt(row, 2) ?? "",
      day,
      birthDate: dayText(day),
      swapped: dayNumberAt(row, 4) ?? noDay,
      sex: sexWord(sexNumber(textAt(row, 5) ?? "")),
      address: textAt(row, 6),
      flags: (boolAt(row, 7) ? hasId : 0) | (boolAt(row, 8) ? hasPhone : 0),
      candidates: [],
    });
  }

  #candidate(row: CopyRow): void {
    const entry = this.entries.get(int8At(row, 0) ?? 0);
    if (!entry) return;
    const id = int8At(row, 1);
    // A row without an id says that the phone is one of too many people: it is compared with nobody's. spec: PEOPLE-11
    if (id === null) entry.flags &= ~hasPhone;
    else entry.candidates.push(this.#person(row, id));
  }

  #person(row: CopyRow, id: number): Candidate {
    return {
      id,
      areaCode: textAt(row, 2) ?? "",
      name: textAt(row, 3) ?? "",
      birthDate: dayText(dayNumberAt(row, 4) ?? noDay),
      sex: sexWord(sexNumber(textAt(row, 5) ?? "")),
      idHash: keyWord(boolAt(row, 6), boolAt(row, 7)),
      phoneHash: keyWord(boolAt(row, 8), boolAt(row, 9)),
      address: textAt(row, 10),
    };
  }
}

/** Keys are compared in the database; here it is enough whether they were the same. */
const sameKey = "same";
const otherKey = "other";

function keyWord(has: boolean | null, same: boolean | null): string | null {
  return has ? (same ? sameKey : otherKey) : null;
}

/** Makes a scorer in this thread. */
export function makeScorer(): Scorer {
  let gathering: Gathering | null = null;
  let county: County | null = null;
  const batches = new Map<number, Batch>();
  const batchOf = (id: number): Batch => {
    const batch = batches.get(id) ?? new Batch();
    batches.set(id, batch);
    return batch;
  };
  return {
    beginCounty() {
      county = null;
      gathering = new Gathering();
    },
    addPeople: (chunk) => gathering?.reader.push(chunk),
    endCounty() {
      county = gathering === null ? null : new County(gathering.done());
      gathering = null;
    },
    addEntries: (id, chunk) => batchOf(id).entryReader.push(chunk),
    addCandidates: (id, chunk) => batchOf(id).candidateReader.push(chunk),
    decide(id) {
      const { entries } = batchOf(id);
      batches.delete(id);
      return decided(entries.values(), county);
    },
  };
}

function decided(entries: Iterable<BatchEntry>, county: County | null): Decisions {
  const rows = new Written();
  const found = new Written();
  for (const entry of entries) {
    const decision = decideEntry(entry, county);
    rows.row(4);
    rows.writer.int8(entry.no);
    rows.writer.text(decision.state);
    rows.writer.int8(decision.state === "linked" ? decision.personId : null);
    rows.writer.text(decision.state === "linked" ? decision.how : null);
    if (decision.state !== "review") continue;
    for (const { personId, score, parts } of decision.candidates) {
      found.row(4);
      found.writer.int8(entry.no);
      found.writer.int8(personId);
      found.writer.float8(score);
      found.writer.text(partsText(parts));
    }
  }
  return { decisions: rows.end(), candidates: found.end() };
}

/** COPY rows in chunks. */
class Written {
  readonly writer = new CopyWriter();
  readonly #chunks: Uint8Array[] = [];

  row(fields: number): void {
    if (this.writer.isFull) this.#chunks.push(this.writer.take());
    this.writer.row(fields);
  }

  end(): Uint8Array[] {
    this.#chunks.push(this.writer.end());
    return this.#chunks;
  }
}

function decideEntry(entry: BatchEntry, county: County | null): LinkDecision {
  const { candidates, flags } = entry;
  const record: LinkageRecord = {
    name: entry.name,
    birthDate: entry.birthDate,
    sex: entry.sex,
    address: entry.address,
    areaCode: entry.areaCode,
    idHash: flags & hasId ? sameKey : null,
    phoneHash: flags & hasPhone ? sameKey : null,
  };
  if (county === null) return decideLink(record, candidates);
  const known = new Set(candidates.map(({ id }) => id));
  const places = county.compared(entry, known);
  return decideLink(record, [...candidates, ...places.map((place) => candidateAt(county, place))]);
}

function candidateAt({ people }: County, place: number): Candidate {
  const flags = people.flags[place] ?? 0;
  const home = people.homes[place] ?? noHome;
  return {
    id: people.ids[place] ?? 0,
    areaCode: people.areaTexts[people.areas[place] ?? 0] ?? "",
    name: people.nameTexts[people.names[place] ?? 0] ?? "",
    birthDate: dayText(people.days[place] ?? noDay),
    sex: sexWord(people.sexes[place] ?? 2),
    address: home === noHome ? null : (people.homeTexts[home] ?? null),
    idHash: flags & hasId ? otherKey : null,
    phoneHash: flags & hasPhone ? otherKey : null,
  };
}
