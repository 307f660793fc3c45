import { assert } from "#kernel/assert";
import type { Tx } from "#platform/context";
import { countyDigits } from "./blocks.rules.ts";
import { allBlocks, blockKeys, homeOf, keyBlocks } from "./candidates.store.ts";
import { holdRepeats, markCompared } from "./waiting.store.ts";

/** One batch of a run in sets: what waits comes into a temporary table, is decided, and goes where it belongs. */

/** A plan that hashes ten million people for each batch is as slow as it sounds: keys are looked up by their index. */
const lookupsOnly = "set local enable_hashjoin = off; set local enable_mergejoin = off";
const anyPlan = "set local enable_hashjoin = on; set local enable_mergejoin = on";

const tables = `create temp table if not exists link_batch (no bigint, area_code text collate "C", name text, birth_date date,
    sex text, address text, id_hash bytea, phone_hash bytea, received_at timestamptz, person_id bigint, exact boolean) on commit delete rows;
  create temp table if not exists link_decided (no bigint, state text, person_id bigint, how text) on commit delete rows;
  create temp table if not exists link_found (no bigint, person_id bigint, score float8, parts text) on commit delete rows`;

/** What an exact link needs of its entry is the number alone; of the others everything is compared. */
const wanted = ["name", "birth_date", "sex", "address", "id_hash", "phone_hash", "received_at"] as const;

/** Villages of a register; `ahead` when some of their entries were decided before their turn. */
export interface BatchOf {
  readonly register: string;
  readonly villages: readonly string[];
  readonly ahead: boolean;
}

/**
 * Takes the waiting entries of locked villages, so many of each, and looks for the owner of each identity number. `exact`
 * is what PEOPLE-10 links for certain: the owner has the name letter for letter, or the day of birth. spec: PEOPLE-10
 */
export async function beginBatch(
  tx: Tx,
  of: BatchOf & { readonly limit: number },
): Promise<{ taken: number; exact: number }> {
  await tx.sql.script(`${tables}; ${lookupsOnly}`);
  const undecided = of.ahead
    ? `and not exists (select 1 from person_link l where l.entry_no = e.no and l.undone_at is null)
       and not exists (select 1 from person_open o where o.entry_no = e.no)`
    : "";
  const taken = await tx.sql.run(
    `insert into link_batch (no, area_code, ${wanted.join(", ")}, person_id, exact)
     select e.no, e.area_code, ${wanted.map((column) => `case when k.exact then null else e.${column} end`).join(", ")}, k.id, coalesce(k.exact, false)
     from person_entry_count c
     cross join lateral (
       select e.* from person_entry e
       where e.area_code = c.area_code and e.register = c.register and e.place > c.compared_to ${undecided}
       order by e.place limit $3 offset 0
     ) e
     left join lateral (
       select p.id, (p.name = e.name or p.birth_date = e.birth_date) is true as exact from person p where p.id_hash = e.id_hash offset 0
     ) k on true
     where c.register = $1 and c.area_code = any($2::text[])`,
    [of.register, of.villages, of.limit],
  );
  const { exact } = await tx.sql.one<{ exact: number }>("select count(*) as exact from link_batch where exact");
  return { taken, exact };
}

/** The entries of the batch that no exact number links, as COPY rows. */
export function batchEntries(tx: Tx): AsyncIterable<Buffer> {
  return tx.sql.copyOutBinary(
    `(select no, area_code, name, birth_date, wuyang.swapped_day(birth_date), sex, nullif(address, ''), id_hash is not null, phone_hash is not null
      from link_batch where not exact)`,
  );
}

/** The people of their numbers and phones (or of every block), as COPY rows. */
export function batchCandidates(tx: Tx, blocks: "keys" | "all"): AsyncIterable<Buffer> {
  return tx.sql.copyOutBinary(
    `(select e.no, f.id, f.area_code, f.name, f.birth_date, f.sex, f.id_hash is not null, f.id_hash = e.id_hash,
        f.phone_hash is not null, f.phone_hash = e.phone_hash, h.address
      from (select *, ${blockKeys} from link_batch where not exact offset 0) e
      cross join lateral (${blocks === "keys" ? keyBlocks : allBlocks} offset 0) f ${homeOf("f.home")})`,
  );
}

/** The people of a county, as COPY rows. */
export function countyPeople(tx: Tx, county: string): AsyncIterable<Buffer> {
  assert(/^[0-9A-Za-z]{6}$/.test(county) && county.length === countyDigits, "a county's code");
  return tx.sql.copyOutBinary(
    `(select p.id, p.area_code, p.name, p.birth_date, p.sex, p.household_id, p.id_hash is not null, p.phone_hash is not null, nullif(h.address, '')
      from person p left join household h on h.id = p.household_id
      where p.area_code >= '${county}' and p.area_code < '${county}' || U&'\\FFFF')`,
  );
}

export interface BatchTally {
  readonly linked: number;
  readonly review: number;
  readonly unmatched: number;
}

/** Stores what was decided of the batch, given as COPY rows, with the counts of its villages. */
export async function endBatch(
  tx: Tx,
  of: BatchOf,
  decided: { readonly decisions: Iterable<Uint8Array>; readonly candidates: Iterable<Uint8Array> },
): Promise<BatchTally> {
  await tx.sql.script(anyPlan);
  await holdRepeats(tx, of.register);
  await tx.sql.copyInBinary("link_decided (no, state, person_id, how)", decided.decisions);
  await tx.sql.copyInBinary("link_found (no, person_id, score, parts)", decided.candidates);
  const linked = await storeLinks(tx, of.register);
  await tx.sql.run(
    `insert into person_open (entry_no, register, area_code, state, received_at, name, birth_date, id_hash, phone_hash)
     select b.no, $1, b.area_code, d.state, b.received_at, b.name, b.birth_date, b.id_hash, b.phone_hash
     from link_decided d join link_batch b using (no) where d.state <> 'linked'`,
    [of.register],
  );
  await tx.sql.run(
    `insert into person_candidate (entry_no, person_id, area_code, score, parts)
     select f.no, f.person_id, b.area_code, f.score, f.parts from link_found f join link_batch b using (no) on conflict do nothing`,
  );
  const tally = await tx.sql.one<{ review: number; unmatched: number }>(
    `with sums as (
       select b.area_code, (count(*) filter (where d.state = 'review'))::int as review,
         (count(*) filter (where d.state = 'new'))::int as unmatched, max(b.no) as last
       from link_batch b left join link_decided d using (no) group by b.area_code
     ), kept as (
       update person_entry_count c set review = c.review + s.review, unmatched = c.unmatched + s.unmatched,
         compared_to = greatest(c.compared_to, s.last)
       from sums s where c.register = $1 and c.area_code = s.area_code
     ) select coalesce(sum(review), 0)::int as review, coalesce(sum(unmatched), 0)::int as unmatched from sums`,
    [of.register],
  );
  if (of.ahead) await markCompared(tx, of.register, of.villages);
  return { linked, ...tally };
}

/** The links of the batch, those by exact numbers and those decided, and which of them name a person once more. */
async function storeLinks(tx: Tx, register: string): Promise<number> {
  const { linked } = await tx.sql.one<{ linked: number }>(
    `with made as materialized (
       select no, area_code, person_id, 'exactId' as how from link_batch where exact
       union all
       select d.no, b.area_code, d.person_id, d.how from link_decided d join link_batch b using (no) where d.state = 'linked'
     ), named as (
       select no, area_code, person_id, row_number() over (partition by person_id order by no) as nth from made
     ), sums as (
       select area_code, count(*)::int as linked, (count(*) filter (where nth > 1 or again.found))::int as repeated
       from named left join lateral (
         select true as found from person_link l where l.person_id = named.person_id and l.register = $1 and l.undone_at is null limit 1 offset 0
       ) again on true group by area_code
     ), put as (
       insert into person_link (entry_no, person_id, register, area_code, how, decided_by, decided_at)
       select no, person_id, $1, area_code, how, $2, $3 from made
     ), kept as (
       update person_entry_count c set linked = c.linked + s.linked, repeated = c.repeated + s.repeated
       from sums s where c.register = $1 and c.area_code = s.area_code
     ) select coalesce(sum(linked), 0)::int as linked from sums`,
    [register, tx.actor.id, tx.now],
  );
  return linked;
}
