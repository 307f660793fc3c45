import { rows as command } from "./command.rows.ts";
import { rows as grid } from "./grid.rows.ts";
import { rows as inbound } from "./inbound.rows.ts";
import { rows as inspection } from "./inspection.rows.ts";
import { rows as isolationLife } from "./isolation-life.rows.ts";
import { rows as loop } from "./loop.rows.ts";
import { rows as people } from "./people.rows.ts";
import { rows as sentinel } from "./sentinel.rows.ts";
import { rows as teams } from "./teams.rows.ts";
import type { HezeRow } from "./row.ts";

/** Every row of the account that a system carries. */
export const hezeRows: readonly HezeRow[] = [
  ...command,
  ...grid,
  ...inbound,
  ...inspection,
  ...isolationLife,
  ...loop,
  ...people,
  ...sentinel,
  ...teams,
];
