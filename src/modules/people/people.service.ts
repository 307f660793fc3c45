import { isWithin } from "#kernel/area";
import { assert } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { addHours, addMinutes } from "#kernel/time";
import type { Ctx, Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Secrets } from "#platform/secrets";
import { readTableFile, type Table } from "#platform/tables";
import { useCase } from "#platform/usecase";
import { idRanges } from "./arrivals.rules.ts";
import { insertArrivals } from "./arrivals.store.ts";
import { countByPrefix, keepCounts } from "./counts.store.ts";
import { normalId } from "./identity.rules.ts";
import { readPeopleRows, type ReadPerson } from "./import.rules.ts";
import { tallyOf, tellRegistered } from "./registered.service.ts";
import type {
  BulkHousehold,
  BulkPerson,
  HouseholdMember,
  IdKind,
  ImportPeopleResult,
  NewPerson,
  PersonCard,
  PersonQuery,
  RowError,
  WorkplaceMember,
} from "./people.model.ts";
import {
  copyHouseholds,
  copyPeople,
  homesOf,
  insertPeople,
  mergePeople,
  pageByArea,
  peopleByRef,
  selectByHash,
  selectHouseholdMembers,
  selectPeople,
  selectWorkplaceMembers,
  takePersonIds,
  upsertHouseholds,
  type LoadedPerson,
  type SealedPerson,
  type StoredPerson,
} from "./people.store.ts";

const errorsShownMax = 10_000;
const shownDigits = 4;
const countyDigits = 6;
/** A child born this morning east of Greenwich is not yet born by the UTC day. */
const eastmostHours = 14;

function hashOf(secrets: Secrets, kind: IdKind, number: string): Buffer {
  return secrets.lookupHash(`${kind}:${number}`);
}

function cardOf(secrets: Secrets, { idEnc, ...row }: StoredPerson): PersonCard {
  return { ...row, idLast4: idEnc === null ? null : secrets.open(idEnc).slice(-shownDigits) };
}

/** Cards of people for other modules, by id; the identity number is masked to its last four. Trusts its caller. */
export async function personCards(tx: Tx, ids: readonly number[]): Promise<PersonCard[]> {
  if (ids.length === 0) return [];
  return (await selectPeople(tx, [...new Set(ids)])).map((row) => cardOf(tx.services.secrets, row));
}

/** Everybody else in the households of people; trusts its caller. */
export async function householdMembers(tx: Tx, personIds: readonly number[]): Promise<HouseholdMember[]> {
  return personIds.length === 0 ? [] : selectHouseholdMembers(tx, personIds);
}

/** The people who work or learn at venues (by venue number); trusts its caller. */
export async function membersOfWorkplace(tx: Tx, venueIds: readonly number[]): Promise<WorkplaceMember[]> {
  return venueIds.length === 0 ? [] : selectWorkplaceMembers(tx, venueIds);
}

/** How many people an area has in the register. */
export async function peopleCount(tx: Tx, areaCode: string): Promise<number> {
  return (await countByPrefix(tx, areaCode, 0)).reduce((sum, row) => sum + row.people, 0);
}

/** Who came in the last minutes may belong to a transaction that is still open, and is counted when it is asked. */
const settledMinutes = 30;

/** Counts the register anew; once a day, so that what is added to the count when it is asked for stays little. */
export async function countRegister(tx: Tx): Promise<void> {
  await keepCounts(tx, addMinutes(tx.now, -settledMinutes));
}

/** Pages an area's people by village and id; a personal read. */
export const listPeople = useCase(
  { name: "people.list", permission: "people.person.read", kind: "read", personal: true },
  async (tx, query: PersonQuery): Promise<Page<PersonCard>> => {
    const limit = pageSize(query.limit);
    const after = cursorKey(query.cursor, 2);
    const key = after === null ? null : ([String(after[0]), Number(after[1])] as const);
    const rows = await pageByArea(tx, query.areaCode ?? tx.actor.areaCode, key, limit + 1);
    const page = pageOf(rows, limit, (row) => [row.areaCode, row.id]);
    const areaCode = query.areaCode ?? tx.actor.areaCode;
    await tx.audit({
      action: "people.read",
      subjectType: "area",
      subjectId: areaCode,
      areaCode,
      count: page.items.length,
    });
    return { items: page.items.map((row) => cardOf(tx.services.secrets, row)), next: page.next };
  },
);

/** One person's card; a personal read. */
export const getPerson = useCase(
  { name: "people.get", permission: "people.person.read", kind: "read", personal: true },
  async (tx, input: { id: number }): Promise<PersonCard> => {
    const [card] = await personCards(tx, [input.id]);
    if (!card) throw new ProblemError("record.notFound", { what: "person" });
    await auditRead(tx, card);
    return card;
  },
);

/** Finds a person of one's jurisdiction by identity number; a personal read, audited also when nobody is found. */
export const findPersonByIdentity = useCase(
  { name: "people.find", permission: "people.person.read", kind: "read", personal: true },
  async (tx, input: { idKind: IdKind; idNumber: string }): Promise<PersonCard | null> => {
    const hash = hashOf(tx.services.secrets, input.idKind, normalId(input.idKind, input.idNumber));
    const row = await selectByHash(tx, hash);
    const card = row ? cardOf(tx.services.secrets, row) : null;
    if (card) await auditRead(tx, card);
    return card;
  },
);

async function auditRead(tx: Tx, card: PersonCard): Promise<void> {
  await tx.audit({ action: "people.read", subjectType: "person", subjectId: String(card.id), areaCode: card.areaCode });
}

/** What registering people did: their ids in the order given, and how many were known already. */
interface Registered {
  readonly ids: number[];
  readonly matched: number;
}

/**
 * Registers people in a caller's transaction and returns their ids in the order given. The same number in the register, or
 * the same identity, is the same person (PEOPLE-5). Trusts its caller for the area and for valid identities.
 */
export async function registerPeople(
  tx: Tx,
  input: { readonly register: string; readonly people: readonly NewPerson[] },
): Promise<number[]> {
  const ids: number[] = [];
  for (let at = 0; at < input.people.length; at += bulkItemsMax) {
    const batch = input.people.slice(at, at + bulkItemsMax);
    ids.push(...(await registerBatch(tx, input.register, batch)).ids);
  }
  return ids;
}

async function registerBatch(tx: Tx, register: string, people: readonly NewPerson[]): Promise<Registered> {
  const { secrets } = tx.services;
  const hashes = people.map((p) =>
    p.idNumber === undefined ? null : hashOf(secrets, p.idKind ?? "residentId", p.idNumber),
  );
  const byRef = new Map(
    (
      await peopleByRef(
        tx,
        register,
        people.flatMap((p) => p.ref ?? []),
      )
    ).map((row) => [row.ref, row.id]),
  );
  const byHash = new Map(
    (
      await homesOf(
        tx,
        hashes.filter((hash) => hash !== null),
      )
    ).map((row) => [row.hash, row.id]),
  );
  const homes = await householdIds(tx, register, people);
  const homeOf = (p: NewPerson): number | null => homes.get(`${p.areaCode} ${p.household}`) ?? null;
  const known = people.map((p, i) => byRef.get(p.ref ?? "") ?? byHash.get(hashes[i]?.toString("hex") ?? "") ?? null);
  // The first row of an identity makes the person; a later one in the same call is the same person.
  const makers = new Map<string, number>();
  people.forEach((p, i) => {
    const key = hashes[i]?.toString("hex") ?? (p.ref === undefined ? `row ${i}` : `ref ${p.ref}`);
    if (known[i] === null && !makers.has(key)) makers.set(key, i);
  });
  const fresh = [...makers.values()];
  const newIds = await takePersonIds(tx, fresh.length);
  const idOfRow = new Map(fresh.map((row, k) => [row, newIds[k] as number]));
  const ids = people.map((p, i) => {
    const key = hashes[i]?.toString("hex") ?? (p.ref === undefined ? `row ${i}` : `ref ${p.ref}`);
    const id = known[i] ?? idOfRow.get(makers.get(key) ?? -1);
    assert(id !== undefined, "every row has a person");
    return id;
  });
  await insertPeople(
    tx,
    register,
    fresh.map((row) => sealed(secrets, idOfRow.get(row) as number, people[row] as NewPerson, homeOf)),
  );
  const matches = people.flatMap((person, i) =>
    idOfRow.has(i) ? [] : [{ id: ids[i] as number, person, householdId: homeOf(person) }],
  );
  const filled = await mergePeople(tx, register, matches);
  // Somebody who came, or of whom more became known, may be whom an entry waits for. spec: PEOPLE-17
  await insertArrivals(tx, idRanges([...newIds, ...filled]));
  await tellRegistered(tx, register, tallyOf(fresh.map((row) => (people[row] as NewPerson).areaCode)));
  return { ids, matched: matches.length };
}

async function householdIds(tx: Tx, register: string, people: readonly NewPerson[]): Promise<Map<string, number>> {
  const wanted = new Map<string, { areaCode: string; ref: string; address: string }>();
  for (const { areaCode, household, address } of people) {
    if (household === undefined) continue;
    wanted.set(`${areaCode} ${household}`, { areaCode, ref: household, address: address ?? "" });
  }
  return wanted.size === 0 ? new Map() : upsertHouseholds(tx, register, [...wanted.values()]);
}

function sealed(
  secrets: Secrets,
  id: number,
  person: NewPerson,
  homeOf: (p: NewPerson) => number | null,
): SealedPerson {
  const { idNumber, phone } = person;
  const kind = person.idKind ?? "residentId";
  return {
    id,
    person,
    householdId: homeOf(person),
    idKind: idNumber === undefined ? null : kind,
    idHash: idNumber === undefined ? null : hashOf(secrets, kind, idNumber),
    idEnc: idNumber === undefined ? null : secrets.seal(idNumber),
    phoneHash: phone === undefined ? null : secrets.lookupHash(phone),
    phoneEnc: phone === undefined ? null : secrets.seal(phone),
  };
}

/** Loads many invented people with ids of the caller's choosing, their numbers encrypted like everybody's; returns how many. */
export async function registerPeopleBulk(
  tx: Tx,
  rows: Iterable<BulkPerson>,
  options: { readonly register: string } = { register: "sim" },
): Promise<number> {
  const { secrets } = tx.services;
  const byVillage = new Map<string, number>();
  function* loaded(): Generator<LoadedPerson> {
    for (const row of rows) {
      byVillage.set(row.areaCode, (byVillage.get(row.areaCode) ?? 0) + 1);
      const { idNumber, phone } = row;
      const idKind = idNumber === undefined ? null : (row.idKind ?? "residentId");
      yield {
        row,
        idKind,
        idHash: idNumber === undefined || idKind === null ? null : hashOf(secrets, idKind, idNumber),
        idEnc: idNumber === undefined ? null : secrets.seal(idNumber),
        phoneHash: phone === undefined ? null : secrets.lookupHash(phone),
        phoneEnc: phone === undefined ? null : secrets.seal(phone),
      };
    }
  }
  const count = await copyPeople(tx, options.register, loaded());
  await tellRegistered(tx, options.register, byVillage);
  return count;
}

/** Loads many households with ids of the caller's choosing; returns how many. */
export async function registerHouseholdsBulk(
  tx: Tx,
  rows: Iterable<BulkHousehold>,
  options: { readonly register: string } = { register: "sim" },
): Promise<number> {
  return copyHouseholds(tx, options.register, rows);
}

/** What an import is given. */
export interface ImportPeople {
  readonly table: Table;
  /** The name of the register the file comes from. */
  readonly register: string;
  readonly dryRun: boolean;
  /** The jurisdiction in which every row must lie. */
  readonly areaCode: string;
}

/** Imports people and households; a dry run only tells what it would do. Good rows are stored, bad ones are named. */
export const importPeople = useCase(
  {
    name: "people.import",
    permission: "people.person.write",
    kind: "write",
    area: (input: ImportPeople) => input.areaCode,
  },
  async (tx, input: ImportPeople): Promise<ImportPeopleResult> => {
    const read = readPeopleRows(input.table.rows, {
      today: addHours(tx.now, eastmostHours).slice(0, 10),
      within: input.areaCode,
    });
    const checked = await checkHomes(tx, input.register, read.good, input.areaCode);
    let matched = checked.matched;
    if (!input.dryRun) {
      matched = 0;
      for (let at = 0; at < checked.good.length; at += bulkItemsMax) {
        const batch = checked.good.slice(at, at + bulkItemsMax).map((row) => row.person);
        matched += (await registerBatch(tx, input.register, batch)).matched;
      }
    }
    const good = checked.good.length;
    const total = input.table.rows.length;
    const errors = [...read.errors, ...checked.errors].toSorted((a, b) => a.row - b.row).slice(0, errorsShownMax);
    return { total, good, bad: total - good, added: good - matched, matched, errors };
  },
);

/** Takes out rows whose person is registered in another area (PEOPLE-6) and counts those known here. */
async function checkHomes(
  tx: Tx,
  register: string,
  rows: readonly ReadPerson[],
  within: string,
): Promise<{ good: ReadPerson[]; errors: RowError[]; matched: number }> {
  const good: ReadPerson[] = [];
  const errors: RowError[] = [];
  let matched = 0;
  for (let at = 0; at < rows.length; at += bulkItemsMax) {
    const batch = rows.slice(at, at + bulkItemsMax);
    const hashes = batch.map(({ person: p }) =>
      p.idNumber === undefined ? null : hashOf(tx.services.secrets, p.idKind ?? "residentId", p.idNumber),
    );
    const byHash = await homesOf(
      tx,
      hashes.filter((hash) => hash !== null),
    );
    const byRef = await peopleByRef(
      tx,
      register,
      batch.flatMap(({ person }) => person.ref ?? []),
    );
    const homes = new Map(byHash.map((row) => [row.hash, row.areaCode]));
    const refs = new Map(byRef.map((row) => [row.ref, row.areaCode]));
    batch.forEach((row, i) => {
      const home = homes.get(hashes[i]?.toString("hex") ?? "");
      const known = home ?? refs.get(row.person.ref ?? "");
      // spec: PEOPLE-6
      if (known !== undefined && !isWithin(known, within)) {
        const field = home === undefined ? "ref" : "idNumber";
        errors.push({ row: row.line, field, message: `is registered in the area ${known.slice(0, countyDigits)}` });
        return;
      }
      if (known !== undefined) matched += 1;
      good.push(row);
    });
  }
  return { good, errors, matched };
}

/** The command line's import: reads a CSV or XLSX file and registers (or with `dryRun` only checks) its people. */
export async function importPeopleFromFile(
  ctx: Ctx,
  file: string,
  options: { readonly register: string; readonly dryRun: boolean; readonly areaCode?: string },
): Promise<ImportPeopleResult> {
  const table = await readTableFile(file);
  const areaCode = options.areaCode ?? ctx.actor.areaCode;
  return importPeople(ctx, { table, register: options.register, dryRun: options.dryRun, areaCode });
}
