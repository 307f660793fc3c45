import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortKey, type SortTable } from "#platform/sorting";
import type { LinkageRecord, LinkageScore } from "./linkage.rules.ts";
import type { IdKind } from "./people.model.ts";
import type { EntryQuery, EntryState } from "./registers.model.ts";

/** The rows of the registers, whom they may be, and who decided what. */

/** An entry ready to be stored: valid numbers sealed and hashed, others left out. */
export interface SealedEntry {
  readonly register: string;
  readonly ref: string;
  readonly areaCode: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: "male" | "female" | "unknown";
  readonly address: string;
  readonly idState: "valid" | "invalid" | "missing";
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly phoneEnc: Buffer | null;
}

/** Stores entries; one whose number the register has sent before is left as it is. Returns how many are new. */
export async function insertEntries(tx: Tx, entries: readonly SealedEntry[]): Promise<number> {
  return tx.sql.run(
    `insert into person_entry (id, register, ref, area_code, name, birth_date, sex, address, id_state, id_hash, id_enc, phone_hash, phone_enc, id_kind, state, received_at)
     select id, register, ref, area_code, name, birth_date, sex, address, id_state, id_hash, id_enc, phone_hash, phone_enc, id_kind, 'new', $1
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[], $9::text[], $10::text[], $11::bytea[],
       $12::bytea[], $13::bytea[], $14::bytea[], $15::text[])
       as new (id, register, ref, area_code, name, birth_date, sex, address, id_state, id_hash, id_enc, phone_hash, phone_enc, id_kind)
     on conflict (register, ref) do nothing`,
    [
      tx.now,
      entries.map(() => tx.newId()),
      entries.map((row) => row.register),
      entries.map((row) => row.ref),
      entries.map((row) => row.areaCode),
      entries.map((row) => row.name),
      entries.map((row) => row.birthDate),
      entries.map((row) => row.sex),
      entries.map((row) => row.address),
      entries.map((row) => row.idState),
      entries.map((row) => row.idHash),
      entries.map((row) => row.idEnc),
      entries.map((row) => row.phoneHash),
      entries.map((row) => row.phoneEnc),
      entries.map((row) => row.idKind),
    ],
  );
}

/** An entry as the linkage compares it. */
export interface StoredEntry extends LinkageRecord {
  readonly id: string;
  readonly register: string;
  readonly ref: string;
  readonly state: EntryState;
  readonly personId: number | null;
  readonly receivedAt: Instant;
}

const hex = (column: string, as: string): string => `encode(${column}, 'hex') as "${as}"`;
const entryColumns = `e.id, e.register, e.ref, e.area_code as "areaCode", e.name, e.birth_date as "birthDate", e.sex,
  nullif(e.address, '') as address, ${hex("e.id_hash", "idHash")}, ${hex("e.phone_hash", "phoneHash")}, e.state, e.person_id as "personId",
  e.received_at as "receivedAt"`;

/** Entries that nobody has compared yet, in the order of the register's numbers. */
export async function lockUncompared(tx: Tx, register: string, limit: number): Promise<StoredEntry[]> {
  return tx.sql.many(
    `select ${entryColumns} from person_entry e where e.register = $1 and e.compared_at is null order by e.ref limit $2 for update`,
    [register, limit],
  );
}

export async function lockEntry(tx: Tx, id: string): Promise<StoredEntry | undefined> {
  return tx.sql.maybe(`select ${entryColumns} from person_entry e where e.id = $1 for update`, [id]);
}

/** The sealed numbers of an entry, for a person made of it. */
export async function sealedNumbers(
  tx: Tx,
  id: string,
): Promise<{ idKind: IdKind | null; idEnc: Buffer | null; phoneEnc: Buffer | null } | undefined> {
  return tx.sql.maybe(
    `select id_kind as "idKind", id_enc as "idEnc", phone_enc as "phoneEnc" from person_entry where id = $1`,
    [id],
  );
}

/** A person whom an entry may be. */
export interface FoundPerson extends LinkageRecord {
  readonly entryId: string;
  readonly id: number;
}

const perBlockMax = 60;
const personColumns = `p.id, p.area_code as "areaCode", p.name, p.birth_date as "birthDate", p.sex, p.household_id as home, p.id_hash, p.phone_hash`;

/**
 * The people an entry is compared with: those of its identity number, of its phone, of its day of birth (as it stands and
 * with month and day swapped) in its county, and of its name in its county and about its year.
 */
export async function candidatesFor(
  tx: Tx,
  entries: readonly { id: string; birthDates: readonly string[] }[],
): Promise<FoundPerson[]> {
  return tx.sql.many(
    `with asked as (
       select e.id as entry, e.id_hash, e.phone_hash, e.name, e.birth_date, left(e.area_code, 6) as lo, left(e.area_code, 6) || 'a' as hi,
         string_to_array(nullif(new.days, ''), ',')::date[] as days
       from unnest($1::uuid[], $2::text[]) as new (id, days) join person_entry e on e.id = new.id
     ), found as (
       select asked.entry, p.* from asked join lateral (
         (select ${personColumns} from person p where p.id_hash = asked.id_hash)
         union (select ${personColumns} from person p where p.phone_hash = asked.phone_hash limit $3)
         union (select ${personColumns} from person p where p.birth_date = any(asked.days) and p.area_code >= asked.lo and p.area_code < asked.hi limit $3)
         union (select ${personColumns} from person p where p.name = asked.name and p.area_code >= asked.lo and p.area_code < asked.hi
           and (asked.birth_date is null or p.birth_date is null or abs(p.birth_date - asked.birth_date) < 740) limit $3)
       ) p on true
     )
     select found.entry as "entryId", found.id, found."areaCode", found.name, found."birthDate", found.sex, nullif(h.address, '') as address,
       ${hex("found.id_hash", "idHash")}, ${hex("found.phone_hash", "phoneHash")}
     from found left join household h on h.id = found.home order by found.entry, found.id`,
    [entries.map((row) => row.id), entries.map((row) => row.birthDates.join(",")), perBlockMax],
  );
}

/** Moves entries to the states decided. */
export async function updateEntries(
  tx: Tx,
  rows: readonly { id: string; state: EntryState; personId: number | null }[],
): Promise<void> {
  await tx.sql.run(
    `update person_entry set state = new.state, person_id = new.person_id, compared_at = $4
     from unnest($1::uuid[], $2::text[], $3::bigint[]) as new (id, state, person_id) where person_entry.id = new.id`,
    [rows.map((row) => row.id), rows.map((row) => row.state), rows.map((row) => row.personId), tx.now],
  );
}

export interface NewLink {
  readonly entryId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly how: string;
  readonly score: number | null;
}

export async function insertLinks(tx: Tx, links: readonly NewLink[]): Promise<void> {
  await tx.sql.run(
    `insert into person_link (id, entry_id, person_id, area_code, how, score, decided_by, decided_at)
     select id, entry_id, person_id, area_code, how, score, $1, $2
     from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::float8[]) as new (id, entry_id, person_id, area_code, how, score)`,
    [
      tx.actor.id,
      tx.now,
      links.map(() => tx.newId()),
      links.map((row) => row.entryId),
      links.map((row) => row.personId),
      links.map((row) => row.areaCode),
      links.map((row) => row.how),
      links.map((row) => row.score),
    ],
  );
}

/** Marks the standing link of an entry as undone; its row stays. */
export async function undoStanding(tx: Tx, entryId: string, why: string): Promise<number> {
  return tx.sql.run(
    "update person_link set undone_by = $2, undone_at = $3, undone_why = $4 where entry_id = $1 and undone_at is null",
    [entryId, tx.actor.id, tx.now, why],
  );
}

export interface NewCandidate extends LinkageScore {
  readonly entryId: string;
  readonly personId: number;
  readonly areaCode: string;
}

export async function insertCandidates(tx: Tx, rows: readonly NewCandidate[]): Promise<void> {
  await tx.sql.run(
    `insert into person_candidate (entry_id, person_id, area_code, score, parts)
     select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::float8[], $5::jsonb[]) on conflict do nothing`,
    [
      rows.map((row) => row.entryId),
      rows.map((row) => row.personId),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.score),
      rows.map((row) => JSON.stringify(row.parts)),
    ],
  );
}

/** A candidate as the reviewer sees them. */
export interface ShownCandidate {
  readonly entryId: string;
  readonly personId: number;
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: string;
  readonly address: string | null;
  readonly areaCode: string;
  readonly score: number;
  readonly parts: Record<string, string>;
}

/** The candidates of entries whom the reader may see, the best first. */
export async function candidatesOf(tx: Tx, entryIds: readonly string[]): Promise<ShownCandidate[]> {
  return tx.sql.many(
    `select c.entry_id as "entryId", c.person_id as "personId", p.name, p.birth_date as "birthDate", p.sex, nullif(h.address, '') as address,
       p.area_code as "areaCode", c.score, c.parts
     from person_candidate c join person p on p.id = c.person_id left join household h on h.id = p.household_id
     where c.entry_id = any($1::uuid[]) order by c.entry_id, c.score desc, c.person_id`,
    [entryIds],
  );
}

/** The entries in review of an area, the longest waiting first within each village. */
const byReceived: SortKey<StoredEntry> = { sql: "e.received_at", type: "timestamptz", of: (row) => row.receivedAt };
const byArea: SortKey<StoredEntry> = { sql: "e.area_code", type: "text", of: (row) => row.areaCode };
const reviewSorts: SortTable<StoredEntry, "area" | "received"> = {
  keys: { area: [byArea, byReceived], received: byReceived },
  tie: { sql: "e.ref", type: "text", of: (row) => row.ref },
};

export async function pageReview(tx: Tx, query: EntryQuery): Promise<Page<StoredEntry>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, reviewSorts, "area", area);
  const rows = await tx.sql.many<StoredEntry>(
    `select ${entryColumns} from person_entry e
     where e.state = 'review' and e.area_code >= $1 and e.area_code < $2
       and ${sort.after(4)}
     order by ${sort.order} limit $3`,
    [lo, hi, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

type EntryRow = StoredEntry & { readonly idState: "valid" | "invalid" | "missing" };
const entrySorts: SortTable<EntryRow, "area" | "received"> = {
  keys: { area: byArea, received: byReceived },
  tie: { sql: "e.id::text", type: "text", of: (row) => row.id },
};

export async function pageEntryRows(tx: Tx, query: EntryQuery): Promise<Page<EntryRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, entrySorts, "area", area);
  const rows = await tx.sql.many<EntryRow>(
    `select ${entryColumns}, e.id_state as "idState" from person_entry e
     where e.area_code >= $1 and e.area_code < $2 and ($3::text is null or e.state = $3)
       and ${sort.after(5)}
     order by ${sort.order} limit $4`,
    [lo, hi, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** Entries as they came and stand; a review is late when it has waited for so long. */
export async function tallyEntries(
  tx: Tx,
  reviewBefore: Instant,
): Promise<{ in: number; done: number; late: number; open: number }> {
  return tx.sql.one(
    `select count(*)::int as in, (count(*) filter (where state in ('linked', 'rejected')))::int as done,
       (count(*) filter (where state = 'review' and received_at < $1))::int as late,
       (count(*) filter (where state not in ('linked', 'rejected')))::int as open from person_entry`,
    [reviewBefore],
  );
}
