import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./isolation.reactions.ts";
import { sheets } from "./isolation.sheets.ts";
import { routes } from "./isolation.routes.ts";

export const module: ModuleDef = {
  name: "isolation",
  permissions: [
    "isolation.read",
    "isolation.site.write",
    "isolation.site.check",
    "isolation.log.write",
    "isolation.duty.read",
    "isolation.care.write",
    "isolation.homecoming.read",
    "isolation.homecoming.sign",
    "isolation.place",
    "isolation.transport",
    "isolation.test.write",
    "isolation.clinical.write",
    "isolation.release",
  ],
  register: registerReactions,
  routes,
  sheets,
};
