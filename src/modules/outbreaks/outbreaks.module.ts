import type { ModuleDef } from "#platform/module";
import { routes } from "./outbreaks.routes.ts";

export const module: ModuleDef = {
  name: "outbreaks",
  permissions: ["outbreaks.outbreak.read", "outbreaks.outbreak.write"],
  // Nothing stands below this module, so it reacts to nothing.
  register() {},
  routes,
};
