import { Type, type Static } from "typebox";
import { siteLifeSystem } from "../actors/opening.ts";
import type { Hand } from "../hand.ts";
import { Delay, Figure } from "../scenario.model.ts";

/** What a scenario says about the life of quarantine sites, and what the system remembers. */

export const IsolationLife = Type.Object(
  {
    /** How often the desk looks at the forecast. */
    forecastEveryHours: Figure,
    /** Share of the time allowed after which a conversion is finished, when it is not late. */
    builtAtShare: Figure,
    lateShare: Figure,
    lateBy: Delay,
    checkAfter: Delay,
    /** Share of first checks that find an item unmet. */
    checkFails: Figure,
    mending: Delay,
    openAfter: Delay,
    /** Staff of one site at the full size of the city. */
    staffPerSite: Figure,
    staffTestMissed: Figure,
    logForgotten: Figure,
    incidentShare: Figure,
    careShare: Figure,
    careAskedAfter: Delay,
    careAnswer: Delay,
    careConfirm: Delay,
    careNotHelped: Figure,
    /** People who come home from quarantine outside the city, a day, at the full size of the city. */
    outsidePerDay: Figure,
    outsideHandOver: Delay,
    received: Delay,
    receiveEveryHours: Figure,
  },
  { additionalProperties: false },
);
export type IsolationLife = Static<typeof IsolationLife>;

/** What the system remembers: who was present by the last log of each site, and logs that were forgotten. */
export interface LifeMemory {
  begun: boolean;
  present: Record<string, number>;
  /** Sites whose check-list was not met and that are being mended. */
  mending: string[];
  forgotten: { siteId: string; day: string; cameIn: number; wentOut: number; present: number; incidents: number }[];
}

export function memoryOf(hand: Hand): LifeMemory {
  return hand.memory.systems[siteLifeSystem] as LifeMemory;
}
