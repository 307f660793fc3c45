import type { Session } from "./session.ts";

/** A page of the command post and the permission that its rows need. */
export interface Place {
  readonly to: string;
  readonly key: string;
  readonly needs: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly group?: string;
}

const places: readonly Place[] = [
  { to: "/", key: "board", needs: "command.board.read" },
  { to: "/positives", key: "positives", needs: "cases.case.read" },
  { to: "/cases", key: "cases", needs: "cases.case.read" },
  { to: "/contacts", key: "contacts", needs: "tracing.contact.read" },
  { to: "/tubes", key: "tubes", needs: "screening.round.read" },
  { to: "/rounds", key: "rounds", needs: "screening.round.read" },
  { to: "/rooms", key: "rooms", needs: "isolation.read" },
  { to: "/transfers", key: "transfers", needs: "isolation.read" },
  { to: "/zones", key: "zones", needs: "zones.zone.read" },
  // What is still to do comes first; the closed ones are one choice away.
  { to: "/tasks", key: "tasks", needs: "tasks.task.read", search: { state: "open" } },
  { to: "/teams", key: "teams", needs: "teams.team.read", group: "force" },
  { to: "/briefings", key: "briefings", needs: "command.briefing.read" },
];

/** The places a person may open, in their order; the server refuses the others whatever is shown here. */
export function placesFor(session: Session): readonly Place[] {
  return places.filter((place) => session.permissions.includes(place.needs));
}
