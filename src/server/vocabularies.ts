import { vocabulary as command } from "#domain/command";
import { vocabulary as grid } from "#domain/grid";
import { vocabulary as inbound } from "#domain/inbound";
import { vocabulary as inspection } from "#domain/inspection";
import { vocabulary as isolation } from "#domain/isolation";
import { vocabulary as people } from "#domain/people";
import { vocabulary as reports } from "#domain/reports";
import { vocabulary as screening } from "#domain/screening";
import { vocabulary as sentinel } from "#domain/sentinel";
import { vocabulary as supplies } from "#domain/supplies";
import { vocabulary as teams } from "#domain/teams";

/** Every group of words that the modules name, with the values it has words for. */
export const vocabularies: Readonly<Record<string, readonly string[]>> = {
  ...command,
  ...grid,
  ...inbound,
  ...inspection,
  ...isolation,
  ...people,
  ...reports,
  ...screening,
  ...sentinel,
  ...supplies,
  ...teams,
};
