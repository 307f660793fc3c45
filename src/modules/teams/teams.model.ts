import Type, { type Static } from "typebox";
import { nullable, oneOf, sorts } from "#domain/outbreaks";

export const Moment = Type.String({ format: "date-time", description: "ISO 8601 with an offset" });
export const AreaCodeText = Type.String({ pattern: "^[0-9A-Za-z]{2,20}$" });
export const CodeText = Type.String({ minLength: 1, maxLength: 40 });
export const ReasonText = Type.String({ minLength: 1, maxLength: 1_000 });
export const pageFields = {
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};

export const teamKinds = ["branch", "group", "service", "emergency", "task"] as const;
export type TeamKind = (typeof teamKinds)[number];
export const teamStates = ["open", "closed"] as const;
export const memberKinds = ["staff", "volunteer", "partyMember"] as const;
export type MemberKind = (typeof memberKinds)[number];
export const memberStates = ["registered", "calledUp", "active", "absent", "onDuty", "stoodDown"] as const;
export type MemberState = (typeof memberStates)[number];
export const postKinds = ["pioneerPost", "dutyArea"] as const;
export type PostKind = (typeof postKinds)[number];
export const volunteerStates = ["applied", "accepted", "refused"] as const;
export type VolunteerState = (typeof volunteerStates)[number];
/** What somebody can do that a need may ask for. */
export const skills = [
  "sampling",
  "nursing",
  "driving",
  "disinfection",
  "security",
  "logistics",
  "registration",
  "counselling",
] as const;
export type Skill = (typeof skills)[number];

export const TeamRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  kind: oneOf(teamKinds),
  code: Type.String(),
  name: Type.String(),
  parentCode: nullable(Type.String()),
  leaderCode: nullable(Type.String()),
  state: oneOf(teamStates),
  members: Type.Integer(),
});
export type TeamRow = Static<typeof TeamRow>;
export const TeamPage = Type.Object({ items: Type.Array(TeamRow), next: nullable(Type.String()) });
export const TeamQuery = Type.Object({
  ...pageFields,
  kind: Type.Optional(oneOf(teamKinds)),
  sort: sorts("area", "code"),
});
export type TeamQuery = Static<typeof TeamQuery>;

export const NewTeam = Type.Object(
  {
    areaCode: AreaCodeText,
    kind: oneOf(teamKinds),
    code: CodeText,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    parentCode: Type.Optional(CodeText),
    leaderCode: Type.Optional(CodeText),
  },
  { additionalProperties: false },
);
export type NewTeam = Static<typeof NewTeam>;

/** A member as lists show them: the name covered unless the reader gave a reason. */
export const MemberRow = Type.Object({
  id: Type.String(),
  code: Type.String(),
  areaCode: Type.String(),
  name: Type.String(),
  kind: oneOf(memberKinds),
  skills: Type.Array(Type.String()),
  homeAreaCode: nullable(Type.String()),
  state: oneOf(memberStates),
  teamCode: nullable(Type.String()),
  minutesWorked: Type.Integer(),
  absentReason: nullable(Type.String()),
});
export type MemberRow = Static<typeof MemberRow>;
export const MemberPage = Type.Object({ items: Type.Array(MemberRow), next: nullable(Type.String()) });
export const MemberQuery = Type.Object({
  ...pageFields,
  state: Type.Optional(oneOf(memberStates)),
  kind: Type.Optional(oneOf(memberKinds)),
  teamCode: Type.Optional(CodeText),
  sort: sorts("area", "code", "hours"),
});
export type MemberQuery = Static<typeof MemberQuery>;

export const NewMember = Type.Object(
  {
    areaCode: AreaCodeText,
    code: CodeText,
    name: Type.String({ minLength: 1, maxLength: 100 }),
    kind: oneOf(memberKinds),
    phone: Type.Optional(Type.String({ minLength: 5, maxLength: 24 })),
    skills: Type.Optional(Type.Array(oneOf(skills), { maxItems: 8 })),
    homeAreaCode: Type.Optional(AreaCodeText),
    vaccinated: Type.Optional(Type.Boolean()),
    teamCode: Type.Optional(CodeText),
  },
  { additionalProperties: false },
);
export type NewMember = Static<typeof NewMember>;

export const PostRow = Type.Object({
  areaCode: Type.String(),
  kind: oneOf(postKinds),
  code: Type.String(),
  name: Type.String(),
  place: Type.String(),
  peopleNeeded: Type.Integer(),
  holderId: nullable(Type.String()),
  holderCode: nullable(Type.String()),
});
export type PostRow = Static<typeof PostRow>;
export const PostPage = Type.Object({ items: Type.Array(PostRow), next: nullable(Type.String()) });
export const PostQuery = Type.Object({
  ...pageFields,
  kind: Type.Optional(oneOf(postKinds)),
});
export type PostQuery = Static<typeof PostQuery>;
export const NewPost = Type.Object(
  {
    areaCode: AreaCodeText,
    kind: oneOf(postKinds),
    code: CodeText,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    place: Type.Optional(Type.String({ maxLength: 200 })),
    peopleNeeded: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    holderCode: Type.Optional(CodeText),
  },
  { additionalProperties: false },
);
export type NewPost = Static<typeof NewPost>;

/** New records, those known already, and the codes that belong to another area. */
export const Registered = Type.Object({
  added: Type.Integer(),
  known: Type.Integer(),
  elsewhere: Type.Array(Type.String()),
});
export type Registered = Static<typeof Registered>;

/** As a form sends it: what is missing or wrong is told beside its field, not refused as a whole. */
export const VolunteerApplication = Type.Object(
  {
    areaCode: Type.String({ maxLength: 20 }),
    name: Type.String({ maxLength: 100 }),
    phone: Type.String({ maxLength: 24 }),
    skill: Type.Optional(Type.String({ maxLength: 40 })),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type VolunteerApplication = Static<typeof VolunteerApplication>;
export const VolunteerReceipt = Type.Object({
  receipt: Type.String(),
  state: oneOf(volunteerStates),
  decideBy: Type.String(),
});
export type VolunteerReceipt = Static<typeof VolunteerReceipt>;

export const VolunteerRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  receipt: Type.String(),
  name: Type.String(),
  skills: Type.Array(Type.String()),
  state: oneOf(volunteerStates),
  appliedAt: Type.String(),
  decideBy: Type.String(),
  late: Type.Boolean(),
  reason: nullable(Type.String()),
  memberCode: nullable(Type.String()),
});
export type VolunteerRow = Static<typeof VolunteerRow>;
export const VolunteerPage = Type.Object({ items: Type.Array(VolunteerRow), next: nullable(Type.String()) });
export const VolunteerQuery = Type.Object({ ...pageFields, state: Type.Optional(oneOf(volunteerStates)) });
export type VolunteerQuery = Static<typeof VolunteerQuery>;
export const DecideVolunteer = Type.Object(
  { accept: Type.Boolean(), reason: Type.Optional(ReasonText), teamCode: Type.Optional(CodeText) },
  { additionalProperties: false },
);

/** Head counts of an area and what lies below it. */
export const Mobilised = Type.Object({
  areaCode: Type.String(),
  areaName: Type.String(),
  members: Type.Record(Type.String(), Type.Integer()),
  states: Type.Record(Type.String(), Type.Integer()),
  teams: Type.Record(Type.String(), Type.Integer()),
  posts: Type.Record(Type.String(), Type.Integer()),
  /** Members who report to the community they live in. */
  reportingHome: Type.Integer(),
  postsHeld: Type.Integer(),
});
export type Mobilised = Static<typeof Mobilised>;
export const Mobilisation = Type.Object({ total: Mobilised, areas: Type.Array(Mobilised) });
export type Mobilisation = Static<typeof Mobilisation>;
