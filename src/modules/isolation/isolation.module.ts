import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./isolation.reactions.ts";
import { routes } from "./isolation.routes.ts";

export const module: ModuleDef = {
  name: "isolation",
  permissions: [
    "isolation.read",
    "isolation.site.write",
    "isolation.place",
    "isolation.transport",
    "isolation.test.write",
    "isolation.clinical.write",
    "isolation.release",
  ],
  register: registerReactions,
  routes,
};
