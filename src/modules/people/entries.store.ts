import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { CopyWriter } from "#platform/copy";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { LinkageRecord } from "./linkage.rules.ts";
import type { IdKind } from "./people.model.ts";
import type { EntryState, ReviewQuery } from "./registers.model.ts";

/** The rows of the registers as they came; what became of each stands in links.store.ts. */

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
  readonly idHash: Uint8Array | null;
  readonly idEnc: Uint8Array | null;
  readonly phoneHash: Uint8Array | null;
  readonly phoneEnc: Uint8Array | null;
}

const loadedColumns =
  "register, ref, area_code, name, birth_date, sex, address, id_state, id_kind, id_hash, id_enc, phone_hash, phone_enc";
const loadedFields = 13;

function* loadedRows(entries: Iterable<SealedEntry>): Generator<Buffer> {
  const writer = new CopyWriter();
  for (const row of entries) {
    writer.row(loadedFields);
    writer.text(row.register);
    writer.text(row.ref);
    writer.text(row.areaCode);
    writer.text(row.name);
    writer.day(row.birthDate);
    writer.text(row.sex);
    writer.text(row.address);
    writer.text(row.idState);
    writer.text(row.idKind);
    writer.bytes(row.idHash);
    writer.bytes(row.idEnc);
    writer.bytes(row.phoneHash);
    writer.bytes(row.phoneEnc);
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

/**
 * Stores entries; one whose number the register has sent before is left as it is. Returns how many are new. The counts of
 * their villages are locked before the entries are numbered: whoever compares a village holds the same lock, and so can
 * never pass by an entry that is numbered but not yet committed.
 */
export async function insertEntries(tx: Tx, entries: Iterable<SealedEntry>): Promise<number> {
  await tx.sql.script(`create temp table if not exists entry_load (register text, ref text, area_code text collate "C",
    name text, birth_date date, sex text, address text, id_state text, id_kind text, id_hash bytea, id_enc bytea, phone_hash bytea,
    phone_enc bytea) on commit delete rows; truncate entry_load`);
  await tx.sql.copyInBinary(`entry_load (${loadedColumns})`, loadedRows(entries));
  await tx.sql.run(
    `insert into person_entry_count (register, area_code)
     select distinct register, area_code from entry_load order by register, area_code on conflict do nothing`,
  );
  await tx.sql.run(
    `select 1 from person_entry_count c join (select distinct register, area_code from entry_load) own using (register, area_code)
     order by c.register, c.area_code for update of c`,
  );
  const { taken } = await tx.sql.one<{ taken: number }>(
    `with put as (
       insert into person_entry (${loadedColumns}, received_at) select ${loadedColumns}, $1 from entry_load
       on conflict (register, ref) do nothing returning register, area_code, id_state
     ), sums as (
       select register, area_code, count(*)::int as entries, (count(*) filter (where id_state <> 'missing'))::int as with_id,
         (count(*) filter (where id_state = 'valid'))::int as valid_id
       from put group by register, area_code
     ), kept as (
       update person_entry_count c set entries = c.entries + s.entries, with_id = c.with_id + s.with_id, valid_id = c.valid_id + s.valid_id
       from sums s where c.register = s.register and c.area_code = s.area_code returning s.entries
     )
     select coalesce(sum(entries), 0)::int as taken from kept`,
    [tx.now],
  );
  return taken;
}

/** An entry as the linkage compares it. */
export interface StoredEntry extends LinkageRecord {
  readonly id: number;
  readonly register: string;
  readonly ref: string;
  readonly state: EntryState;
  readonly personId: number | null;
  /** Whether anything was decided about it, by a comparison or by a person. */
  readonly isDecided: boolean;
  readonly receivedAt: Instant;
}

export const hex = (column: string, as: string): string => `encode(${column}, 'hex') as "${as}"`;
const entryColumns = `e.no as id, e.register, e.ref, e.area_code as "areaCode", e.name, e.birth_date as "birthDate", e.sex,
  nullif(e.address, '') as address, ${hex("e.id_hash", "idHash")}, ${hex("e.phone_hash", "phoneHash")},
  case when l.entry_no is null then coalesce(o.state, 'new') else 'linked' end as state, l.person_id as "personId",
  (l.entry_no is not null or o.entry_no is not null) as "isDecided", e.received_at as "receivedAt"`;
const decisions = `left join person_link l on l.entry_no = e.no and l.undone_at is null left join person_open o on o.entry_no = e.no`;

/** An entry with the lock of its village's counts, which everybody who decides about an entry holds. */
export async function lockEntry(tx: Tx, id: number): Promise<StoredEntry | undefined> {
  await tx.sql.run(
    `select 1 from person_entry_count c join person_entry e on e.register = c.register and e.area_code = c.area_code
     where e.no = $1 for update of c`,
    [id],
  );
  return tx.sql.maybe(`select ${entryColumns} from person_entry e ${decisions} where e.no = $1`, [id]);
}

/** Entries by their numbers, in their order. */
export async function entriesByNo(tx: Tx, ids: readonly number[]): Promise<StoredEntry[]> {
  return tx.sql.many(
    `select ${entryColumns} from person_entry e ${decisions} where e.no = any($1::bigint[]) order by e.no`,
    [ids],
  );
}

/** The sealed numbers of an entry, for a person made of it. */
export async function sealedNumbers(
  tx: Tx,
  id: number,
): Promise<{ idKind: IdKind | null; idEnc: Buffer | null; phoneEnc: Buffer | null } | undefined> {
  return tx.sql.maybe(
    `select id_kind as "idKind", id_enc as "idEnc", phone_enc as "phoneEnc" from person_entry where no = $1`,
    [id],
  );
}

export type ListedEntry = StoredEntry & { readonly idState: "valid" | "invalid" | "missing" };

interface EntriesQuery {
  readonly areaCode: string;
  readonly state: EntryState | null;
  /** The village and the number after which the page begins. */
  readonly after: readonly [string, number] | null;
  readonly limit: number;
}

const listedColumns = `${entryColumns}, e.id_state as "idState"`;

/** What a village must hold to be looked into, and which of its entries are wanted, for each state that most entries may be in. */
const dense: Readonly<Record<"all" | "linked", readonly [string, string]>> = {
  all: ["true", "true"],
  linked: ["c.linked > 0", "l.entry_no is not null"],
};
/** Entries that wait for their comparison; nobody has decided about them. */
const waiting = [
  "c.entries > c.linked + c.review + c.unmatched + c.rejected",
  "e.place > c.compared_to and l.entry_no is null and o.entry_no is null",
] as const;

/** Walks from village to village in their order, and stops when the page is full. */
function byVillage([ofVillage, ofEntry]: readonly [string, string]): string {
  return `select e.* from (select register, area_code, compared_to, case when area_code = $3 then $4::bigint else 0 end as after
      from person_entry_count c
      where c.area_code >= $1 and c.area_code < $2 and ($3::text is null or c.area_code >= $3) and ${ofVillage}
      order by c.area_code, c.register offset 0) c
    cross join lateral (
      select ${listedColumns} from person_entry e ${decisions}
      where e.area_code = c.area_code and e.register = c.register and ${ofEntry}
        and e.place > c.after
      order by e.place limit $5
    ) e order by c.area_code, e.id limit $5`;
}

/** The few that are open, through the list of their state. */
function byState(state: EntryState): string {
  return `select ${listedColumns} from (
      select entry_no from person_open where state = '${state}' and area_code >= $1 and area_code < $2
        and ($3::text is null or (area_code, place) > ($3, $4::bigint))
      order by area_code, place limit $5
    ) f join person_entry e on e.no = f.entry_no ${decisions} order by e.area_code, e.no`;
}

const listTexts: Readonly<Record<"all" | EntryState, string>> = {
  all: byVillage(dense.all),
  linked: byVillage(dense.linked),
  review: byState("review"),
  rejected: byState("rejected"),
  new: `select * from ((${byState("new")}) union all (${byVillage(waiting)})) e order by "areaCode", id limit $5`,
};

/** Entries of an area by village and number. */
export async function pageEntryRows(tx: Tx, query: EntriesQuery): Promise<ListedEntry[]> {
  const { lo, hi } = areaRange(query.areaCode);
  const params = [lo, hi, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit];
  return tx.sql.many(listTexts[query.state ?? "all"], params);
}

/** What waits for a person is few beside a register, so its order needs no index but the list's own. */
const reviewSorts: SortTable<StoredEntry, "area" | "received"> = {
  keys: {
    area: { sql: "o.area_code", type: "text", of: (row) => row.areaCode },
    received: { sql: "o.received_at", type: "timestamptz", of: (row) => row.receivedAt },
  },
  tie: { sql: "o.place", type: "bigint", of: (row) => row.id },
};

/** The entries in review of an area, by village or by how long they have waited. */
export async function pageReview(tx: Tx, query: ReviewQuery): Promise<Page<StoredEntry>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, reviewSorts, "area", area);
  const rows = await tx.sql.many<StoredEntry>(
    `select ${entryColumns} from (
       select o.entry_no from person_open o where o.state = 'review' and o.area_code >= $1 and o.area_code < $2 and ${sort.after(4)}
       order by ${sort.order} limit $3
     ) f join person_entry e on e.no = f.entry_no ${decisions} order by ${sort.order}`,
    [lo, hi, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}
