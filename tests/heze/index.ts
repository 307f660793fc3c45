import { rows as people } from "./people.rows.ts";
import type { HezeRow } from "./row.ts";
import { rows as sentinel } from "./sentinel.rows.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [...sentinel, ...people];
