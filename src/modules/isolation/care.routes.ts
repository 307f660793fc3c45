import Type from "typebox";
import { oneOf, page } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { answerCare, askCare, confirmCare, listCare } from "./care.service.ts";
import { expectHomecomings, handOverHome, listHomecomings, receiveHome } from "./homecoming.service.ts";
import { Ids } from "./isolation.model.ts";
import { careKinds, CareRow, careStates, HomecomingRow, homecomingStates } from "./life.model.ts";
import { pageQuery, Person, Uuid } from "./shapes.model.ts";

const tag = "isolation";
const rowsMax = 2_000;

export const careRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/care-requests",
    operationId: "listCareRequests",
    tag,
    permission: listCare.def.permission,
    summary: "Requests of guests, due first",
    query: Type.Object({
      ...pageQuery,
      siteId: Type.Optional(Uuid),
      state: Type.Optional(oneOf(careStates)),
      kind: Type.Optional(oneOf(careKinds)),
      overdue: Type.Optional(Type.Boolean()),
    }),
    response: page(CareRow),
    handler: (ctx, { query }) => listCare(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/care-requests",
    operationId: "askCare",
    tag,
    permission: askCare.def.permission,
    summary: "Record what guests ask for",
    body: Type.Object({
      requests: Type.Array(Type.Object({ orderId: Uuid, kind: oneOf(careKinds) }), { minItems: 1, maxItems: rowsMax }),
    }),
    response: Type.Object({ requestIds: Type.Array(Type.String()) }),
    handler: (ctx, { body }) => askCare(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/care-requests/answer",
    operationId: "answerCare",
    tag,
    permission: answerCare.def.permission,
    summary: "Say what was done",
    body: Type.Object({ requestIds: Ids, answer: Type.String({ minLength: 2, maxLength: 1_000 }) }),
    response: Type.Object({ answered: Type.Integer() }),
    handler: (ctx, { body }) => answerCare(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/care-requests/confirm",
    operationId: "confirmCare",
    tag,
    permission: confirmCare.def.permission,
    summary: "Record whether it helped; if not, the request is open again",
    body: Type.Object({ requestIds: Ids, helped: Type.Boolean() }),
    response: Type.Object({ confirmed: Type.Integer(), sentBack: Type.Integer() }),
    handler: (ctx, { body }) => confirmCare(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/homecomings",
    operationId: "listHomecomings",
    tag,
    permission: listHomecomings.def.permission,
    summary: "People coming home, from our sites and from elsewhere, due first",
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(oneOf(homecomingStates)),
      overdue: Type.Optional(Type.Boolean()),
    }),
    response: page(HomecomingRow),
    handler: (ctx, { query }) => listHomecomings(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/homecomings",
    operationId: "expectHomecomings",
    tag,
    permission: expectHomecomings.def.permission,
    summary: "Announce people who come home from quarantine outside the city",
    body: Type.Object({
      people: Type.Array(
        Type.Object({
          personId: Person,
          expectedAt: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" }),
          fromPlace: Type.String({ minLength: 1, maxLength: 200 }),
        }),
        { minItems: 1, maxItems: rowsMax },
      ),
    }),
    response: Type.Object({ homecomingIds: Type.Array(Type.String()), known: Type.Integer() }),
    handler: (ctx, { body }) => expectHomecomings(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/homecomings/hand-over",
    operationId: "handOverHome",
    tag,
    permission: handOverHome.def.permission,
    summary: "Who brought people signs",
    body: Type.Object({ homecomingIds: Ids }),
    response: Type.Object({ handedOver: Type.Integer() }),
    handler: (ctx, { body }) => handOverHome(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/homecomings/receive",
    operationId: "receiveHome",
    tag,
    permission: receiveHome.def.permission,
    summary: "The community signs",
    body: Type.Object({ homecomingIds: Ids }),
    response: Type.Object({ received: Type.Integer() }),
    handler: (ctx, { body }) => receiveHome(ctx, body),
  }),
];
