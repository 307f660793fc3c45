import type { HezeRow } from "./row.ts";
import { rows as teams } from "./teams.rows.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [...teams];
