import type { PermissionsOf } from "#platform/accounts";

/** What everybody who logs in has at the desk: saved views, timelines, search, notices; each shows only what the other permissions open. */
const atTheDesk = ["desk.*"];

/**
 * Which permissions each role holds. `*` stands for any run of characters, so that a module's new
 * permission reaches the roles that own the module without another edit here.
 */
const ownPermissions: Readonly<Record<string, readonly string[]>> = {
  admin: ["*"],
  system: ["*"],
  commander: [
    "*.read",
    "outbreaks.*",
    "command.*",
    "zones.*",
    "reports.*",
    "tasks.*",
    "screening.*",
    "isolation.*",
    "cases.*",
    "tracing.*",
    "venues.*",
    "teams.*",
    "inbound.*",
    "grid.*",
    "sentinel.*",
    "inspection.*",
    "supplies.*",
  ],
  duty: ["*.read", "tasks.*", "command.*", "reports.*"],
  cdc: ["*.read", "cases.*", "tracing.*", "tasks.*", "venues.*", "people.*", "inbound.*", "sentinel.*"],
  // Keeps the registers others work on: the area tree, the people, the venues.
  dataManager: ["areas.*", "people.*", "venues.*", "outbreaks.*.read", "tasks.task.read", "tasks.task.work"],
  tracer: ["areas.*.read", "outbreaks.*.read", "people.*.read", "venues.*", "cases.*.read", "tracing.*", "tasks.*"],
  screeningManager: [
    "areas.*.read",
    "outbreaks.*.read",
    "people.*.read",
    "screening.*",
    "tasks.*",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  sampler: [
    "areas.*.read",
    "outbreaks.*.read",
    "screening.*.read",
    "screening.tube.*",
    "screening.box.*",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  courier: [
    "areas.*.read",
    "outbreaks.*.read",
    "screening.*.read",
    "screening.box.*",
    "tasks.task.read",
    "tasks.task.work",
  ],
  lab: [
    "areas.*.read",
    "outbreaks.*.read",
    "screening.*.read",
    "screening.lab.*",
    "tasks.task.read",
    "tasks.task.work",
  ],
  medical: [
    "areas.*.read",
    "outbreaks.*.read",
    "cases.*.read",
    "isolation.read",
    "isolation.clinical.*",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  isolationManager: [
    "areas.*.read",
    "outbreaks.*.read",
    "people.*.read",
    "isolation.*",
    "tasks.*",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  driver: [
    "areas.*.read",
    "outbreaks.*.read",
    "isolation.read",
    "isolation.transport",
    "tasks.task.read",
    "tasks.task.work",
  ],
  gridWorker: [
    "areas.*.read",
    "outbreaks.*.read",
    "people.person.read",
    "inbound.arrival.*",
    "inbound.letter.read",
    "grid.*",
    "isolation.homecoming.*",
    "sentinel.signal.read",
    "sentinel.person.read",
    "sentinel.visit.write",
    "supplies.delivery.*",
    "reports.request.*",
    "screening.*.read",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  police: [
    "areas.*.read",
    "outbreaks.*.read",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  // Registers the city's people in teams, calls them up and assigns them.
  teamManager: [
    "areas.*.read",
    "outbreaks.*.read",
    "people.person.read",
    "teams.*",
    "tasks.task.read",
    "tasks.task.work",
  ],
  // At a road checkpoint, a station or an airport.
  checkpointOfficer: [
    "areas.*.read",
    "outbreaks.*.read",
    "inbound.*",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  // At a fever clinic, a village clinic or a pharmacy: sends signals and daily counts.
  probe: [
    "areas.*.read",
    "outbreaks.*.read",
    "sentinel.unit.read",
    "sentinel.signal.read",
    "sentinel.signal.write",
    "sentinel.count.read",
    "sentinel.count.write",
  ],
  inspector: [
    "areas.*.read",
    "outbreaks.*.read",
    "inspection.*",
    "venues.venue.read",
    "tasks.task.read",
    "tasks.task.work",
  ],
  suppliesManager: ["areas.*.read", "outbreaks.*.read", "supplies.*", "tasks.task.read", "tasks.task.work"],
  siteManager: [
    "areas.*.read",
    "outbreaks.*.read",
    "isolation.*",
    "tasks.task.read",
    "tasks.task.work",
    "inspection.finding.read",
    "inspection.finding.rectify",
  ],
  publicInformation: [
    "areas.*.read",
    "outbreaks.*.read",
    "reports.*",
    "zones.*.read",
    "tasks.task.read",
    "tasks.task.work",
  ],
  // Whoever opens a public page, without an account: may send in, and read what is published for all.
  resident: ["*.public.write", "*.public.read"],
  auditor: ["*.read", "audit.*"],
  viewer: ["areas.*.read", "outbreaks.*.read", "command.*.read", "reports.*.read", "zones.*.read"],
};

/** Every role with what its people may do. */
export const roleTable: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(ownPermissions).map(([role, globs]) => [role, role === "resident" ? globs : [...globs, ...atTheDesk]]),
);

function pattern(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/\./g, "\\.").replace(/\*/g, ".*")}$`);
}

/** How many different sets of roles are remembered; an installation has a few dozen. */
const roleSetsMax = 1_000;

/** Makes the function from roles to permissions over all permissions there are. */
export function permissionTable(all: readonly string[]): PermissionsOf {
  const byRole = new Map<string, readonly string[]>();
  for (const [role, globs] of Object.entries(roleTable)) {
    const patterns = globs.map(pattern);
    byRole.set(
      role,
      all.filter((permission) => patterns.some((p) => p.test(permission))),
    );
  }
  const known = new Map<string, ReadonlySet<string>>();
  return (roles) => {
    const name = roles.join(" ");
    let permissions = known.get(name);
    if (!permissions) {
      permissions = new Set(roles.flatMap((role) => byRole.get(role) ?? []));
      if (known.size >= roleSetsMax) known.clear();
      known.set(name, permissions);
    }
    return permissions;
  };
}
