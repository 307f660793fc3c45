import { rows as isolationLife } from "./isolation-life.rows.ts";
import { rows as loop } from "./loop.rows.ts";
import type { HezeRow } from "./row.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [...loop, ...isolationLife];
