import { rows as inspection } from "./inspection.rows.ts";
import { rows as loop } from "./loop.rows.ts";
import type { HezeRow } from "./row.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [...loop, ...inspection];
