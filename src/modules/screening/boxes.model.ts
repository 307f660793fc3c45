import Type, { type Static } from "typebox";
import { positionFields } from "#domain/areas";
import { Moment, nullable, oneOf, page, sorts } from "#domain/outbreaks";
import { AreaCode, Code, Count, Id } from "./shapes.model.ts";

/** Boxes, couriers' hand-overs, sampling sites and laboratories. */

export const boxStates = ["open", "sealed", "in_transit", "received"] as const;
export type BoxState = (typeof boxStates)[number];
export const boxesMax = 2_000;

export const SealBox = Type.Object({ siteId: Id, code: Code, seal: Code });
export type SealBox = Static<typeof SealBox>;
export const HandOverBoxes = Type.Object({
  siteId: Id,
  courier: Type.String({ minLength: 1, maxLength: 100, description: "account or name of who carries the boxes" }),
  boxes: Type.Array(Type.Object({ code: Code, seal: Type.Optional(Code) }), { minItems: 1, maxItems: boxesMax }),
});
export type HandOverBoxes = Static<typeof HandOverBoxes>;
export const ReceiveBoxes = Type.Object({
  labId: Id,
  courier: Type.String({ minLength: 1, maxLength: 100 }),
  boxes: Type.Array(
    Type.Object({ code: Code, counted: Count, missing: Type.Optional(Type.Array(Code, { maxItems: 200 })) }),
    { minItems: 1, maxItems: boxesMax },
  ),
});
export type ReceiveBoxes = Static<typeof ReceiveBoxes>;
export const BoxBad = Type.Object({
  code: Type.String(),
  field: Type.String(),
  why: oneOf(["unknown", "notSealed", "state", "otherSite", "otherCourier"] as const),
});
export type BoxBad = Static<typeof BoxBad>;
export const BoxAnswer = Type.Object({
  boxes: Count,
  tubes: Count,
  people: Count,
  bad: Type.Array(BoxBad),
  discrepancies: Type.Array(Type.Object({ code: Type.String(), expected: Count, counted: Count })),
});
export type BoxAnswer = Static<typeof BoxAnswer>;

export const Box = Type.Object({
  id: Type.String(),
  code: Type.String(),
  areaCode: Type.String(),
  siteId: Type.String(),
  state: oneOf(boxStates),
  tubes: Count,
  seal: nullable(Type.String()),
  handedOverAt: nullable(Moment),
  courier: nullable(Type.String()),
  labId: nullable(Type.String()),
  receivedAt: nullable(Moment),
  counted: nullable(Count),
});
export type Box = Static<typeof Box>;
export const BoxPage = page(Box);
export const BoxQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  state: Type.Optional(oneOf(boxStates)),
  sort: sorts("area", "handedOver", "received"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type BoxQuery = Static<typeof BoxQuery>;

const place = {
  code: Code,
  areaCode: AreaCode,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  nameEn: Type.Optional(Type.String({ maxLength: 200 })),
  ...positionFields,
};
export const NewSite = Type.Object({
  ...place,
  tables: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type NewSite = Static<typeof NewSite>;
export const NewLab = Type.Object({ ...place, capacityTubesDay: Count });
export type NewLab = Static<typeof NewLab>;
export const RegisterSites = Type.Object({
  areaCode: AreaCode,
  sites: Type.Array(NewSite, { minItems: 1, maxItems: 10_000 }),
});
export type RegisterSites = Static<typeof RegisterSites>;
export const RegisterLabs = Type.Object({
  areaCode: AreaCode,
  labs: Type.Array(NewLab, { minItems: 1, maxItems: 1_000 }),
});
export type RegisterLabs = Static<typeof RegisterLabs>;
export const Site = Type.Object({
  id: Type.String(),
  code: Type.String(),
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  tables: Type.Integer(),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  state: oneOf(["open", "closed"] as const),
});
export type Site = Static<typeof Site>;
export const SitePage = page(Site);
export const Lab = Type.Object({
  id: Type.String(),
  code: Type.String(),
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  capacityTubesDay: Count,
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  state: oneOf(["open", "closed"] as const),
  /** Received and without a result. */ backlog: Count,
});
export type Lab = Static<typeof Lab>;
export const LabPage = page(Lab);
export const PlaceQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type PlaceQuery = Static<typeof PlaceQuery>;
