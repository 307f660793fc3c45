import type { ModuleDef } from "#platform/module";
import { routes } from "./tasks.routes.ts";
import { escalateDue } from "./tasks.service.ts";

export const module: ModuleDef = {
  name: "tasks",
  permissions: ["tasks.task.read", "tasks.task.work", "tasks.task.check"],
  register(bus) {
    bus.every(30, "tasks.escalate", escalateDue);
  },
  routes,
};
