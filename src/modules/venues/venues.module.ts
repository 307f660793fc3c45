import type { ModuleDef } from "#platform/module";
import { routes } from "./venues.routes.ts";
import { dropOldVisits } from "./venues.service.ts";

const minutesPerDay = 1_440;

export const module: ModuleDef = {
  name: "venues",
  permissions: ["venues.venue.read", "venues.venue.write", "venues.visit.write", "venues.visit.read"],
  register(bus) {
    bus.every(minutesPerDay, "venues.dropOldVisits", dropOldVisits);
  },
  routes,
};
