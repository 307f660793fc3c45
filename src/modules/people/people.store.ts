import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { CopyWriter } from "#platform/copy";
import type {
  BulkHousehold,
  BulkPerson,
  HouseholdMember,
  IdKind,
  NewPerson,
  PersonCard,
  WorkplaceMember,
} from "./people.model.ts";

/** A person's row before its identity number is opened. */
export interface StoredPerson extends Omit<PersonCard, "idLast4"> {
  readonly idEnc: Buffer | null;
}

const cardColumns = `id, area_code as "areaCode", household_id as "householdId", name, sex, birth_date as "birthDate", id_kind as "idKind",
  id_enc as "idEnc", occupation, workplace_venue_id as "workplaceVenueId", register, ref`;

export async function selectPeople(tx: Tx, ids: readonly number[]): Promise<StoredPerson[]> {
  return tx.sql.many<StoredPerson>(`select ${cardColumns} from person where id = any($1::bigint[]) order by id`, [ids]);
}

export async function selectByHash(tx: Tx, hash: Buffer): Promise<StoredPerson | undefined> {
  return tx.sql.maybe<StoredPerson>(`select ${cardColumns} from person where id_hash = $1`, [hash]);
}

export async function pageByArea(
  tx: Tx,
  areaCode: string,
  after: readonly [string, number] | null,
  limit: number,
): Promise<StoredPerson[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<StoredPerson>(
    `select ${cardColumns} from person
     where area_code >= $1 and area_code < $2 and ($3::text is null or (area_code, id + 0) > ($3, $4::bigint))
     order by area_code, id + 0 limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** Where identities are registered already, in any area. */
export async function homesOf(
  tx: Tx,
  hashes: readonly Buffer[],
): Promise<{ hash: string; id: number; areaCode: string }[]> {
  return tx.sql.many(
    `select encode(id_hash, 'hex') as hash, id, area_code as "areaCode" from wuyang.person_homes($1::bytea[])`,
    [hashes],
  );
}

/** The people whom a register's numbers name, through the person or an alias, in any area. */
export async function peopleByRef(
  tx: Tx,
  register: string,
  refs: readonly string[],
): Promise<{ ref: string; id: number; areaCode: string }[]> {
  return tx.sql.many(`select ref, id, area_code as "areaCode" from wuyang.person_refs($1, $2::text[])`, [
    register,
    refs,
  ]);
}

/** Finds or makes households by their number in the register; returns ids by area and number. */
export async function upsertHouseholds(
  tx: Tx,
  register: string,
  households: readonly { areaCode: string; ref: string; address: string }[],
): Promise<Map<string, number>> {
  const rows = await tx.sql.many<{ id: number; area_code: string; ref: string }>(
    `insert into household (area_code, address, register, ref)
     select area_code, address, $1, ref from unnest($2::text[], $3::text[], $4::text[]) as new (area_code, ref, address)
     on conflict (register, area_code, ref) do update set address = coalesce(nullif(excluded.address, ''), household.address)
     returning id, area_code, ref`,
    [
      register,
      households.map((household) => household.areaCode),
      households.map((household) => household.ref),
      households.map((household) => household.address),
    ],
  );
  return new Map(rows.map((row) => [`${row.area_code} ${row.ref}`, row.id]));
}

/** The next free person ids, ascending. */
export async function takePersonIds(tx: Tx, count: number): Promise<number[]> {
  const rows = await tx.sql.many<{ id: number }>(
    "select nextval('person_id_seq') as id from generate_series(1, $1::int) order by 1",
    [count],
  );
  return rows.map((row) => row.id);
}

/** A person ready to be stored. */
export interface SealedPerson {
  readonly id: number;
  readonly person: NewPerson;
  readonly householdId: number | null;
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly phoneEnc: Buffer | null;
}

/** Stores people. They are returned because Citus else sends them on by COPY, which row-level security refuses. */
export async function insertPeople(tx: Tx, register: string, people: readonly SealedPerson[]): Promise<void> {
  await tx.sql.run(
    `insert into person (id, area_code, household_id, name, sex, birth_date, id_kind, id_hash, id_enc, phone_hash, phone_enc,
       occupation, workplace_venue_id, register, ref, registered_at)
     select id, area_code, household_id, name, sex, birth_date, id_kind, id_hash, id_enc, phone_hash, phone_enc, occupation, workplace, $1, ref, $2
     from unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::date[], $9::text[], $10::bytea[], $11::bytea[],
       $12::bytea[], $13::bytea[], $14::text[], $15::bigint[], $16::text[])
       as new (id, area_code, household_id, name, sex, birth_date, id_kind, id_hash, id_enc, phone_hash, phone_enc, occupation, workplace, ref)
     returning id`,
    [
      register,
      tx.now,
      people.map((p) => p.id),
      people.map((p) => p.person.areaCode),
      people.map((p) => p.householdId),
      people.map((p) => p.person.name),
      people.map((p) => p.person.sex ?? "unknown"),
      people.map((p) => p.person.birthDate ?? null),
      people.map((p) => p.idKind),
      people.map((p) => p.idHash),
      people.map((p) => p.idEnc),
      people.map((p) => p.phoneHash),
      people.map((p) => p.phoneEnc),
      people.map((p) => p.person.occupation ?? null),
      people.map((p) => p.person.workplaceVenueId ?? null),
      people.map((p) => p.person.ref ?? null),
    ],
  );
}

/** Remembers a further register's number of a known person, and fills what the register knew not; returns whom it filled. */
export async function mergePeople(
  tx: Tx,
  register: string,
  matches: readonly { id: number; person: NewPerson; householdId: number | null }[],
): Promise<number[]> {
  const named = matches.filter((match) => match.person.ref !== undefined);
  await tx.sql.run(
    `with new as materialized (select * from unnest($2::text[], $3::bigint[]) as new (ref, id))
     insert into person_alias (register, ref, person_id, area_code, found_at)
     select $1, new.ref, new.id, person.area_code, $4 from new join person on person.id = new.id
     where person.id = any($3::bigint[]) and (person.register <> $1 or person.ref is distinct from new.ref)
     on conflict do nothing`,
    [register, named.map((match) => match.person.ref), named.map((match) => match.id), tx.now],
  );
  const filled = await tx.sql.many<{ id: number }>(
    `with new as materialized (
       select * from unnest($1::bigint[], $2::bigint[], $3::date[], $4::text[], $5::text[]) as new (id, household_id, birth_date, occupation, sex))
     update person set household_id = coalesce(person.household_id, new.household_id), birth_date = coalesce(person.birth_date, new.birth_date),
       occupation = coalesce(person.occupation, new.occupation), sex = case when person.sex = 'unknown' then new.sex else person.sex end
     from new where person.id = new.id and person.id = any($1::bigint[])
       and ((person.household_id is null and new.household_id is not null) or (person.birth_date is null and new.birth_date is not null)
         or (person.occupation is null and new.occupation is not null) or (person.sex = 'unknown' and new.sex <> 'unknown'))
     returning person.id`,
    [
      matches.map((match) => match.id),
      matches.map((match) => match.householdId),
      matches.map((match) => match.person.birthDate ?? null),
      matches.map((match) => match.person.occupation ?? null),
      matches.map((match) => match.person.sex ?? "unknown"),
    ],
  );
  return filled.map(({ id }) => id);
}

/** Everybody else in the households of the asked people. */
export async function selectHouseholdMembers(tx: Tx, personIds: readonly number[]): Promise<HouseholdMember[]> {
  return tx.sql.many<HouseholdMember>(
    `with asked as materialized (select id, household_id from person where id = any($1::bigint[]))
     select asked.id as of, other.id, other.area_code as "areaCode", other.household_id as "householdId"
     from asked join person other on other.household_id = asked.household_id and other.id <> asked.id order by asked.id, other.id`,
    [personIds],
  );
}

export async function selectWorkplaceMembers(tx: Tx, venueIds: readonly number[]): Promise<WorkplaceMember[]> {
  return tx.sql.many<WorkplaceMember>(
    `select workplace_venue_id as "venueId", id, area_code as "areaCode" from person
     where workplace_venue_id = any($1::bigint[]) order by workplace_venue_id, id`,
    [venueIds],
  );
}

/** A person ready to be loaded by COPY. */
export interface LoadedPerson {
  readonly row: BulkPerson;
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly phoneEnc: Buffer | null;
}

const personCells = 14;

function* personRows(people: Iterable<LoadedPerson>): Generator<Buffer> {
  const writer = new CopyWriter();
  for (const { row, idKind, idHash, idEnc, phoneHash, phoneEnc } of people) {
    writer.row(personCells);
    writer.int8(row.id);
    writer.text(row.areaCode);
    writer.int8(row.householdId);
    writer.text(row.name);
    writer.text(row.sex);
    writer.text(row.birthDate);
    writer.text(idKind);
    writer.bytes(idHash);
    writer.bytes(idEnc);
    writer.bytes(phoneHash);
    writer.bytes(phoneEnc);
    writer.text(row.occupation ?? null);
    writer.int8(row.workplaceVenueId ?? null);
    writer.text(row.ref);
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

/**
 * Loads many people whose ids the caller chose. COPY is refused on tables under row-level security,
 * so the rows go by COPY into a temporary table and from there in one insert.
 */
export async function copyPeople(tx: Tx, register: string, people: Iterable<LoadedPerson>): Promise<number> {
  await tx.sql
    .script(`create temp table person_load (id bigint, area_code text, household_id bigint, name text, sex text, birth_date text,
    id_kind text, id_hash bytea, id_enc bytea, phone_hash bytea, phone_enc bytea, occupation text, workplace bigint, ref text)`);
  await tx.sql.copyInBinary("person_load", personRows(people));
  const { count } = await tx.sql.one<{ count: number }>(
    `with put as (
       insert into person (id, area_code, household_id, name, sex, birth_date, id_kind, id_hash, id_enc, phone_hash, phone_enc, occupation,
         workplace_venue_id, register, ref, registered_at)
       select id, area_code, household_id, name, sex, birth_date::date, id_kind, id_hash, id_enc, phone_hash, phone_enc, occupation, workplace,
         $1, ref, $2 from person_load returning 1)
     select count(*) from put`,
    [register, tx.now],
  );
  await tx.sql.run(
    "insert into person_arrival (first_id, last_id) select min(id), max(id) from person_load having count(*) > 0",
  );
  await tx.sql.script("drop table person_load");
  await settlePersonIds(tx);
  return count;
}

function* householdRows(rows: Iterable<BulkHousehold>): Generator<Buffer> {
  const writer = new CopyWriter();
  for (const row of rows) {
    writer.row(3);
    writer.int8(row.id);
    writer.text(row.areaCode);
    writer.text(row.address ?? "");
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

/** Loads many households whose ids the caller chose. */
export async function copyHouseholds(tx: Tx, register: string, rows: Iterable<BulkHousehold>): Promise<number> {
  await tx.sql.script("create temp table household_load (id bigint, area_code text, address text)");
  await tx.sql.copyInBinary("household_load", householdRows(rows));
  const count = await tx.sql.run(
    `insert into household (id, area_code, address, register, ref) select id, area_code, address, $1, id::text from household_load`,
    [register],
  );
  await tx.sql.script("drop table household_load");
  await settleHouseholdIds(tx);
  return count;
}

/** Whoever registers later must not be given an id that was chosen by a loader; loads side by side do it once more after all. */
export async function settlePersonIds(tx: Tx): Promise<void> {
  await tx.sql.run("select setval('person_id_seq', (select coalesce(max(id), 1) from person))");
}

export async function settleHouseholdIds(tx: Tx): Promise<void> {
  await tx.sql.run("select setval('household_id_seq', (select coalesce(max(id), 1) from household))");
}
