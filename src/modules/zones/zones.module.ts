import type { ModuleDef } from "#platform/module";
import { askForLifts } from "./proposals.service.ts";
import { react } from "./zones.reactions.ts";
import { routes } from "./zones.routes.ts";

const liftCheckMinutes = 60;

export const module: ModuleDef = {
  name: "zones",
  permissions: ["zones.zone.read", "zones.zone.write", "zones.zone.decide"],
  register(bus) {
    react(bus);
    bus.every(liftCheckMinutes, "zones.askForLifts", askForLifts);
  },
  routes,
};
