import Type, { type Static } from "typebox";
import { nullable, oneOf, settings } from "#domain/outbreaks";

export const TubeContactsQuery = Type.Object({
  class: Type.Optional(oneOf(["close", "general"] as const)),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type TubeContactsQuery = Static<typeof TubeContactsQuery>;

/** Somebody who becomes a contact if the re-check confirms the member they met. */
export const TubeContact = Type.Object({
  personId: Type.Integer(),
  /** Masked: the family name only. */
  name: Type.String(),
  areaCode: Type.String(),
  class: oneOf(["close", "general", "secondary"] as const),
  ruleId: Type.String(),
  setting: oneOf(settings),
  /** The member of the tube met nearest and longest. */
  ofPersonId: Type.Integer(),
  members: Type.Integer(),
  place: nullable(Type.String()),
  overlapMinutes: Type.Integer(),
  gapMinutes: Type.Integer(),
  lastAt: Type.String(),
});
export type TubeContact = Static<typeof TubeContact>;

export const TubeContacts = Type.Object({
  from: Type.String(),
  to: Type.String(),
  /** Members of the tube whom no re-check has cleared. */
  suspects: Type.Integer(),
  /** People of every area that the registers name. */
  close: Type.Integer(),
  general: Type.Integer(),
  /** Of one page of them, in the protocol's order, those of the reader's area. */
  items: Type.Array(TubeContact),
  next: nullable(Type.String()),
});
export type TubeContacts = Static<typeof TubeContacts>;
