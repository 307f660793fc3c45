import Type, { type Static } from "typebox";
import { nullable, strict } from "./schema.model.ts";

/** The times of a quarantine site's life, its staff's tests and its guests' requests. */

const Hours = Type.Integer({ minimum: 1, maximum: 24 * 60, description: "hours" });
const EveryDays = nullable(Type.Integer({ minimum: 1, maximum: 60, description: "days" }));

export const IsolationSites = strict({
  /** From the order to the end of the conversion of a building. */
  convertHours: Hours,
  /** From the order to the end of the building of a fangcang phase. */
  buildHours: Hours,
  /** From the end of the conversion until the check-list is through. */
  checkHours: Hours,
  /** From the check until the first guest may come. */
  openHours: Hours,
  /** Terminal disinfection after the last guest. */
  cleaningHours: Hours,
  /** Local time by which a day's log must be entered, on the next day. */
  logBy: Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$" }),
  /** How often staff are tested, by the zone they work in; null: not at all. */
  staffTestDays: strict({ isolation: EveryDays, buffer: EveryDays, clean: EveryDays }),
  /** How soon a guest's request is answered, by its kind. */
  careHours: strict({
    medicine: Hours,
    diet: Hours,
    infant: Hours,
    elderly: Hours,
    psychological: Hours,
    pet: Hours,
    other: Hours,
  }),
  /** How soon the community receives a person who was brought home. */
  receiveHours: Hours,
  /** A conversion is asked for when the rooms of a county last no longer than this many days. */
  orderAtDaysLeft: Type.Integer({ minimum: 0, maximum: 60, description: "days" }),
});
export type IsolationSites = Static<typeof IsolationSites>;
