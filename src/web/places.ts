import type { Session } from "./session.ts";

/** The groups of the places, in the order of the bar. */
const placeGroups = ["command", "loop", "control", "city", "force", "admin"] as const;
export type PlaceGroup = (typeof placeGroups)[number];

/** A page of the command post and the permission that its rows need. */
export interface Place {
  readonly to: string;
  readonly key: string;
  readonly needs: string;
  readonly group: PlaceGroup;
  readonly search?: Readonly<Record<string, string>>;
}

const places: readonly Place[] = [
  { to: "/", key: "board", needs: "command.board.read", group: "command" },
  // What is still to do comes first; the closed ones are one choice away.
  { to: "/tasks", key: "tasks", needs: "tasks.task.read", group: "command", search: { state: "open" } },
  { to: "/wall", key: "wall", needs: "command.board.read", group: "command" },
  { to: "/briefings", key: "briefings", needs: "command.briefing.read", group: "command" },
  { to: "/public-information", key: "publicinfo", needs: "reports.publication.read", group: "command" },
  { to: "/orders", key: "orders", needs: "command.directive.read", group: "command" },
  { to: "/positives", key: "positives", needs: "cases.case.read", group: "loop" },
  { to: "/cases", key: "cases", needs: "cases.case.read", group: "loop" },
  { to: "/contacts", key: "contacts", needs: "tracing.contact.read", group: "loop" },
  { to: "/chains", key: "chains", needs: "tracing.contact.read", group: "loop" },
  { to: "/tubes", key: "tubes", needs: "screening.round.read", group: "loop" },
  { to: "/rounds", key: "rounds", needs: "screening.round.read", group: "loop" },
  { to: "/rooms", key: "rooms", needs: "isolation.read", group: "control" },
  { to: "/transfers", key: "transfers", needs: "isolation.read", group: "control" },
  { to: "/releases", key: "releases", needs: "isolation.read", group: "control" },
  { to: "/zones", key: "zones", needs: "zones.zone.read", group: "control" },
  { to: "/grid", key: "grid", needs: "grid.door.read", group: "city" },
  { to: "/sentinel", key: "sentinel", needs: "sentinel.signal.read", group: "city" },
  { to: "/venues", key: "venues", needs: "venues.venue.read", group: "city" },
  { to: "/registers", key: "registers", needs: "people.register.read", group: "city" },
  { to: "/inbound", key: "inbound", needs: "inbound.arrival.read", group: "city" },
  { to: "/supplies", key: "supplies", needs: "supplies.stock.read", group: "force" },
  { to: "/sites", key: "sites", needs: "isolation.read", group: "force" },
  { to: "/inspection", key: "inspection", needs: "inspection.finding.read", group: "force" },
  { to: "/teams", key: "teams", needs: "teams.team.read", group: "force" },
  { to: "/admin/accounts", key: "accounts", needs: "accounts.account.write", group: "admin" },
  { to: "/admin/audit", key: "audit", needs: "audit.log.read", group: "admin" },
  { to: "/admin/health", key: "health", needs: "platform.health.read", group: "admin" },
  { to: "/admin/imports", key: "imports", needs: "outbreaks.outbreak.read", group: "admin" },
  { to: "/admin/protocols", key: "protocols", needs: "outbreaks.outbreak.read", group: "admin" },
  { to: "/functions", key: "functions", needs: "outbreaks.outbreak.read", group: "admin" },
];

/** The places a person may open, in their order; the server refuses the others whatever is shown here. */
export function placesFor(session: Session): readonly Place[] {
  return places.filter((place) => session.permissions.includes(place.needs));
}

/** The groups of which a person may open a place, each with its places. */
export function groupsOf(
  open: readonly Place[],
): readonly { readonly group: PlaceGroup; readonly places: readonly Place[] }[] {
  return placeGroups
    .map((group) => ({ group, places: open.filter((place) => place.group === group) }))
    .filter((one) => one.places.length > 0);
}
