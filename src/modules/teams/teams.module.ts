import type { ModuleDef } from "#platform/module";
import { dutyRoutes } from "./duty.routes.ts";
import { closePastNeeds } from "./needs.service.ts";
import { publicRoutes } from "./public.routes.ts";
import { missLateShifts } from "./shifts.service.ts";
import { react } from "./teams.reactions.ts";
import { routes } from "./teams.routes.ts";
import { sheets } from "./teams.sheets.ts";

const shiftCheckMinutes = 30;
const needCheckMinutes = 60;

export const module: ModuleDef = {
  name: "teams",
  permissions: [
    "teams.team.read",
    "teams.team.write",
    "teams.member.read",
    "teams.member.write",
    "teams.callUp.read",
    "teams.callUp.write",
    "teams.shift.read",
    "teams.shift.write",
    "teams.exposure.read",
    "teams.exposure.write",
    "teams.public.read",
    "teams.public.write",
  ],
  register(bus) {
    react(bus);
    bus.every(shiftCheckMinutes, "teams.missLateShifts", missLateShifts);
    bus.every(needCheckMinutes, "teams.closePastNeeds", closePastNeeds);
  },
  routes: [...routes, ...dutyRoutes, ...publicRoutes],
  sheets,
};
