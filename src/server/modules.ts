import { createBus, type Bus } from "#platform/events";
import type { JobHandler } from "#platform/jobs";
import type { ModuleDef } from "#platform/module";
import { sheetRoutes, type SheetDef } from "#platform/sheets";
import { module as accounts } from "./admin.module.ts";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as command } from "#modules/command";
import { module as desk } from "#modules/desk";
import { module as drill } from "#modules/drill";
import { module as inspection } from "#modules/inspection";
import { module as inbound } from "#modules/inbound";
import { module as grid } from "#modules/grid";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as reports } from "#modules/reports";
import { module as screening } from "#modules/screening";
import { module as sentinel } from "#modules/sentinel";
import { module as supplies } from "#modules/supplies";
import { module as tasks } from "#modules/tasks";
import { module as teams } from "#modules/teams";
import { module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { module as zones } from "#modules/zones";

/** Every module, ground floor first: reactions to one event run in this order. */
const houses: readonly ModuleDef[] = [
  areas,
  outbreaks,
  people,
  tasks,
  teams,
  venues,
  screening,
  cases,
  tracing,
  isolation,
  zones,
  inbound,
  grid,
  sentinel,
  inspection,
  supplies,
  reports,
  command,
  desk,
  drill,
  accounts,
];

/** The modules with the routes of their spreadsheets beside their own. */
export const modules: readonly ModuleDef[] = houses.map((house) => ({
  ...house,
  routes: [...house.routes, ...(house.sheets ?? []).flatMap(sheetRoutes)],
}));

/** Every spreadsheet there is, by its name. */
export const sheets: readonly SheetDef[] = houses.flatMap((house) => house.sheets ?? []);

/** Permissions that belong to the platform rather than to a module. */
export const platformPermissions = [
  "audit.log.read",
  "audit.log.verify",
  "accounts.account.write",
  "platform.job.retry",
  "platform.backup.write",
  "platform.public.read",
] as const;

/** Every permission there is. */
export function allPermissions(list: readonly ModuleDef[]): string[] {
  return [...platformPermissions, ...list.flatMap((module) => module.permissions)];
}

/** Registers the modules' reactions and duties in order. */
export function composeBus(list: readonly ModuleDef[]): Bus {
  const bus = createBus();
  for (const module of list) module.register(bus);
  return bus;
}

/** The modules' job handlers by name. */
export function composeJobs(list: readonly ModuleDef[]): Record<string, JobHandler> {
  return Object.assign({}, ...list.map((module) => module.jobs ?? {})) as Record<string, JobHandler>;
}
