import { createBus, type Bus } from "#platform/events";
import type { JobHandler } from "#platform/jobs";
import type { ModuleDef } from "#platform/module";
import { module as tasks } from "#modules/tasks";

/** Every module, ground floor first: reactions to one event run in this order. */
export const modules: readonly ModuleDef[] = [tasks];

/** Permissions that belong to the platform rather than to a module. */
export const platformPermissions = ["audit.log.read", "audit.log.verify", "accounts.account.write"] as const;

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
