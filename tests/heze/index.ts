import { rows as grid } from "./grid.rows.ts";
import type { HezeRow } from "./row.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [...grid];
