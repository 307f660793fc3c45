import type { AreaCode } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { cursorKey, pageOf, pageSize, type Page } from "./paging.ts";

/** What a list can be sorted by: an expression that is never null, its type, and the same value of a fetched row. */
export interface SortKey<T> {
  readonly sql: string;
  readonly type: "timestamptz" | "date" | "text" | "integer" | "bigint" | "uuid";
  readonly of: (row: T) => string | number;
}

/** A list's sorts by their names in the API, each of one key or of several, and the key that tells rows of the same value apart. */
export interface SortTable<T, Name extends string> {
  readonly keys: Readonly<Record<Name, SortKey<T> | readonly SortKey<T>[]>>;
  readonly tie: SortKey<T>;
}

/** One question's order: the texts for its SQL, the parameters they take, and the page made of what came back. */
export interface Sorting<T> {
  readonly order: string;
  readonly limit: number;
  /** As many as the order has keys, so they stand last among a statement's parameters. */
  readonly values: readonly (string | number | null)[];
  /** The condition that goes on after the cursor; `first` is the number of the first of the parameters. */
  readonly after: (first: number) => string;
  readonly page: (rows: T[]) => Page<T>;
}

/** A query's part that names its order. */
export interface SortQuery<Name extends string> {
  readonly sort?: Name | `-${Name}`;
  readonly cursor?: string;
  readonly limit?: number;
}

function keysOf<T, Name extends string>(table: SortTable<T, Name>, name: string): readonly SortKey<T>[] {
  if (!Object.hasOwn(table.keys, name)) {
    throw new ProblemError("request.invalid", {}, [{ pointer: "/sort", detail: "not a sort of this list" }]);
  }
  const keys: SortKey<T> | readonly SortKey<T>[] = table.keys[name as Name];
  return [...("sql" in keys ? [keys] : keys), table.tie];
}

/** The keys in a cursor; one of another sort is refused instead of skipping rows. */
function after(cursor: string | undefined, sort: string, keys: number): readonly (string | number)[] | null {
  const at = cursorKey(cursor, keys + 1);
  if (at === null) return null;
  if (at[0] === sort) return at.slice(1);
  throw new ProblemError("request.invalid", {}, [{ pointer: "/cursor", detail: "a cursor of another sort" }]);
}

function compared(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * One page of rows that are all there, by a key no index can hold; for lists whose length is bounded by what they are.
 * The same table and cursors serve as for the database.
 */
export function pageOfAll<T, Name extends string>(
  rows: readonly T[],
  query: SortQuery<Name>,
  table: SortTable<T, Name>,
  usual: Name | `-${Name}`,
): Page<T> {
  const sort: string = query.sort ?? usual;
  const down = sort.startsWith("-");
  const keys = keysOf(table, down ? sort.slice(1) : sort);
  const at = after(query.cursor, sort, keys.length);
  const way = down ? -1 : 1;
  const order = (a: readonly (string | number)[], b: readonly (string | number)[]): number =>
    way * (a.map((value, i) => compared(value, b[i] ?? "")).find((difference) => difference !== 0) ?? 0);
  const sorted = rows
    .map((row) => ({ row, key: keys.map(({ of }) => of(row)) }))
    .filter(({ key }) => at === null || order(key, at) > 0)
    .toSorted((a, b) => order(a.key, b.key));
  const limit = pageSize(query.limit);
  const page = pageOf(sorted.slice(0, limit + 1), limit, ({ key }) => [sort, ...key]);
  return { items: page.items.map(({ row }) => row), next: page.next };
}

/** As long as the code of a county; longer ones are towns and villages. */
const wideCodeLength = 6;

/** The same value, written so that no index of it matches. */
const plain: Readonly<Record<SortKey<unknown>["type"], (sql: string) => string>> = {
  timestamptz: (sql) => `(${sql} + interval '0')`,
  date: (sql) => `(${sql} + 0)`,
  integer: (sql) => `(${sql} + 0)`,
  bigint: (sql) => `(${sql} + 0)`,
  text: (sql) => `(${sql} || '')`,
  uuid: (sql) => `(${sql}::text)`,
};

/**
 * The order a query asks for, `due` or the other way round `-due`. Its SQL comes from the table alone, never from the query.
 *
 * Row-level security hides from the planner how much of a table a reader sees: it reckons with a two-hundredth, and walks an
 * index of the order for a village as it does for a city, through everything that is not the village's. So the order of a
 * narrow `area` is written as no index has it: its rows are fetched by their area, and are few enough to be sorted.
 */
export function sortOf<T, Name extends string>(
  query: SortQuery<Name>,
  table: SortTable<T, Name>,
  usual: Name | `-${Name}`,
  area?: AreaCode,
): Sorting<T> {
  const sort: string = query.sort ?? usual;
  const down = sort.startsWith("-");
  const keys = keysOf(table, down ? sort.slice(1) : sort);
  const at = after(query.cursor, sort, keys.length);
  const limit = pageSize(query.limit);
  const isNarrow = area !== undefined && area.length > wideCodeLength;
  const row = keys.map(({ sql, type }, i) => (isNarrow && i === 0 ? plain[type](sql) : sql));
  return {
    order: row.map((sql) => (down ? `${sql} desc` : sql)).join(", "),
    limit,
    values: keys.map((_, i) => at?.[i] ?? null),
    after: (first) => {
      const cursor = keys.map(({ type }, i) => `$${first + i}::${type}`).join(", ");
      return `($${first}::${keys[0]?.type ?? "text"} is null or (${row.join(", ")}) ${down ? "<" : ">"} (${cursor}))`;
    },
    page: (rows) => pageOf(rows, limit, (one) => [sort, ...keys.map((key) => key.of(one))]),
  };
}
