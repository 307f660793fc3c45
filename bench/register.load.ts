import { addEntries, registerHouseholdsBulk, registerPeopleBulk, type NewEntry } from "#modules/people";
import { makeIndex, takeIndexes } from "#platform/indexes";
import { runDuty } from "#platform/usecase";
import type { BenchWorld } from "./load.ts";
import { entryOf, hasNumber, personOf, rowsOf, type RegisterCity, type RegisterKind } from "./register.city.ts";

const peoplePerPart = 50_000;
const entriesPerPart = 50_000;

/** What loading needs of a bench's world. */
export type Loading = Pick<BenchWorld, "owner" | "ctx">;

/** The areas of a city's villages. */
export async function loadAreas(world: Loading, villages: readonly string[]): Promise<void> {
  const { sql, release } = await world.owner.connect();
  const above = (digits: number): string[] => [...new Set(villages.map((code) => code.slice(0, digits)))];
  await sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en)
     select code, parent, level, level, code, code from unnest($1::text[], $2::text[], $3::text[]) as new (code, parent, level) on conflict do nothing`,
    (() => {
      const rows = [
        ["3717", null, "city"],
        ...above(6).map((code) => [code, "3717", "county"]),
        ...above(9).map((code) => [code, code.slice(0, 6), "town"]),
        ...villages.map((code) => [code, code.slice(0, 9), "village"]),
      ];
      return [0, 1, 2].map((at) => rows.map((row) => row[at]));
    })(),
  );
  await release();
}

/**
 * Loads the city's people through the module's own bulk operation. The indexes of an empty table are built after its rows,
 * as anybody would who fills a city's register for the first time.
 */
export async function loadPeople(world: Loading, city: RegisterCity): Promise<void> {
  const { sql, release } = await world.owner.connect();
  const indexes = await takeIndexes(sql, ["person", "household"]);
  for (let from = 0; from < city.people; from += peoplePerPart) {
    const to = Math.min(city.people, from + peoplePerPart);
    await runDuty(world.ctx(""), async (tx) => {
      await registerHouseholdsBulk(tx, homes(city, from, to));
      await registerPeopleBulk(tx, persons(city, from, to), { register: "HUKOU" });
    });
  }
  for (const index of indexes) await makeIndex(sql, index);
  // What came before there was any register has nothing to be compared with.
  await sql.script("delete from person_arrival");
  await release();
}

function* homes(city: RegisterCity, from: number, to: number) {
  for (let person = from; person < to; person++) {
    if (person > 0 && city.household[person] === city.household[person - 1]) continue;
    const { areaCode, address } = personOf(city, person);
    yield { id: (city.household[person] ?? 0) + 1, areaCode, address };
  }
}

function* persons(city: RegisterCity, from: number, to: number) {
  for (let person = from; person < to; person++) {
    const { name, sex, birthDate, idNumber, phone, areaCode } = personOf(city, person);
    yield {
      id: person + 1,
      areaCode,
      householdId: (city.household[person] ?? 0) + 1,
      name,
      sex,
      birthDate,
      ref: `H${person}`,
      ...(hasNumber(city, person) ? { idNumber } : {}),
      ...(phone === null ? {} : { phone }),
    };
  }
}

/** Rows of a register, some at a time. */
export function* entriesOf(
  city: RegisterCity,
  kind: RegisterKind,
  from = 0,
  to = rowsOf(city, kind),
): Generator<NewEntry[]> {
  for (let at = from; at < to; at += entriesPerPart)
    yield Array.from({ length: Math.min(entriesPerPart, to - at) }, (_, i) => entryOf(city, kind, at + i));
}

/** Parts in hand at a time: while the rows of one are made and sealed, those of the other are stored. */
const lanes = 2;

/** Takes rows as an import does; the making of them is counted too, a tenth of it. */
export async function takeRows(
  world: Loading,
  parts: Generator<NewEntry[]>,
): Promise<{ readonly rows: number; readonly seconds: number }> {
  let rows = 0;
  const start = performance.now();
  const lane = async (): Promise<void> => {
    for (const entries of parts) {
      const { taken, known } = await addEntries(world.ctx(""), { entries });
      rows += taken + known;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { rows, seconds: (performance.now() - start) / 1_000 };
}
