import type { ModuleDef } from "#platform/module";
import { reconcileRoutes } from "./reconcile.routes.ts";
import { reconcileSheets } from "./reconcile.sheets.ts";
import { registerReactions } from "./screening.reactions.ts";
import { routes } from "./screening.routes.ts";
import { sheets } from "./screening.sheets.ts";

export const module: ModuleDef = {
  name: "screening",
  permissions: [
    "screening.round.read",
    "screening.round.write",
    "screening.tube.write",
    "screening.box.write",
    "screening.lab.write",
    "screening.place.write",
    "screening.person.read",
    "screening.coverage.correct",
  ],
  register: registerReactions,
  routes: [...routes, ...reconcileRoutes],
  sheets: [...sheets, ...reconcileSheets],
};
