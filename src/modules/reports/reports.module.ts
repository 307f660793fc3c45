import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./reports.reactions.ts";
import { routes } from "./reports.routes.ts";

export const module: ModuleDef = {
  name: "reports",
  permissions: ["reports.figure.read", "reports.base.read"],
  register: registerReactions,
  routes,
};
