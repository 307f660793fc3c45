import { areaRange } from "#kernel/area";
import type { Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { NewRegister, Source } from "./registers.model.ts";

/** Which registers there are, what each is worth, and since when each comes electronically. */

export interface StoredRegister {
  readonly code: string;
  readonly areaCode: string;
  readonly askedOn: Day;
  readonly electronicSince: Day | null;
}

/** The registers with these codes, as far as the reader sees them. */
export async function registersByCode(tx: Tx, codes: readonly string[]): Promise<Map<string, StoredRegister>> {
  const rows = await tx.sql.many<StoredRegister>(
    `select code, area_code as "areaCode", asked_on as "askedOn", electronic_since as "electronicSince" from person_register where code = any($1::text[])`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

/** Makes a register; false when its code is taken. */
export async function insertRegister(tx: Tx, register: NewRegister, askedOn: Day): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into person_register (code, area_code, kind, owner, asked_on, electronic_since, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (code) do nothing`,
    [
      register.code,
      register.areaCode,
      register.kind,
      register.owner,
      askedOn,
      register.electronicSince ?? null,
      tx.now,
    ],
  );
  return stored === 1;
}

export async function updateElectronic(tx: Tx, code: string, day: Day): Promise<void> {
  await tx.sql.run("update person_register set electronic_since = $2 where code = $1", [code, day]);
}

/** Registers with their counts, in the order of area and code; the score is the rules'. */
export async function pageSources(
  tx: Tx,
  query: { areaCode: string; after: readonly (string | number)[] | null; limit: number },
): Promise<Omit<Source, "quality">[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many(
    `select r.code, r.area_code as "areaCode", r.kind, r.owner, r.asked_on as "askedOn", r.electronic_since as "electronicSince",
       n.entries, n."withId", n."validId", n.linked, n.review, n.repeated as duplicates
     from person_register r, lateral (
       select coalesce(sum(entries), 0)::int as entries, coalesce(sum(with_id), 0)::int as "withId", coalesce(sum(valid_id), 0)::int as "validId",
         coalesce(sum(linked), 0)::int as linked, coalesce(sum(review), 0)::int as review, coalesce(sum(repeated), 0)::int as repeated
       from person_entry_count c where c.register = r.code
     ) n
     where r.area_code >= $1 and r.area_code < $2 and ($3::text is null or (r.area_code, r.code) > ($3, $4))
     order by r.area_code, r.code limit $5`,
    [lo, hi, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  );
}

/** The days on which the registers of an area were asked to be electronic, and became it. */
export async function reporterDays(
  tx: Tx,
  areaCode: string,
): Promise<{ askedOn: Day; electronicSince: Day | null; reporters: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select asked_on as "askedOn", electronic_since as "electronicSince", count(*)::int as reporters from person_register
     where area_code >= $1 and area_code < $2 group by 1, 2 order by 1, 2`,
    [lo, hi],
  );
}

/** How many entries of the registers are in each area, and how many people they are linked to. */
export async function entriesByPrefix(
  tx: Tx,
  areaCode: string,
  digits: number,
): Promise<{ areaCode: string; entries: number; unlinked: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select left(area_code, $3) as "areaCode", sum(entries)::int as entries, sum(entries - linked)::int as unlinked
     from person_entry_count where area_code >= $1 and area_code < $2 group by 1 order by 1`,
    [lo, hi, digits],
  );
}
