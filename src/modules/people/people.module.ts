import type { ModuleDef } from "#platform/module";
import { countRegister } from "./people.service.ts";
import { routes } from "./people.routes.ts";
import { compareArrivals } from "./arrivals.service.ts";
import { registerRoutes } from "./registers.routes.ts";
import { registerSheets } from "./registers.sheets.ts";
import { linkJob, resumeLinkages, workLinkJob } from "./runs.service.ts";

const arrivalMinutes = 5;
const resumeMinutes = 5;

const minutesPerDay = 1_440;

export const module: ModuleDef = {
  name: "people",
  permissions: [
    "people.person.read",
    "people.person.write",
    "people.register.read",
    "people.register.write",
    "people.link.read",
    "people.link.write",
  ],
  register(bus) {
    bus.every(arrivalMinutes, "people.compareArrivals", async (tx) => void (await compareArrivals(tx)));
    bus.every(resumeMinutes, "people.resumeLinkages", resumeLinkages);
    bus.every(minutesPerDay, "people.countRegister", countRegister);
  },
  routes: [...routes, ...registerRoutes],
  sheets: registerSheets,
  jobs: { [linkJob]: workLinkJob },
};
