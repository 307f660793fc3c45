import type { ModuleDef } from "#platform/module";
import { routes } from "./people.routes.ts";
import { registerRoutes } from "./registers.routes.ts";
import { registerSheets } from "./registers.sheets.ts";

export const module: ModuleDef = {
  name: "people",
  permissions: [
    "people.person.read",
    "people.person.write",
    "people.register.read",
    "people.register.write",
    "people.link.read",
    "people.link.write",
  ],
  register: () => undefined,
  routes: [...routes, ...registerRoutes],
  sheets: registerSheets,
};
