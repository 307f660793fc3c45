import Type from "typebox";
import { oneOf, page } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { FloorRoom, NamedGuest, WaitingPerson } from "./floors.model.ts";
import { assignBed, floorRooms, listWaiting, siteGuests, takeBack } from "./floors.service.ts";
import { siteKinds } from "./isolation.model.ts";
import { Area, AssignmentShape, Id, Uuid } from "./shapes.model.ts";

const tag = "isolation";
const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};

export const floorRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/isolation-sites/:id/rooms",
    operationId: "listFloorRooms",
    tag,
    permission: floorRooms.def.permission,
    summary: "A site's rooms with beds and guests; with an order, why that person does not get each room",
    params: Id,
    query: Type.Object({ ...paging, orderId: Type.Optional(Uuid) }),
    response: page(FloorRoom),
    handler: (ctx, { params, query }) => floorRooms(ctx, { siteId: params.id, ...query }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/isolation-sites/:id/guests",
    operationId: "listSiteGuests",
    tag,
    permission: siteGuests.def.permission,
    summary: "A site's guests by name, for a purpose",
    params: Id,
    query: Type.Object(paging),
    response: page(NamedGuest),
    handler: (ctx, { params, query }) => siteGuests(ctx, { siteId: params.id, ...query }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/orders/waiting",
    operationId: "listWaitingOrders",
    tag,
    permission: listWaiting.def.permission,
    summary: "Who waits for a room, or has one and waits for a vehicle, due first",
    query: Type.Object({
      ...paging,
      for: oneOf(["room", "vehicle"] as const),
      areaCode: Type.Optional(Area),
      siteKind: Type.Optional(oneOf(siteKinds)),
    }),
    response: page(WaitingPerson),
    handler: (ctx, { query }) => listWaiting(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/:id/assign-bed",
    operationId: "assignBed",
    tag,
    permission: assignBed.def.permission,
    summary: "Give one order a chosen bed",
    params: Id,
    body: Type.Object({ bedId: Type.Integer({ minimum: 1 }) }),
    response: AssignmentShape,
    handler: (ctx, { params, body }) => assignBed(ctx, { orderId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/:id/take-back",
    operationId: "takeBackBed",
    tag,
    permission: takeBack.def.permission,
    summary: "Take an allocation back before anybody has set out",
    params: Id,
    response: Type.Object({ orderId: Type.String() }),
    handler: (ctx, { params }) => takeBack(ctx, { orderId: params.id }),
  }),
];
