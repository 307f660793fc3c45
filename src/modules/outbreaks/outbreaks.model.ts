import Type, { type Static } from "typebox";
import { Protocol } from "./protocol.model.ts";
import { Text, Moment, nullable, oneOf } from "./schema.model.ts";
import { phases, type Phase } from "./vocabulary.model.ts";

const Id = Type.String({ format: "uuid" });

export const OutbreakCard = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  disease: Type.String(),
  protocolId: Type.String(),
  protocolVersion: Type.String(),
  timeZone: Type.String(),
  areaCode: Type.String(),
  phase: oneOf(phases),
  responseLevel: Type.String(),
  firstPositiveAt: nullable(Moment),
  openedAt: Moment,
  communityZeroAt: nullable(Moment),
  allClearAt: nullable(Moment),
  closedAt: nullable(Moment),
  drill: Type.Boolean(),
});
export type OutbreakCard = Static<typeof OutbreakCard>;

/** An outbreak with the rules it runs under. */
export interface Outbreak extends OutbreakCard {
  readonly protocol: Protocol;
}

export const OpenOutbreak = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    nameEn: Type.String({ minLength: 1, maxLength: 200 }),
    areaCode: Type.String({ maxLength: 20 }),
    timeZone: Type.String({ minLength: 1, maxLength: 60 }),
    /** A protocol of the library, by id. */
    protocolId: Type.String({ maxLength: 100 }),
    responseLevel: Type.Optional(Type.String({ maxLength: 60 })),
    drill: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type OpenOutbreak = Static<typeof OpenOutbreak>;

const protocolTextCharsMax = 500_000;

export const MoveToProtocol = Type.Object(
  {
    /** A protocol of the library, or else `text`. */
    protocolId: Type.Optional(Type.String({ maxLength: 100 })),
    /** A protocol as YAML. */
    text: Type.Optional(Type.String({ maxLength: protocolTextCharsMax })),
    reason: Type.String({ minLength: 1, maxLength: 1_000 }),
  },
  { additionalProperties: false },
);
export type MoveToProtocol = Static<typeof MoveToProtocol> & { readonly outbreakId: string };

export const ProtocolMove = Type.Object({
  revision: Type.Integer(),
  protocolId: Type.String(),
  protocolVersion: Type.String(),
  fromAt: Moment,
  movedBy: Type.String(),
  reason: Type.String(),
});
export type ProtocolMove = Static<typeof ProtocolMove>;

export const Stage = Type.Object({
  kind: oneOf(["phase", "responseLevel"] as const),
  value: Type.String(),
  at: Moment,
  setBy: Type.String(),
});
export type Stage = Static<typeof Stage>;

export const OutbreakDetail = Type.Object({
  ...OutbreakCard.properties,
  protocol: Protocol,
  moves: Type.Array(ProtocolMove),
  stages: Type.Array(Stage),
});
export type OutbreakDetail = Static<typeof OutbreakDetail>;

export const OutbreakPage = Type.Object({
  items: Type.Array(OutbreakCard),
  next: nullable(Type.String()),
});

export const ProtocolCard = Type.Object({
  id: Type.String(),
  version: Type.String(),
  effective: Type.String(),
  disease: Type.String(),
  title: Text,
});
export type ProtocolCard = Static<typeof ProtocolCard>;

export const ProtocolDifference = Type.Object({
  pointer: Type.String(),
  /** The value as JSON text; null where the protocol has no such field. */
  from: nullable(Type.String()),
  to: nullable(Type.String()),
});
export type ProtocolDifference = Static<typeof ProtocolDifference>;

export const ProtocolCheck = Type.Object({
  valid: Type.Boolean(),
  faults: Type.Array(Type.Object({ pointer: Type.String(), message: Type.String(), line: Type.Integer() })),
});
export type ProtocolCheck = Static<typeof ProtocolCheck>;

export const OutbreakParams = Type.Object({ id: Id });

/** Data of `outbreaks.opened`. */
export interface OutbreakOpened {
  readonly protocolId: string;
  readonly protocolVersion: string;
  readonly drill: boolean;
}

/** Data of `outbreaks.phaseChanged`. */
export interface PhaseChanged {
  readonly from: Phase;
  readonly to: Phase;
}

/** Data of `outbreaks.protocolMoved`. */
export interface ProtocolMoved {
  readonly from: string;
  readonly to: string;
  readonly revision: number;
}

/** Data of `outbreaks.responseLevelChanged`. */
export interface ResponseLevelChanged {
  readonly from: string;
  readonly to: string;
}
