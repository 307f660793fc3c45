import type { ModuleDef } from "#platform/module";
import { routes } from "./people.routes.ts";

export const module: ModuleDef = {
  name: "people",
  permissions: ["people.person.read", "people.person.write"],
  register: () => undefined,
  routes,
};
