import type { ModuleDef } from "#platform/module";

export const module: ModuleDef = {
  name: "drill",
  permissions: ["drill.run.read"],
  register: () => undefined,
  routes: [],
};
