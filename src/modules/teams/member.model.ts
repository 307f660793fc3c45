import Type, { type Static } from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";
import { callUpStates, ExposureRow, ShiftRow } from "./duty.model.ts";
import { MemberRow, PostRow } from "./teams.model.ts";

/** So many of the latest shifts and exposures does a member's page show; the lists have all of them. */
export const memberLatestMax = 50;

/** The call-up that reached a member last, and what they answered. */
export const MemberCallUp = Type.Object({
  id: Type.String(),
  reason: Type.String(),
  state: oneOf(callUpStates),
  calledAt: Type.String(),
  answerBy: Type.String(),
  answeredAt: nullable(Type.String()),
  absentReason: nullable(Type.String()),
});
export type MemberCallUp = Static<typeof MemberCallUp>;

/** A member with the name covered; a part is null for a reader without the permission for its list. */
export const MemberDetail = Type.Object({
  ...MemberRow.properties,
  teamName: nullable(Type.String()),
  registeredAt: Type.String(),
  posts: Type.Array(PostRow),
  callUp: nullable(MemberCallUp),
  shifts: nullable(Type.Array(Type.Omit(ShiftRow, ["name", "memberCode"]))),
  exposures: nullable(Type.Array(ExposureRow)),
});
export type MemberDetail = Static<typeof MemberDetail>;
export type MemberShift = NonNullable<MemberDetail["shifts"]>[number];

/** What of a member is personal: given for a purpose, and the audit keeps it. */
export const MemberPerson = Type.Object({
  name: Type.String(),
  phone: nullable(Type.String()),
  vaccinated: nullable(Type.Boolean()),
});
export type MemberPerson = Static<typeof MemberPerson>;
