import type { Static } from "typebox";
import { Hours, strict } from "./schema.model.ts";

/** How long people on the line may work, and by when they are answered or answer. */
export const ForceRules = strict({
  shiftHoursMax: Hours,
  /** Rest between two shifts. */
  restHoursMin: Hours,
  /** Work in any seven days. */
  weekHoursMax: Hours,
  /** By when a member answers a call-up. */
  answerHours: Hours,
  /** By when somebody decides on a volunteer. */
  volunteerHours: Hours,
  /** By when an exposure at work is followed up. */
  exposureHours: Hours,
  /** How late a member may come before a shift counts as missed. */
  missedAfterHours: Hours,
});
export type ForceRules = Static<typeof ForceRules>;
