import type { ModuleDef } from "#platform/module";
import { routes } from "./venues.routes.ts";
import { closeOverDays, sealClosedDays } from "./seals.service.ts";
import { dropOldVisits, openNextDay } from "./venues.service.ts";

const minutesPerHour = 60;
const minutesPerDay = 1_440;

export const module: ModuleDef = {
  name: "venues",
  permissions: ["venues.venue.read", "venues.venue.write", "venues.visit.write", "venues.visit.read"],
  register(bus) {
    bus.every(minutesPerDay, "venues.dropOldVisits", dropOldVisits);
    bus.every(minutesPerHour, "venues.openNextDay", openNextDay);
    bus.every(minutesPerHour, "venues.closeOverDays", closeOverDays);
    bus.every(minutesPerHour, "venues.sealClosedDays", sealClosedDays);
  },
  routes,
};
