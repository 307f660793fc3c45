import type { DrillSystem } from "./system.ts";
import { teamsSystem } from "./teams.system.ts";

/** Every system a drill can play beside the loop, in the order in which they set up and act within a minute. */
export const drillSystems: readonly DrillSystem[] = [teamsSystem];
