import Type, { type Static } from "typebox";
import { positionFields } from "#domain/areas";
import { nullable, oneOf } from "#domain/outbreaks";

/** The words of isolation: places, orders, journeys, tests, and what other modules hear of them. */

export const siteKinds = ["central", "fangcang", "hospital"] as const;
export type SiteKind = (typeof siteKinds)[number];
export const siteStates = ["planned", "open", "closed"] as const;
export type SiteState = (typeof siteStates)[number];
/** Rooms people stay in; `staff` rooms of the clean and buffer zones have no beds. */
export const roomKinds = ["single", "family", "accessible", "ward"] as const;
export type RoomKind = (typeof roomKinds)[number];
export const orderModes = ["central", "home", "homeMonitor", "fangcang", "hospital"] as const;
export type OrderMode = (typeof orderModes)[number];
export const orderStates = ["pending", "transferring", "active", "released", "cancelled"] as const;
export type OrderState = (typeof orderStates)[number];
export const transferStates = ["requested", "departed", "arrived", "cancelled"] as const;
export type TransferState = (typeof transferStates)[number];
export const needWords = ["pregnant", "severeIllness", "dependent", "disabled"] as const;
export type Need = (typeof needWords)[number];
export type Category = "contact" | "case";

const Count = Type.Integer({ minimum: 0 });
const Id = Type.String({ format: "uuid" });
export const Ids = Type.Array(Id, { minItems: 1, maxItems: 2_000 });

/** How many rooms of each kind a new site has. */
export const RoomPlan = Type.Object({
  single: Type.Optional(Count),
  family: Type.Optional(Count),
  bedsPerFamily: Type.Optional(Type.Integer({ minimum: 2, maximum: 8 })),
  accessible: Type.Optional(Count),
  /** Wards of a hospital, nursing units of a fangcang. */
  ward: Type.Optional(Count),
  bedsPerWard: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  /** Rooms of the staff's clean zone and of the sanitary pass. */
  clean: Type.Optional(Count),
  buffer: Type.Optional(Count),
  roomsPerFloor: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type RoomPlan = Static<typeof RoomPlan>;

export const NewSite = Type.Object({
  kind: oneOf(siteKinds),
  areaCode: Type.String({ minLength: 2, maxLength: 20 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  nameEn: Type.Optional(Type.String({ maxLength: 200 })),
  phase: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
  emergency: Type.Optional(Type.Boolean()),
  /** Open at once (the default) or planned, to be opened later. */
  state: Type.Optional(oneOf(["planned", "open"] as const)),
  readyAt: Type.Optional(Type.String({ format: "date-time" })),
  ...positionFields,
  cleaningMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_080 })),
  rooms: RoomPlan,
});
export type NewSite = Static<typeof NewSite>;

export const Site = Type.Object({
  id: Type.String(),
  kind: oneOf(siteKinds),
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  phase: nullable(Type.Integer()),
  emergency: Type.Boolean(),
  state: oneOf(siteStates),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  readyAt: nullable(Type.String()),
  openedAt: nullable(Type.String()),
  rooms: Count,
  roomsFree: Count,
  beds: Count,
  inUse: Count,
  reserved: Count,
  cleaning: Count,
  blocked: Count,
  free: Count,
});
export type Site = Static<typeof Site>;

export const Room = Type.Object({
  id: Type.String(),
  siteId: Type.String(),
  siteName: Type.String(),
  siteNameEn: nullable(Type.String()),
  siteKind: oneOf(siteKinds),
  areaCode: Type.String(),
  zone: Type.String(),
  floor: Type.Integer(),
  purpose: nullable(Type.String()),
  no: Type.String(),
  kind: Type.String(),
  beds: Count,
  inUse: Count,
  category: nullable(Type.String()),
});
export type Room = Static<typeof Room>;

export const Order = Type.Object({
  id: Type.String(),
  personId: Type.Integer(),
  areaCode: Type.String(),
  category: oneOf(["contact", "case"] as const),
  planClass: Type.String(),
  segment: Type.Integer(),
  mode: oneOf(orderModes),
  state: oneOf(orderStates),
  contactId: nullable(Type.String()),
  caseId: nullable(Type.String()),
  siteId: nullable(Type.String()),
  siteName: nullable(Type.String()),
  siteNameEn: nullable(Type.String()),
  placementRule: nullable(Type.String()),
  orderedAt: Type.String(),
  dueAt: Type.String(),
  dueRule: Type.String(),
  lateAt: nullable(Type.String()),
  startAt: nullable(Type.String()),
  plannedEndDay: nullable(Type.String()),
  endedAt: nullable(Type.String()),
  endReason: nullable(Type.String()),
});
export type Order = Static<typeof Order>;

export const Transfer = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  toAreaCode: Type.String(),
  direction: oneOf(["toSite", "home"] as const),
  category: oneOf(["contact", "case"] as const),
  siteId: nullable(Type.String()),
  siteName: nullable(Type.String()),
  siteNameEn: nullable(Type.String()),
  vehicle: nullable(Type.String()),
  seats: Count,
  people: Count,
  state: oneOf(transferStates),
  requestedAt: Type.String(),
  dueAt: Type.String(),
  departedAt: nullable(Type.String()),
  /** Who confirmed for the end it leaves from, and for the end it goes to. */
  departedBy: nullable(Type.String()),
  arrivedAt: nullable(Type.String()),
  arrivedBy: nullable(Type.String()),
});
export type Transfer = Static<typeof Transfer>;

export const DueTest = Type.Object({
  orderId: Type.String(),
  personId: Type.Integer(),
  areaCode: Type.String(),
  siteId: nullable(Type.String()),
  segment: Type.Integer(),
  dayNo: Type.Integer(),
  dueDay: Type.String(),
  missed: Type.Boolean(),
});
export type DueTest = Static<typeof DueTest>;

export const checkItems = [
  "duration",
  "testsDone",
  "testsNegative",
  "linkedTests",
  "testGap",
  "exitTests",
  "symptoms",
] as const;

/** One line of a release check-list: what was measured against what, under which rule. */
export const CheckItem = Type.Object({
  item: oneOf(checkItems),
  rule: Type.String(),
  met: Type.Boolean(),
  value: nullable(Type.Union([Type.Number(), Type.String()])),
  target: nullable(Type.Union([Type.Number(), Type.String()])),
});
export type CheckItem = Static<typeof CheckItem>;

export const CapacityRow = Type.Object({
  /** A site's id, a county's code or a kind, as the question was grouped. */
  key: Type.String(),
  name: Type.String(),
  kind: oneOf(siteKinds),
  sites: Count,
  rooms: Count,
  roomsFree: Count,
  beds: Count,
  inUse: Count,
  reserved: Count,
  cleaning: Count,
  blocked: Count,
  free: Count,
});
export type CapacityRow = Static<typeof CapacityRow>;

export const Forecast = Type.Object({
  kind: oneOf(siteKinds),
  free: Count,
  netPerDay: Type.Number(),
  /** Days until nothing is free; null when it does not run out at this pace. */
  daysLeft: nullable(Type.Number()),
  runsOutAt: nullable(Type.String()),
});
export type Forecast = Static<typeof Forecast>;

export const Capacity = Type.Object({ items: Type.Array(CapacityRow), forecast: Type.Array(Forecast) });
export type Capacity = Static<typeof Capacity>;

/** Why an order got its place, or did not. */
export interface Assignment {
  readonly orderId: string;
  readonly personId: number;
  readonly outcome: "bed" | "home" | "none";
  /** The numbered rule of this module's README that decided. */
  readonly rule: string;
  readonly siteId?: string;
  readonly roomId?: number;
  readonly bedId?: number;
  readonly party?: string;
  readonly carerPersonId?: number;
}

export interface OrderRef {
  readonly orderId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly mode: OrderMode;
}

/** Data of `isolation.ordered`. */
export interface Ordered {
  readonly orders: readonly (OrderRef & { readonly category: Category; readonly dueAt: string })[];
}
/** Data of `isolation.departed`: on the way, under the escort's eyes. */
export interface Departed {
  readonly personIds: readonly number[];
}
/** Data of `isolation.placed`. */
export interface Placed {
  readonly orders: readonly (OrderRef & { readonly category: Category; readonly siteId: string | null })[];
}
/** Data of `isolation.released`. */
export interface Released {
  readonly personIds: readonly number[];
  /** Where each of them lives, in the same order. */
  readonly areaCodes: readonly string[];
  readonly orderIds: readonly string[];
  /** `completed`, `recovered`, `died`, `excluded: …`. */
  readonly reason: string;
}
/** Data of `isolation.arrived`. */
export interface Arrived {
  readonly transferIds: readonly string[];
  readonly people: number;
}
/** Data of `isolation.tripRequested`: transport has work, to a site or back home. */
export interface TripRequested {
  readonly transfers: readonly {
    readonly transferId: string;
    readonly direction: "toSite" | "home";
    readonly people: number;
    readonly dueAt: string;
  }[];
}
/** Data of `isolation.testPositive`: which test of the calendar it was, counted from 1. */
export interface TestPositive {
  readonly tests: readonly {
    readonly personId: number;
    readonly orderId: string;
    readonly contactId: string | null;
    readonly testNo: number;
  }[];
}
