import Type, { type Static } from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";
import { siteKinds, Site } from "./isolation.model.ts";

/** The words of a site's life: its steps, its list, its posts, its days, its staff, its guests' requests, the way home. */

export const siteLives = ["selected", "converting", "converted", "checked", "opened", "cleaning", "stoodDown"] as const;
export type SiteLife = (typeof siteLives)[number];
/** The seven work groups of a site. spec: ISO-25 (domain.md §3.1) */
export const workGroups = [
  "disinfection",
  "healthObservation",
  "informationLiaison",
  "security",
  "logistics",
  "caseTransfer",
  "humanisticCare",
] as const;
export const dutyRoles = ["countyLeader", "disciplineOfficer", ...workGroups] as const;
export type DutyRole = (typeof dutyRoles)[number];
export const workZones = ["isolation", "buffer", "clean"] as const;
export type WorkZone = (typeof workZones)[number];
export const careKinds = ["medicine", "diet", "infant", "elderly", "psychological", "pet", "other"] as const;
export type CareKind = (typeof careKinds)[number];
export const careStates = ["asked", "answered", "confirmed", "cancelled"] as const;
export type CareState = (typeof careStates)[number];
export const homecomingStates = ["expected", "handedOver", "received", "cancelled"] as const;
export type HomecomingState = (typeof homecomingStates)[number];
export const homecomingOrigins = ["site", "outside"] as const;
export const standardParts = ["zones", "passages", "siting", "air", "rooms", "running"] as const;

/** Values a page shows in words. */
export const lifeVocabulary = {
  "sites.values.life": siteLives,
  "sites.values.duty": dutyRoles,
  "sites.values.workZone": workZones,
  "sites.values.careKind": careKinds,
  "sites.values.careState": careStates,
  "sites.values.homecomingState": homecomingStates,
  "sites.values.origin": homecomingOrigins,
  "sites.values.part": standardParts,
} as const;

const Count = Type.Integer({ minimum: 0 });
const Both = Type.Object(
  { "zh-CN": Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);

/** The list a site is checked against, as its file holds it. */
export const Standard = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    version: Type.String({ minLength: 1 }),
    title: Both,
    items: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: "^[a-zA-Z]+$" }),
          part: oneOf(standardParts),
          mandatory: Type.Boolean(),
          source: Type.String({ minLength: 1 }),
          kinds: Type.Optional(Type.Array(oneOf(siteKinds), { minItems: 1 })),
          text: Both,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  { additionalProperties: false },
);
export type Standard = Static<typeof Standard>;
export type StandardItem = Standard["items"][number];

/** A site with where it stands in its life. */
export const SiteCard = Type.Object({
  ...Site.properties,
  life: oneOf(siteLives),
  lifeSince: nullable(Type.String()),
  lifeDueAt: nullable(Type.String()),
  orderedAt: nullable(Type.String()),
  /** Is the county leader named, and is the discipline officer stationed? */
  leader: Type.Boolean(),
  officer: Type.Boolean(),
  groups: Count,
});
export type SiteCard = Static<typeof SiteCard>;

export const CheckAnswer = Type.Object({
  item: Type.String({ maxLength: 60 }),
  met: Type.Boolean(),
  note: Type.Optional(Type.String({ maxLength: 500 })),
});
export type CheckAnswer = Static<typeof CheckAnswer>;

export const LifeEvent = Type.Object({
  life: oneOf(siteLives),
  at: Type.String(),
  by: Type.String(),
  wasDueAt: nullable(Type.String()),
  late: Type.Boolean(),
  note: nullable(Type.String()),
});
export type LifeEvent = Static<typeof LifeEvent>;

export const CheckRow = Type.Object({
  item: Type.String(),
  part: oneOf(standardParts),
  mandatory: Type.Boolean(),
  text: Both,
  source: Type.String(),
  met: nullable(Type.Boolean()),
  note: nullable(Type.String()),
  checkedAt: nullable(Type.String()),
  checkedBy: nullable(Type.String()),
});
export type CheckRow = Static<typeof CheckRow>;

export const DutyRow = Type.Object({
  id: Type.String(),
  siteId: Type.String(),
  siteName: Type.String(),
  siteNameEn: nullable(Type.String()),
  areaCode: Type.String(),
  role: oneOf(dutyRoles),
  name: Type.String(),
  hasPhone: Type.Boolean(),
  fromAt: Type.String(),
  toAt: nullable(Type.String()),
});
export type DutyRow = Static<typeof DutyRow>;

export const LogRow = Type.Object({
  siteId: Type.String(),
  siteName: Type.String(),
  siteNameEn: nullable(Type.String()),
  areaCode: Type.String(),
  day: Type.String(),
  cameIn: Count,
  wentOut: Count,
  present: Count,
  registerPresent: Count,
  incidents: Count,
  note: nullable(Type.String()),
  enteredAt: Type.String(),
  enteredBy: Type.String(),
});
export type LogRow = Static<typeof LogRow>;

export const StaffRow = Type.Object({
  id: Type.String(),
  siteId: Type.String(),
  siteName: Type.String(),
  siteNameEn: nullable(Type.String()),
  areaCode: Type.String(),
  code: Type.String(),
  zone: oneOf(workZones),
  fromAt: Type.String(),
  toAt: nullable(Type.String()),
  lastTestedAt: nullable(Type.String()),
  lastResult: nullable(oneOf(["negative", "positive"] as const)),
  dueAt: nullable(Type.String()),
  overdue: Type.Boolean(),
});
export type StaffRow = Static<typeof StaffRow>;

export const CareRow = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
  personId: Type.Integer(),
  siteId: Type.String(),
  siteName: Type.String(),
  siteNameEn: nullable(Type.String()),
  areaCode: Type.String(),
  kind: oneOf(careKinds),
  state: oneOf(careStates),
  askedAt: Type.String(),
  dueAt: Type.String(),
  answeredAt: nullable(Type.String()),
  answer: nullable(Type.String()),
  confirmedAt: nullable(Type.String()),
  sentBack: Count,
});
export type CareRow = Static<typeof CareRow>;

export const HomecomingRow = Type.Object({
  id: Type.String(),
  personId: Type.Integer(),
  areaCode: Type.String(),
  origin: oneOf(homecomingOrigins),
  transferId: nullable(Type.String()),
  fromPlace: nullable(Type.String()),
  state: oneOf(homecomingStates),
  expectedAt: Type.String(),
  dueAt: Type.String(),
  handedAt: nullable(Type.String()),
  handedBy: nullable(Type.String()),
  receivedAt: nullable(Type.String()),
  receivedBy: nullable(Type.String()),
});
export type HomecomingRow = Static<typeof HomecomingRow>;

/** When a county's rooms (or beds) run out, as they are and with what is being converted. */
export const Outlook = Type.Object({
  areaCode: Type.String(),
  kind: oneOf(siteKinds),
  free: Count,
  /** Rooms (beds of a fangcang) of sites whose conversion was ordered and that are not open yet. */
  inHand: Count,
  /** Planned sites whose conversion nobody has ordered. */
  notOrdered: Count,
  netPerDay: Type.Number(),
  runsOutAt: nullable(Type.String()),
  runsOutAtWith: nullable(Type.String()),
  /** Should a conversion be ordered now? */
  orderNow: Type.Boolean(),
});
export type Outlook = Static<typeof Outlook>;
