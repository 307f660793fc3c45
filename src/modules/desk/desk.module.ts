import type { ModuleDef } from "#platform/module";
import { routes } from "./desk.routes.ts";

export const module: ModuleDef = {
  name: "desk",
  permissions: [
    "desk.view.read",
    "desk.view.write",
    "desk.timeline.read",
    "desk.search.read",
    "desk.notice.read",
    "desk.notice.write",
  ],
  // What a desk shows is read from what the other modules stored; nothing here reacts to it.
  register: () => undefined,
  routes,
};
