import type { ModuleDef } from "#platform/module";
import { registerReactions } from "./tracing.reactions.ts";
import { routes } from "./tracing.routes.ts";

export const module: ModuleDef = {
  name: "tracing",
  permissions: [
    "tracing.case.write",
    "tracing.contact.read",
    "tracing.contact.write",
    "tracing.contact.import",
    "tracing.person.read",
    "tracing.track.read",
  ],
  register: registerReactions,
  routes,
};
