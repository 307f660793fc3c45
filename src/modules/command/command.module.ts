import type { ModuleDef } from "#platform/module";
import { holdDueBriefing } from "./briefing.service.ts";
import { routes } from "./command.routes.ts";
import { sheets } from "./orders.sheets.ts";
import { orderRoutes } from "./orders.routes.ts";
import { registerOrders } from "./orders.reactions.ts";
import { checkPhase } from "./phases.service.ts";

const phaseEveryMinutes = 30;
const briefingEveryMinutes = 5;

export const module: ModuleDef = {
  name: "command",
  permissions: [
    "command.board.read",
    "command.briefing.read",
    "command.briefing.write",
    "command.level.write",
    "command.phase.write",
    "command.outbreak.write",
    "command.directive.read",
    "command.directive.write",
    "command.directive.receive",
    "command.directive.decide",
    "command.reopening.read",
    "command.reopening.write",
    "command.review.read",
  ],
  register(bus) {
    // The first positive opens containment at once, not at the next round of the clock.
    bus.on("cases.preliminary", "command", async (tx) => void (await checkPhase(tx)));
    registerOrders(bus);
    bus.every(phaseEveryMinutes, "command.checkPhase", async (tx) => void (await checkPhase(tx)));
    bus.every(briefingEveryMinutes, "command.briefings", holdDueBriefing);
  },
  routes: [...routes, ...orderRoutes],
  sheets,
};
