import path from "node:path";
import { sqlTexts } from "./texts.ts";

/** The plans of the hot paths' own statements, with values in the place of their parameters. */

/** A statement of a store with the values it is planned for. */
export interface Planned {
  readonly place: string;
  /** A piece of the text, where a place has several statements. */
  readonly piece?: string;
  /** SQL literals for $1, $2 … */
  readonly values: readonly string[];
}

const round = "'00000000-0000-7000-8000-000000000001'";
const some = "'{7}'";
const moment = "'2022-07-24T00:00:00Z'";

/** Each asks for one person or one venue, so that on Citus each is one task. */
export const planned: readonly Planned[] = [
  { place: "people/people.store.ts selectPeople", values: [some] },
  { place: "people/homes.store.ts homesOfPeople", values: [some] },
  { place: "people/people.store.ts selectHouseholdMembers", piece: "asked", values: [some] },
  { place: "screening/upload.store.ts foundOf", values: [round, "'{}'", some] },
  { place: "screening/tubelist.store.ts resultsOf", values: [some, moment] },
  { place: "screening/rounds.store.ts sampledSince", values: [some, moment] },
  { place: "cases/cases.store.ts controlAt", values: [some, moment] },
];

/** Database functions of the hot paths, asked for one venue or one person. */
export const plannedCalls: readonly string[] = [
  "select * from wuyang.visitors_of('{7}', '{0}', '{2147483647}', '2022-07-23', '2022-07-26', 0)",
];

const root = path.join(import.meta.dirname, "../..");

/** `prepare` and `explain execute` of a statement, as they are sent. */
export function explainTexts({ place, piece = "", values }: Planned, name: string): readonly [string, string] {
  const [file = "", around] = place.split(" ");
  const texts = sqlTexts(root, `src/modules/${file}`, []).texts.filter(
    (one) => one.place === place && one.text.includes(piece),
  );
  const text = texts[0]?.text;
  if (text === undefined) throw new Error(`${around} of ${file} has no such statement`);
  return [`prepare ${name} as ${text}`, `explain (costs off) execute ${name} (${values.join(", ")})`];
}

/** How many shards each part of a plan asks: «Task Count» in the lines of EXPLAIN (Citus, «Query Processing»). */
export function taskCounts(lines: readonly string[]): number[] {
  return lines.flatMap((line) => [...line.matchAll(/Task Count: (\d+)/g)].map((match) => Number(match[1])));
}
