import { inspectionSystem } from "./inspection.system.ts";
import { isolationLifeSystem } from "./isolation-life.system.ts";
import { publicInformation } from "./public-information.system.ts";
import type { DrillSystem } from "./system.ts";

/** Every system a drill can play beside the loop, in the order in which they set up and act within a minute. */
export const drillSystems: readonly DrillSystem[] = [
  inspectionSystem,
  isolationLifeSystem,
  publicInformation,
];
