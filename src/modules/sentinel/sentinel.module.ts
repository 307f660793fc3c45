import type { ModuleDef } from "#platform/module";
import { react } from "./sentinel.reactions.ts";
import { routes } from "./sentinel.routes.ts";
import { sheets } from "./sentinel.sheets.ts";

export const module: ModuleDef = {
  name: "sentinel",
  permissions: [
    "sentinel.unit.read",
    "sentinel.unit.write",
    "sentinel.signal.read",
    "sentinel.signal.write",
    "sentinel.person.read",
    "sentinel.visit.write",
    "sentinel.count.read",
    "sentinel.count.write",
    "sentinel.alert.read",
    "sentinel.alert.write",
  ],
  register: react,
  routes,
  sheets,
};
