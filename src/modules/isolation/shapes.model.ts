import Type from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";

/** Shapes the routes of this module share. */

export const Id = Type.Object({ id: Type.String({ format: "uuid" }) });
export const Area = Type.String({ maxLength: 20 });
export const Uuid = Type.String({ format: "uuid" });
export const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
export const Person = Type.Integer({ minimum: 1 });
export const pageQuery = {
  areaCode: Type.Optional(Area),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
export const TripShape = Type.Object({
  transferId: Type.String(),
  direction: oneOf(["toSite", "home"] as const),
  category: oneOf(["contact", "case"] as const),
  siteId: nullable(Type.String()),
  areaCode: Type.String(),
  toAreaCode: Type.String(),
  people: Type.Integer(),
  dueAt: Type.String(),
});
export const AssignmentShape = Type.Object({
  orderId: Type.String(),
  personId: Type.Integer(),
  outcome: oneOf(["bed", "home", "none"] as const),
  rule: Type.String(),
  siteId: Type.Optional(Type.String()),
  roomId: Type.Optional(Type.Integer()),
  bedId: Type.Optional(Type.Integer()),
});
