import { areaRange } from "#kernel/area";
import type { Day } from "#kernel/time";
import type { Tx } from "#platform/context";

/** A person with the home they are registered in. */
export interface PersonHome {
  readonly personId: number;
  readonly areaCode: string;
  readonly householdId: number | null;
}

/** The households of an area by village and number, for those who walk from door to door. */
export async function householdsIn(
  tx: Tx,
  areaCode: string,
): Promise<{ readonly id: number; readonly areaCode: string }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode" from household where area_code >= $1 and area_code < $2 order by area_code, id`,
    [lo, hi],
  );
}

/** Where people live, without reading who they are; unknown ids are left out. */
export async function homesOfPeople(tx: Tx, personIds: readonly number[]): Promise<PersonHome[]> {
  return tx.sql.many<PersonHome>(
    `select id as "personId", area_code as "areaCode", household_id as "householdId"
     from person where id = any($1::bigint[]) order by id`,
    [personIds],
  );
}

/** The households of people by person, without reading who they are; the unknown and those without one are left out. */
export async function householdsOfPeople(tx: Tx, personIds: readonly number[]): Promise<Map<number, number>> {
  if (personIds.length === 0) return new Map();
  // Written out here: the driver takes longer over a list of twenty thousand than the database over finding them.
  const rows = await tx.sql.many<{ id: number; home: number }>(
    "select id, household_id as home from person where id = any($1::bigint[]) and household_id is not null",
    [`{${personIds.join(",")}}`],
  );
  return new Map(rows.map((row) => [row.id, row.home]));
}

/** The people of an area born on or before a day. */
export async function bornBy(tx: Tx, areaCode: string, day: Day, limit: number): Promise<PersonHome[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<PersonHome>(
    `select id as "personId", area_code as "areaCode", household_id as "householdId" from person
     where area_code >= $1 and area_code < $2 and birth_date <= $3::date order by area_code, id limit $4`,
    [lo, hi, day, limit],
  );
}

export interface Population {
  readonly people: number;
  readonly households: number;
  /** Born on or before the day given. */
  readonly elderly: number;
}

/** How many live in some villages, in how many homes, and how many of them are old. */
export async function populationOf(tx: Tx, villages: readonly string[], bornBefore: Day): Promise<Population> {
  return tx.sql.one<Population>(
    `select count(*)::int as people, count(distinct household_id)::int as households,
       (count(*) filter (where birth_date <= $2::date))::int as elderly
     from person where area_code = any($1::text[])`,
    [villages, bornBefore],
  );
}

/** The villages of households; unknown ids are left out. */
export async function homesOfHouseholds(tx: Tx, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.sql.many<{ id: number; areaCode: string }>(
    `select id, area_code as "areaCode" from household where id = any($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.areaCode]));
}
