import { commandOrdersSystem } from "./command-orders.system.ts";
import { gridSystem } from "./grid.system.ts";
import { inboundSystem } from "./inbound.system.ts";
import { inspectionSystem } from "./inspection.system.ts";
import { isolationLifeSystem } from "./isolation-life.system.ts";
import { peopleRegisterSystem } from "./people-register.system.ts";
import { publicInformation } from "./public-information.system.ts";
import { sentinelSystem } from "./sentinel.system.ts";
import { suppliesSystem } from "./supplies.system.ts";
import { teamsSystem } from "./teams.system.ts";
import type { DrillSystem } from "./system.ts";

/** Every system a drill can play beside the loop, in the order in which they set up and act within a minute. */
export const drillSystems: readonly DrillSystem[] = [
  teamsSystem,
  inboundSystem,
  gridSystem,
  sentinelSystem,
  inspectionSystem,
  isolationLifeSystem,
  suppliesSystem,
  commandOrdersSystem,
  peopleRegisterSystem,
  publicInformation,
];
