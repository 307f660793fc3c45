import Type, { type Static } from "typebox";
import { Rule, byKey, id, list, Text, oneOf, strict } from "./schema.model.ts";
import { zoneLevels } from "./vocabulary.model.ts";

/** What a household under control may ask for; `delivery` is a birth. */
export const needKinds = ["food", "medicine", "dialysis", "delivery", "mask", "other"] as const;
/** Why a door is knocked at. */
export const doorKinds = ["untested", "returnee", "homeQuarantine", "elderly", "sweep"] as const;
/** What is done in the streets of a zone. */
export const streetKinds = ["disinfection", "patrol"] as const;
export const halves = ["morning", "evening"] as const;

const Hours = Type.Integer({ minimum: 1, maximum: 720, description: "hours" });
const Time = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", description: "HH:MM" });
const Window = strict({ from: Time, until: Time });

/** Grid work: sizes, visits, needs, streets, people without a door, and the texts that are read out and handed out. */
export const Grid = strict({
  size: strict({ rule: Rule, households: Type.Integer({ minimum: 20, maximum: 2_000 }) }),
  elderly: strict({ rule: Rule, fromAge: Type.Integer({ minimum: 50, maximum: 120 }) }),
  visits: strict({
    rule: Rule,
    hours: byKey(doorKinds, Hours),
    /** Nobody at home this often: somebody else must find them. */
    notHomeMax: Type.Integer({ minimum: 1, maximum: 10 }),
    escalationHours: Hours,
  }),
  homeChecks: strict({ rule: Rule, morning: Window, evening: Window }),
  needs: strict({
    rule: Rule,
    hours: byKey(needKinds, Hours),
    /** Food comes by itself to every household of such a zone, and to who is quarantined at home. */
    foodEveryHours: Hours,
    foodLevels: list(oneOf(zoneLevels)),
  }),
  streets: strict({
    rule: Rule,
    levels: list(oneOf(zoneLevels)),
    kinds: list(oneOf(streetKinds)),
    morning: Window,
    evening: Window,
  }),
  outreach: strict({ rule: Rule, everyHours: Hours }),
  /** Texts with {blanks} that the facts of a zone or a round fill. */
  texts: list(strict({ id, kind: oneOf(["leaflet", "loudspeaker"] as const), title: Text, body: Text })),
});
export type Grid = Static<typeof Grid>;
