import Type, { type Static } from "typebox";
import { Rule, Hours, strict } from "./schema.model.ts";

/** How fast the public is told and answered. */
export const PublicInformation = strict({
  rule: Rule,
  /** From the freeze of the figures to the signed bulletin. */
  bulletinHours: Hours,
  /** From a resident's request to its answer, by kind; `otherwise` for the kinds not named. */
  requestHours: Type.Record(Type.String(), Hours),
  /** From a rumour's record to the published fact. */
  rumourHours: Hours,
});
export type PublicInformation = Static<typeof PublicInformation>;
