import Type, { type Static } from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";
import { CheckItem, DueTest, needWords, orderModes, roomKinds, siteKinds } from "./isolation.model.ts";

/** The floors of a site as a person at a screen sees them: rooms, who is in them, who waits. */

export const floorRoomKinds = [...roomKinds, "staff"] as const;
/** What a room is to somebody who looks for one. */
export const roomStates = ["free", "partly", "held", "taken", "cleaning", "closed", "staff"] as const;
export type RoomState = (typeof roomStates)[number];
export const bedStates = ["free", "reserved", "inUse", "cleaning", "blocked"] as const;
export type BedState = (typeof bedStates)[number];
export const roomZones = ["isolation", "clean", "buffer"] as const;
export type RoomZone = (typeof roomZones)[number];

/** Why a person does not get a room. */
export const refusals = [
  "siteNotOpen",
  "notForGuests",
  "otherPlace",
  "needsHospital",
  "besideCase",
  "held",
  "taken",
  "cleaning",
  "closed",
  "otherHousehold",
  "otherPurpose",
  "needsCarer",
] as const;
export type RoomRefusal = (typeof refusals)[number];

const Count = Type.Integer({ minimum: 0 });
const Category = oneOf(["contact", "case"] as const);

const FloorBed = Type.Object({ bedId: Type.Integer(), no: Type.Integer(), state: oneOf(bedStates) });

const FloorGuest = Type.Object({
  orderId: Type.String(),
  /** The name with all but its first character covered. */
  coveredName: Type.String(),
  category: Category,
  planClass: Type.String(),
  /** Is the bed kept for the person, or is the person there? */
  arrived: Type.Boolean(),
  /** May the allocation be taken back: nobody has set out yet. */
  mayTakeBack: Type.Boolean(),
  endDay: nullable(Type.String()),
});
export type FloorGuest = Static<typeof FloorGuest>;

export const FloorRoom = Type.Object({
  roomId: Type.Integer(),
  floor: Type.Integer(),
  /** The plan class that the floor serves; null when it is empty. */
  purpose: nullable(Type.String()),
  no: Type.String(),
  kind: oneOf(floorRoomKinds),
  zone: oneOf(roomZones),
  state: oneOf(roomStates),
  beds: Type.Array(FloorBed),
  guests: Type.Array(FloorGuest),
  /** Why the person asked about does not get the room; null when nothing stands against it or nobody was asked about. */
  refusal: nullable(Type.Object({ why: oneOf(refusals), rule: Type.String() })),
});
export type FloorRoom = Static<typeof FloorRoom>;

/** A guest by name; leaves only for a purpose. */
export const NamedGuest = Type.Object({
  orderId: Type.String(),
  name: Type.String(),
  idLast4: nullable(Type.String()),
});
export type NamedGuest = Static<typeof NamedGuest>;

/** Somebody who waits for a room or, with a room, for a vehicle. */
export const WaitingPerson = Type.Object({
  orderId: Type.String(),
  coveredName: Type.String(),
  areaCode: Type.String(),
  category: Category,
  planClass: Type.String(),
  mode: oneOf(orderModes),
  age: nullable(Type.Integer()),
  needs: Type.Array(oneOf(needWords)),
  /** How many of the household wait too, this person among them. */
  household: Count,
  orderedAt: Type.String(),
  dueAt: Type.String(),
  siteId: nullable(Type.String()),
  siteName: nullable(Type.String()),
  siteNameEn: nullable(Type.String()),
  siteKind: nullable(oneOf(siteKinds)),
});
export type WaitingPerson = Static<typeof WaitingPerson>;

/** Somebody at the end of a plan or in care, with what stands for and against leaving. */
export const Leaving = Type.Object({
  orderId: Type.String(),
  personId: Type.Integer(),
  coveredName: Type.String(),
  areaCode: Type.String(),
  category: Category,
  planClass: Type.String(),
  mode: oneOf(orderModes),
  siteId: nullable(Type.String()),
  siteName: nullable(Type.String()),
  siteNameEn: nullable(Type.String()),
  startAt: nullable(Type.String()),
  plannedEndDay: nullable(Type.String()),
  ready: Type.Boolean(),
  checks: Type.Array(CheckItem),
});
export type Leaving = Static<typeof Leaving>;

export const ReleaseDay = Type.Object({ day: Type.String(), release: Count, home: Count });
export type ReleaseDay = Static<typeof ReleaseDay>;

/** What a paper of release says; leaves only for a purpose. */
export const ReleasePaper = Type.Object({
  orderId: Type.String(),
  name: Type.String(),
  idLast4: nullable(Type.String()),
  areaCode: Type.String(),
  planClass: Type.String(),
  siteName: nullable(Type.String()),
  siteNameEn: nullable(Type.String()),
  startAt: nullable(Type.String()),
  endedAt: nullable(Type.String()),
  negatives: Count,
});
export type ReleasePaper = Static<typeof ReleasePaper>;

export const DueTestShown = Type.Object({ ...DueTest.properties, coveredName: Type.String() });
export type DueTestShown = Static<typeof DueTestShown>;
