import Type from "typebox";
import { oneOf, page, sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import {
  Capacity,
  CheckItem,
  Ids,
  NewSite,
  Order,
  Room,
  Site,
  needWords,
  orderModes,
  orderStates,
  siteKinds,
  siteStates,
} from "./isolation.model.ts";
import { addSites, allocate, capacity, listRooms, listSites, setNeeds } from "./places.service.ts";
import { closeSite, openSite } from "./life.service.ts";
import { release, releaseCheck } from "./release.service.ts";
import { changePlace, listOrders, startHome } from "./transfers.service.ts";

import { floorRoutes } from "./floors.routes.ts";
import { releaseRoutes } from "./releases.routes.ts";
import { careRoutes } from "./care.routes.ts";
import { siteLifeRoutes } from "./life.routes.ts";
import { journeyRoutes, testRoutes } from "./journeys.routes.ts";
import { Area, AssignmentShape, Day, Id, pageQuery, Person, TripShape, Uuid } from "./shapes.model.ts";

const tag = "isolation";
const Batch = Type.Object({
  areaCode: Type.Optional(Area),
  orderIds: Type.Optional(Ids),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000 })),
});
const siteRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/isolation-sites",
    operationId: "listIsolationSites",
    tag,
    permission: listSites.def.permission,
    summary: "Quarantine sites, fangcang phases and hospitals with their beds",
    query: Type.Object({
      ...pageQuery,
      kind: Type.Optional(oneOf(siteKinds)),
      state: Type.Optional(oneOf(siteStates)),
    }),
    response: page(Site),
    handler: (ctx, { query }) => listSites(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/isolation-sites",
    operationId: "addIsolationSites",
    tag,
    permission: addSites.def.permission,
    summary: "Add sites with all their rooms and beds",
    body: Type.Object({ sites: Type.Array(NewSite, { minItems: 1, maxItems: 2_000 }) }),
    response: Type.Object({ siteIds: Type.Array(Type.String()), rooms: Type.Integer(), beds: Type.Integer() }),
    handler: (ctx, { body }) => addSites(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/isolation-sites/:id/open",
    operationId: "openIsolationSite",
    tag,
    permission: openSite.def.permission,
    summary: "Open a planned site or the next fangcang phase",
    params: Id,
    /** How many beds to begin with; without it all of them. */
    query: Type.Object({ beds: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })) }),
    response: Site,
    handler: (ctx, { params, query }) => openSite(ctx, { siteId: params.id, ...query }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/isolation-sites/:id/close",
    operationId: "closeIsolationSite",
    tag,
    permission: closeSite.def.permission,
    summary: "Close a site nobody lives in",
    params: Id,
    response: Site,
    handler: (ctx, { params }) => closeSite(ctx, { siteId: params.id }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/rooms",
    operationId: "listRooms",
    tag,
    permission: listRooms.def.permission,
    summary: "Rooms with what is taken",
    query: Type.Object({
      ...pageQuery,
      siteId: Type.Optional(Uuid),
      kind: Type.Optional(oneOf(siteKinds)),
      state: Type.Optional(oneOf(["free", "inUse", "full"] as const)),
    }),
    response: page(Room),
    handler: (ctx, { query }) => listRooms(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/capacity",
    operationId: "isolationCapacity",
    tag,
    permission: capacity.def.permission,
    summary: "Beds by site, county or kind, and when they run out",
    query: Type.Object({
      areaCode: Type.Optional(Area),
      by: Type.Optional(oneOf(["site", "county", "kind"] as const)),
    }),
    response: Capacity,
    handler: (ctx, { query }) => capacity(ctx, query),
  }),
];

const orderRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/orders",
    operationId: "listIsolationOrders",
    tag,
    permission: listOrders.def.permission,
    summary: "Isolation orders, due first",
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(oneOf(orderStates)),
      mode: Type.Optional(oneOf(orderModes)),
      category: Type.Optional(oneOf(["contact", "case"] as const)),
      siteId: Type.Optional(Uuid),
      overdue: Type.Optional(Type.Boolean()),
      sort: sorts("due", "ordered", "end"),
    }),
    response: page(Order),
    handler: (ctx, { query }) => listOrders(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/allocate",
    operationId: "allocateBeds",
    tag,
    permission: allocate.def.permission,
    summary: "Give beds to waiting orders by rule",
    body: Batch,
    response: Type.Object({
      assignments: Type.Array(AssignmentShape),
      beds: Type.Integer(),
      home: Type.Integer(),
      none: Type.Integer(),
    }),
    handler: (ctx, { body }) => allocate(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/:id/needs",
    operationId: "setOrderNeeds",
    tag,
    permission: setNeeds.def.permission,
    summary: "Record what a person needs before a place is chosen",
    params: Id,
    body: Type.Object({ needs: Type.Array(oneOf(needWords), { maxItems: 10 }) }),
    response: Type.Object({ orderId: Type.String(), needs: Type.Array(Type.String()) }),
    handler: (ctx, { params, body }) => setNeeds(ctx, { orderId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/:id/place",
    operationId: "changePlace",
    tag,
    permission: changePlace.def.permission,
    summary: "Move somebody to another kind of place in the same plan",
    params: Id,
    body: Type.Object({ mode: oneOf(orderModes), reason: Type.String({ minLength: 2, maxLength: 1_000 }) }),
    response: Type.Object({ orderId: Type.String(), mode: Type.String() }),
    handler: (ctx, { params, body }) => changePlace(ctx, { orderId: params.id, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/start-home",
    operationId: "startHome",
    tag,
    permission: startHome.def.permission,
    summary: "Home quarantine or monitoring begins",
    body: Type.Object({
      areaCode: Type.Optional(Area),
      orderIds: Type.Optional(Ids),
      carerPersonId: Type.Optional(Person),
    }),
    response: Type.Object({ orderIds: Type.Array(Type.String()) }),
    handler: (ctx, { body }) => startHome(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/orders/:id/release-check",
    operationId: "releaseCheck",
    tag,
    permission: releaseCheck.def.permission,
    summary: "An order's release check-list",
    params: Id,
    response: Type.Object({ orderId: Type.String(), ready: Type.Boolean(), checks: Type.Array(CheckItem) }),
    handler: (ctx, { params }) => releaseCheck(ctx, { orderId: params.id }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/orders/release",
    operationId: "releaseOrders",
    tag,
    permission: release.def.permission,
    summary: "Release and discharge all whose check-list is met",
    body: Type.Object({ areaCode: Type.Optional(Area), day: Type.Optional(Day), orderIds: Type.Optional(Ids) }),
    response: Type.Object({
      released: Type.Integer(),
      discharged: Type.Integer(),
      trips: Type.Array(TripShape),
      waiting: Type.Array(Type.Object({ orderId: Type.String(), checks: Type.Array(CheckItem) })),
    }),
    handler: async (ctx, { body }) => {
      const done = await release(ctx, body);
      return {
        ...done,
        trips: [...done.trips],
        waiting: done.waiting.map((row) => ({ orderId: row.orderId, checks: [...row.checks] })),
      };
    },
  }),
];

export const routes: readonly Route[] = [
  ...siteRoutes,
  ...siteLifeRoutes,
  ...floorRoutes,
  ...releaseRoutes,
  ...orderRoutes,
  ...journeyRoutes,
  ...testRoutes,
  ...careRoutes,
];
