import type { ModuleDef } from "#platform/module";
import { routes } from "./areas.routes.ts";

export const module: ModuleDef = {
  name: "areas",
  permissions: ["areas.area.read", "areas.area.write"],
  register: () => undefined,
  routes,
};
