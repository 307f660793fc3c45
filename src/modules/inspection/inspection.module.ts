import type { ModuleDef } from "#platform/module";
import { escalateFindings } from "./findings.service.ts";
import { react } from "./inspection.reactions.ts";
import { routes } from "./inspection.routes.ts";
import { sheets } from "./inspection.sheets.ts";

const escalateEveryMinutes = 30;

export const module: ModuleDef = {
  name: "inspection",
  permissions: [
    "inspection.finding.read",
    "inspection.finding.rectify",
    "inspection.finding.check",
    "inspection.visit.write",
    "inspection.plan.write",
    "inspection.sanction.write",
  ],
  register(bus) {
    react(bus);
    bus.every(escalateEveryMinutes, "inspection.escalate", escalateFindings);
  },
  routes,
  sheets,
};
