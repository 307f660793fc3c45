import { ProblemError } from "#kernel/errors";
import { pageSizeDefault, pageSizeMax } from "#kernel/limits";

/** One page of a list; `next` is the cursor of the page after, or null at the end. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** The size asked for, within the limit. */
export function pageSize(limit?: number): number {
  if (limit !== undefined && limit > pageSizeMax) throw new ProblemError("limit.exceeded", { limit: pageSizeMax });
  return limit ?? pageSizeDefault;
}

/** Cuts `limit + 1` fetched rows to a page whose cursor is the sort key of its last row. */
export function pageOf<T>(rows: T[], limit: number, key: (row: T) => readonly (string | number)[]): Page<T> {
  if (rows.length <= limit) return { items: rows, next: null };
  const items = rows.slice(0, limit);
  const last = items[items.length - 1] as T;
  return { items, next: Buffer.from(JSON.stringify(key(last))).toString("base64url") };
}

/** The sort key in a cursor, or null for the first page. */
export function cursorKey(cursor: string | undefined, parts: number): (string | number)[] | null {
  if (!cursor) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(key) && key.length === parts) return key as (string | number)[];
  } catch {
    // A broken cursor is the client's error, told below.
  }
  throw new ProblemError("request.invalid", {}, [{ pointer: "/cursor", detail: "not a cursor of this list" }]);
}
