import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./cases.reactions.ts";
import { routes } from "./cases.routes.ts";

export const module: ModuleDef = {
  name: "cases",
  permissions: [
    "cases.case.read",
    "cases.case.write",
    "cases.case.diagnose",
    "cases.case.report",
    "cases.case.import",
    "cases.person.read",
  ],
  register: registerReactions,
  routes,
};
