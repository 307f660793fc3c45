import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./reports.reactions.ts";
import { routes } from "./reports.routes.ts";

export const module: ModuleDef = {
  name: "reports",
  permissions: ["reports.figure.read"],
  register: registerReactions,
  routes,
};
