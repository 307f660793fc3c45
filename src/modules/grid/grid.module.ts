import type { ModuleDef } from "#platform/module";
import { react } from "./grid.reactions.ts";
import { routes } from "./grid.routes.ts";
import { publicRoutes } from "./public.routes.ts";
import { sheets } from "./grid.sheets.ts";
import { beginHalfDay } from "./streets.service.ts";

const halfDayCheckMinutes = 60;

export const module: ModuleDef = {
  name: "grid",
  permissions: [
    "grid.grid.read",
    "grid.grid.write",
    "grid.door.read",
    "grid.door.write",
    "grid.visit.write",
    "grid.reach.read",
    "grid.reach.write",
    "grid.need.read",
    "grid.need.write",
    "grid.street.read",
    "grid.street.write",
    "grid.text.read",
    "grid.public.read",
    "grid.public.write",
  ],
  register(bus) {
    react(bus);
    bus.every(halfDayCheckMinutes, "grid.beginHalfDay", beginHalfDay);
  },
  routes: [...routes, ...publicRoutes],
  sheets,
};
