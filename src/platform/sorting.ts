import { ProblemError } from "#kernel/errors";
import { cursorKey, pageOf, pageSize, type Page } from "./paging.ts";

/** What a list can be sorted by: an expression that is never null, its type, and the same value of a fetched row. */
export interface SortKey<T> {
  readonly sql: string;
  readonly type: "timestamptz" | "text" | "integer" | "bigint" | "uuid";
  readonly of: (row: T) => string | number;
}

/** A list's sorts by their names in the API, and the key that tells rows of the same value apart. */
export interface SortTable<T, Name extends string> {
  readonly keys: Readonly<Record<Name, SortKey<T>>>;
  readonly tie: SortKey<T>;
}

/** One question's order: the texts for its SQL, the two parameters they take, and the page made of what came back. */
export interface Sorting<T> {
  readonly order: string;
  readonly limit: number;
  readonly values: readonly [string | number | null, string | number | null];
  /** The condition that goes on after the cursor; `first` is the number of the first of the two parameters. */
  readonly after: (first: number) => string;
  readonly page: (rows: T[]) => Page<T>;
}

/**
 * The order a query asks for, `due` or the other way round `-due`. Its SQL comes from the table alone, never from the query,
 * and its cursor carries the sort, so that a cursor of another sort is refused instead of skipping rows.
 */
export function sortOf<T, Name extends string>(
  query: { readonly sort?: Name | `-${Name}`; readonly cursor?: string; readonly limit?: number },
  table: SortTable<T, Name>,
  usual: Name | `-${Name}`,
): Sorting<T> {
  const sort: string = query.sort ?? usual;
  const down = sort.startsWith("-");
  const name = (down ? sort.slice(1) : sort) as Name;
  const key = Object.hasOwn(table.keys, name) ? table.keys[name] : undefined;
  if (!key) throw new ProblemError("request.invalid", {}, [{ pointer: "/sort", detail: "not a sort of this list" }]);
  const at = cursorKey(query.cursor, 3);
  if (at !== null && at[0] !== sort) {
    throw new ProblemError("request.invalid", {}, [{ pointer: "/cursor", detail: "a cursor of another sort" }]);
  }
  const limit = pageSize(query.limit);
  const { tie } = table;
  const way = down ? " desc" : "";
  return {
    order: `${key.sql}${way}, ${tie.sql}${way}`,
    limit,
    values: [at?.[1] ?? null, at?.[2] ?? null],
    after: (first) =>
      `($${first}::${key.type} is null or (${key.sql}, ${tie.sql}) ${down ? "<" : ">"} ($${first}::${key.type}, $${first + 1}::${tie.type}))`,
    page: (rows) => pageOf(rows, limit, (row) => [sort, key.of(row), tie.of(row)]),
  };
}
