import type { ModuleDef } from "#platform/module";

export const module: ModuleDef = { name: "areas", permissions: [], register: () => undefined, routes: [] };
