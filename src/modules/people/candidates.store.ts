import type { Tx } from "#platform/context";
import { countyDigits, nameDaysMax, perBlockMax, phoneOwnersMax, townDigits } from "./blocks.rules.ts";
import { hex } from "./entries.store.ts";
import { partsOf, partsText, type Candidate, type LinkageRecord, type LinkageScore } from "./linkage.rules.ts";

/** The people an entry may be, and those who were found for it. */

const personColumns = `p.id, p.area_code, p.name, p.birth_date, p.sex, p.household_id as home, p.id_hash, p.phone_hash`;

/**
 * What the blocks of an entry need beside its own columns. Computed before anything is looked up: a function that is not
 * leakproof may not stand in an index condition under row-level security.
 */
export const blockKeys = `left(area_code, ${countyDigits}) as lo, left(area_code, ${countyDigits}) || U&'\\FFFF' as hi,
  wuyang.swapped_day(birth_date) as swapped`;

/** The people of the county of the entry `e` on one condition, the nearest first. */
function blockText(condition: string): string {
  return `(select ${personColumns} from person p where ${condition} and p.area_code >= e.lo and p.area_code < e.hi
    order by left(p.name, 1) = left(e.name, 1) desc, p.area_code = e.area_code desc,
      left(p.area_code, ${townDigits}) = left(e.area_code, ${townDigits}) desc, p.id limit ${perBlockMax})`;
}

/**
 * The people of the number and of the phone of the entry `e`. A phone that too many have names nobody: one row without an id
 * stands for all of them. spec: PEOPLE-11
 */
export const keyBlocks = `(select ${personColumns} from person p where p.id_hash = e.id_hash)
  union (select case when owners <= ${phoneOwnersMax} then id end, area_code, name, birth_date, sex, home, id_hash, phone_hash
    from (select *, count(*) over () as owners, row_number() over () as nth
      from (select ${personColumns} from person p where p.phone_hash = e.phone_hash order by p.id + 0 limit ${phoneOwnersMax + 1}) first) owner
    where owners <= ${phoneOwnersMax} or nth = 1)`;

/** And those of its day of birth, of that day with month and day swapped, and of its name, in its county. spec: PEOPLE-12 */
export const allBlocks = `${keyBlocks}
  union ${blockText("p.birth_date = e.birth_date")}
  union ${blockText("p.birth_date = e.swapped")}
  union ${blockText(`p.name = e.name and (e.birth_date is null or p.birth_date is null or abs(p.birth_date - e.birth_date) <= ${nameDaysMax})`)}`;

/**
 * The address of a household, looked up for each row: joined in the usual way, the planner, which cannot know how wide the
 * reader's area is, reads all households of the area for each entry.
 */
export function homeOf(id: string): string {
  return `left join lateral (select nullif(address, '') as address from household where household.id = ${id} offset 0) h on true`;
}

/** The people an entry is compared with, and whether its phone is one that says nothing. */
export interface Found {
  readonly people: Candidate[];
  hasCommonPhone: boolean;
}

/** The people that entries are compared with, by entry. */
export async function candidatesFor(tx: Tx, entryIds: readonly number[]): Promise<ReadonlyMap<number, Found>> {
  const found = new Map<number, Found>(entryIds.map((id) => [id, { people: [], hasCommonPhone: false }]));
  const rows = await tx.sql.many<LinkageRecord & { readonly entryId: number; readonly id: number | null }>(
    `select f.entry as "entryId", f.id, f.area_code as "areaCode", f.name, f.birth_date as "birthDate", f.sex,
       h.address, ${hex("f.id_hash", "idHash")}, ${hex("f.phone_hash", "phoneHash")}
     from (
       select e.no as entry, p.* from (select *, ${blockKeys} from person_entry where no = any($1::bigint[]) offset 0) e
       cross join lateral (${allBlocks} offset 0) p
     ) f ${homeOf("f.home")} order by f.entry, f.id`,
    [entryIds],
  );
  for (const { entryId, id, ...person } of rows) {
    const of = found.get(entryId);
    if (!of) continue;
    if (id === null) of.hasCommonPhone = true;
    else of.people.push({ id, ...person });
  }
  return found;
}

export interface NewCandidate extends LinkageScore {
  readonly entryId: number;
  readonly personId: number;
  readonly areaCode: string;
}

export async function insertCandidates(tx: Tx, rows: readonly NewCandidate[]): Promise<void> {
  await tx.sql.run(
    `insert into person_candidate (entry_no, person_id, area_code, score, parts)
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::float8[], $5::text[]) on conflict do nothing`,
    [
      rows.map((row) => row.entryId),
      rows.map((row) => row.personId),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.score),
      rows.map((row) => partsText(row.parts)),
    ],
  );
}

/** A candidate as the reviewer sees them. */
export interface ShownCandidate {
  readonly entryId: number;
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
export async function candidatesOf(tx: Tx, entryIds: readonly number[]): Promise<ShownCandidate[]> {
  const rows = await tx.sql.many<Omit<ShownCandidate, "parts"> & { readonly parts: string }>(
    `with c as materialized (select entry_no, person_id, score, parts from person_candidate where entry_no = any($1::bigint[])),
     p as materialized (select id, name, birth_date, sex, area_code, household_id from person where id in (select person_id from c))
     select c.entry_no as "entryId", c.person_id as "personId", p.name, p.birth_date as "birthDate", p.sex, h.address,
       p.area_code as "areaCode", c.score, c.parts
     from c join p on p.id = c.person_id ${homeOf("p.household_id")} order by c.entry_no, c.score desc, c.person_id`,
    [entryIds],
  );
  return rows.map((row) => ({ ...row, parts: partsOf(row.parts) }));
}
