import type { ModuleDef } from "#platform/module";
import { watchStock } from "./demand.service.ts";
import { react } from "./supplies.reactions.ts";
import { routes } from "./supplies.routes.ts";
import { sheets } from "./supplies.sheets.ts";

const watchMinutes = 60;

export const module: ModuleDef = {
  name: "supplies",
  permissions: [
    "supplies.item.write",
    "supplies.warehouse.write",
    "supplies.stock.read",
    "supplies.stock.write",
    "supplies.request.read",
    "supplies.request.write",
    "supplies.request.decide",
    "supplies.delivery.read",
    "supplies.delivery.write",
  ],
  register(bus) {
    react(bus);
    bus.every(watchMinutes, "supplies.watch", watchStock);
  },
  routes,
  sheets,
};
