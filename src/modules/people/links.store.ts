import type { Tx } from "#platform/context";
import type { Instant } from "#kernel/time";
import type { StoredEntry } from "./entries.store.ts";
import type { EntryState } from "./registers.model.ts";
import { holdRepeats } from "./waiting.store.ts";

/** What was decided about entries, and the counts that follow. Whoever writes here holds the lock of the entries' villages. */

/** An entry with what becomes of it. */
export interface Decided {
  readonly entry: Pick<StoredEntry, "id" | "register" | "areaCode" | "state" | "isDecided">;
  readonly state: EntryState;
  /** Only with `linked`. */
  readonly link?: { readonly personId: number; readonly how: string; readonly score: number | null };
}

/** The column of the counts in which an entry stands, by its state. */
const countedAs: Readonly<Record<EntryState, string>> = {
  new: "unmatched",
  review: "review",
  linked: "linked",
  rejected: "rejected",
};

/**
 * Stores decisions. `ahead` when they are a person's: an entry that was not compared yet is then decided before its turn, and
 * the comparison must step over it.
 */
export async function storeDecisions(
  tx: Tx,
  decided: readonly Decided[],
  options: { readonly ahead: boolean },
): Promise<void> {
  for (const register of [...new Set(decided.map(({ entry }) => entry.register))].toSorted())
    await holdRepeats(tx, register);
  const again = await countRepeats(tx, decided);
  await insertLinks(tx, decided);
  await storeOpen(tx, decided);
  await addCounts(tx, decided, again, options.ahead);
}

/** The entries that name a person whom their register has named before: in another standing link, or earlier in this call. */
async function countRepeats(tx: Tx, decided: readonly Decided[]): Promise<ReadonlySet<number>> {
  const linked = decided.filter(({ link }) => link !== undefined);
  if (linked.length === 0) return new Set();
  const rows = await tx.sql.many<{ id: number }>(
    `select n.id from (select id, person_id, register, row_number() over (partition by person_id, register order by id) as nth
       from unnest($1::bigint[], $2::bigint[], $3::text[]) as new (id, person_id, register)) n
     where n.nth > 1 or exists (select 1 from person_link l where l.person_id = n.person_id and l.register = n.register and l.undone_at is null)`,
    [
      linked.map(({ entry }) => entry.id),
      linked.map(({ link }) => link?.personId),
      linked.map(({ entry }) => entry.register),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

async function insertLinks(tx: Tx, decided: readonly Decided[]): Promise<void> {
  const links = decided.flatMap(({ entry, link }) => (link === undefined ? [] : [{ entry, ...link }]));
  if (links.length === 0) return;
  await tx.sql.run("delete from person_open where entry_no = any($1::bigint[])", [links.map(({ entry }) => entry.id)]);
  await tx.sql.run(
    `insert into person_link (entry_no, person_id, register, area_code, how, score, decided_by, decided_at)
     select entry_no, person_id, register, area_code, how, score, $1, $2
     from unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::float8[])
       as new (entry_no, person_id, register, area_code, how, score)`,
    [
      tx.actor.id,
      tx.now,
      links.map(({ entry }) => entry.id),
      links.map(({ personId }) => personId),
      links.map(({ entry }) => entry.register),
      links.map(({ entry }) => entry.areaCode),
      links.map(({ how }) => how),
      links.map(({ score }) => score),
    ],
  );
}

async function storeOpen(tx: Tx, decided: readonly Decided[]): Promise<void> {
  const open = decided.filter(({ state }) => state !== "linked");
  if (open.length === 0) return;
  await tx.sql.run(
    `insert into person_open (entry_no, register, area_code, state, received_at, name, birth_date, id_hash, phone_hash)
     select e.no, e.register, e.area_code, new.state, e.received_at, e.name, e.birth_date, e.id_hash, e.phone_hash
     from unnest($1::bigint[], $2::text[]) as new (no, state) join person_entry e on e.no = new.no
     on conflict (entry_no) do update set state = excluded.state`,
    [open.map(({ entry }) => entry.id), open.map(({ state }) => state)],
  );
}

async function addCounts(
  tx: Tx,
  decided: readonly Decided[],
  again: ReadonlySet<number>,
  ahead: boolean,
): Promise<void> {
  const sums = new Map<string, { register: string; areaCode: string; add: Record<string, number> }>();
  for (const { entry, state } of decided) {
    const key = `${entry.register} ${entry.areaCode}`;
    const sum = sums.get(key) ?? { register: entry.register, areaCode: entry.areaCode, add: {} };
    sums.set(key, sum);
    const count = (column: string, n: number): void => void (sum.add[column] = (sum.add[column] ?? 0) + n);
    if (entry.isDecided) count(countedAs[entry.state], -1);
    else if (ahead) count("ahead", 1);
    count(countedAs[state], 1);
    if (again.has(entry.id)) count("repeated", 1);
  }
  await changeCounts(tx, [...sums.values()]);
}

const changed = ["linked", "repeated", "review", "unmatched", "rejected", "ahead"] as const;

async function changeCounts(
  tx: Tx,
  sums: readonly { register: string; areaCode: string; add: Readonly<Record<string, number>> }[],
): Promise<void> {
  if (sums.length === 0) return;
  await tx.sql.run(
    `update person_entry_count c set ${changed.map((column) => `${column} = c.${column} + n.${column}`).join(", ")}
     from unnest($1::text[], $2::text[], ${changed.map((_, i) => `$${i + 3}::int[]`).join(", ")})
       as n (register, area_code, ${changed.join(", ")})
     where c.register = n.register and c.area_code = n.area_code`,
    [
      sums.map(({ register }) => register),
      sums.map(({ areaCode }) => areaCode),
      ...changed.map((column) => sums.map(({ add }) => add[column] ?? 0)),
    ],
  );
}

/** Marks the standing link of an entry as undone; its row stays. */
export async function undoStanding(tx: Tx, entry: StoredEntry, why: string): Promise<void> {
  await holdRepeats(tx, entry.register);
  await tx.sql.run(
    "update person_link set undone_by = $2, undone_at = $3, undone_why = $4 where entry_no = $1 and undone_at is null",
    [entry.id, tx.actor.id, tx.now, why],
  );
  // Of several rows that name one person, one less is a repeat.
  const others = await tx.sql.maybe(
    "select 1 as one from person_link where person_id = $1 and register = $2 and undone_at is null limit 1",
    [entry.personId, entry.register],
  );
  if (others) await changeCounts(tx, [{ register: entry.register, areaCode: entry.areaCode, add: { repeated: -1 } }]);
}

/** Whom entries were linked to until somebody took it back, as `entry person`. */
export async function undonePairs(tx: Tx, entryIds: readonly number[]): Promise<ReadonlySet<string>> {
  const rows = await tx.sql.many<{ entryId: number; personId: number }>(
    `select entry_no as "entryId", person_id as "personId" from person_link where undone_at is not null and entry_no = any($1::bigint[])`,
    [entryIds],
  );
  return new Set(rows.map(({ entryId, personId }) => `${entryId} ${personId}`));
}

/** Entries as they came and stand; a review is late when it has waited for so long. */
export async function tallyEntries(
  tx: Tx,
  reviewBefore: Instant,
): Promise<{ in: number; done: number; late: number; open: number }> {
  return tx.sql.one(
    `select n.in, n.done, n.in - n.done as open,
       (select count(*)::int from person_open where state = 'review' and received_at < $1) as late
     from (select coalesce(sum(entries), 0)::int as in, coalesce(sum(linked + rejected), 0)::int as done from person_entry_count) n`,
    [reviewBefore],
  );
}
