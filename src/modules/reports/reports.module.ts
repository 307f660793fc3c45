import type { ModuleDef } from "#platform/module";
import { publicPages } from "./public.pages.ts";
import { publicInformationRoutes } from "./public.routes.ts";
import { sheets } from "./public.sheets.ts";
import { registerReactions } from "./reports.reactions.ts";
import { routes } from "./reports.routes.ts";

export const module: ModuleDef = {
  name: "reports",
  permissions: [
    "reports.figure.read",
    "reports.publication.read",
    "reports.publication.write",
    "reports.publication.sign",
    "reports.request.read",
    "reports.request.answer",
    "reports.rumour.read",
    "reports.rumour.write",
    "reports.public.read",
    "reports.public.write",
  ],
  register: registerReactions,
  routes: [...routes, ...publicInformationRoutes, ...publicPages],
  sheets,
};
