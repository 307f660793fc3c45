import { addHours, type Instant } from "#kernel/time";
import { forecastRunOut, runsOutWith, type Gain } from "./forecast.rules.ts";
import type { CapacityRow, SiteKind } from "./isolation.model.ts";
import type { Outlook, SiteLife } from "./life.model.ts";

/** What is free, what is being made, and when it runs out: of a county, or of the whole city. */

export interface PlannedSite {
  readonly life: SiteLife;
  readonly dueAt: Instant | null;
  readonly rooms: number;
  readonly beds: number;
}

export interface OutlookFacts {
  readonly areaCode: string;
  readonly kind: SiteKind;
  /** The counters of its open sites; null when it has none. */
  readonly counters: Pick<CapacityRow, "rooms" | "roomsFree" | "free" | "inUse" | "reserved"> | null;
  readonly planned: readonly PlannedSite[];
  readonly netPeople: number;
  readonly days: number;
  readonly orderAtDaysLeft: number | null;
}

/** Rooms of a site of contacts, who live alone or with their household; beds of the others. */
function roomsTaken(facts: OutlookFacts): number {
  const { counters } = facts;
  const people = (counters?.inUse ?? 0) + (counters?.reserved ?? 0);
  if (facts.kind !== "central" || counters === null || people === 0) return 1;
  return Math.min(1, (counters.rooms - counters.roomsFree) / people);
}

const dayHours = 24;

/** The outlook with and without the conversions in hand; says when one more should be ordered. spec: ISO-26 */
export function outlookOf(facts: OutlookFacts, now: Instant): Outlook {
  const inRooms = facts.kind === "central";
  const size = (site: PlannedSite): number => (inRooms ? site.rooms : site.beds);
  const free = facts.counters === null ? 0 : inRooms ? facts.counters.roomsFree : facts.counters.free;
  const netPerDay = (facts.netPeople / facts.days) * roomsTaken(facts);
  const ordered = facts.planned.filter((site) => site.life !== "selected");
  // What is late may come any hour; it is counted as if it came today.
  const gains = ordered.map((site): Gain => ({
    rooms: size(site),
    at: site.dueAt !== null && site.dueAt > now ? site.dueAt : now,
  }));
  const alone = forecastRunOut(free, [netPerDay], now);
  const runsOutAtWith = runsOutWith(free, netPerDay, gains, now);
  const notOrdered = facts.planned.length - ordered.length;
  const soon =
    facts.orderAtDaysLeft !== null &&
    netPerDay > 0 &&
    runsOutAtWith !== null &&
    runsOutAtWith <= addHours(now, facts.orderAtDaysLeft * dayHours);
  return {
    areaCode: facts.areaCode,
    kind: facts.kind,
    free,
    inHand: ordered.reduce((sum, site) => sum + size(site), 0),
    notOrdered,
    netPerDay,
    runsOutAt: netPerDay > 0 ? alone.runsOutAt : null,
    runsOutAtWith,
    orderNow: soon && notOrdered > 0,
  };
}
