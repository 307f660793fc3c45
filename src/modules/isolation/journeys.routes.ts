import Type from "typebox";
import { nullable, oneOf, page, sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { Ids, Transfer, transferStates } from "./isolation.model.ts";
import { recordClinical, recordExitTests, recordTestSampling } from "./tests.service.ts";
import { arrive, cancelTransfer, depart, listTransfers, requestTransfer } from "./transfers.service.ts";
import { Area, Day, Id, pageQuery, Person, TripShape, Uuid } from "./shapes.model.ts";

const tag = "isolation";
const Moment = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" });
const rowsMax = 2_000;
const People = Type.Object({ people: Type.Integer() });

export const journeyRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/transfers",
    operationId: "listTransfers",
    tag,
    permission: listTransfers.def.permission,
    summary: "Journeys, due first",
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(oneOf(transferStates)),
      direction: Type.Optional(oneOf(["toSite", "home"] as const)),
      overdue: Type.Optional(Type.Boolean()),
      arrivedSince: Type.Optional(Moment),
      sort: sorts("due", "requested", "arrived"),
    }),
    response: page(Transfer),
    handler: (ctx, { query }) => listTransfers(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/transfers",
    operationId: "requestTransfers",
    tag,
    permission: requestTransfer.def.permission,
    summary: "Ask for vehicles for orders that have a bed",
    body: Type.Object({
      areaCode: Type.Optional(Area),
      orderIds: Type.Optional(Ids),
      seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
      vehicle: Type.Optional(Type.String({ maxLength: 60 })),
    }),
    response: Type.Object({ transfers: Type.Array(TripShape) }),
    handler: (ctx, { body }) => requestTransfer(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/transfers/depart",
    operationId: "departTransfers",
    tag,
    permission: depart.def.permission,
    summary: "The end a vehicle leaves from confirms",
    body: Type.Object({ transferIds: Ids, vehicle: Type.Optional(Type.String({ maxLength: 60 })) }),
    response: People,
    handler: (ctx, { body }) => depart(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/transfers/arrive",
    operationId: "arriveTransfers",
    tag,
    permission: arrive.def.permission,
    summary: "The end a vehicle goes to confirms",
    body: Type.Object({ transferIds: Ids }),
    response: People,
    handler: (ctx, { body }) => arrive(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/transfers/:id/cancel",
    operationId: "cancelTransfer",
    tag,
    permission: cancelTransfer.def.permission,
    summary: "Call off a trip that has not left",
    params: Id,
    response: People,
    handler: (ctx, { params }) => cancelTransfer(ctx, { transferId: params.id }),
  }),
];

export const testRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    url: "/api/v1/due-tests/sampled",
    operationId: "recordTestSampling",
    tag,
    permission: recordTestSampling.def.permission,
    summary: "Samples were taken",
    body: Type.Object({
      samples: Type.Array(Type.Object({ personId: Person, tubeId: nullable(Type.Integer({ minimum: 1 })) }), {
        minItems: 1,
        maxItems: rowsMax,
      }),
    }),
    response: Type.Object({ linked: Type.Integer() }),
    handler: (ctx, { body }) => recordTestSampling(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/exit-tests",
    operationId: "recordExitTests",
    tag,
    permission: recordExitTests.def.permission,
    summary: "Results of the hospital's laboratory for patients",
    body: Type.Object({
      tests: Type.Array(
        Type.Object({
          personId: Person,
          result: oneOf(["negative", "positive"] as const),
          ctN: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 60 }))),
          ctOrf: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 60 }))),
          sampledAt: Type.Optional(Moment),
        }),
        { minItems: 1, maxItems: rowsMax },
      ),
    }),
    response: Type.Object({ taken: Type.Integer() }),
    handler: (ctx, { body }) => recordExitTests(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/clinical-records",
    operationId: "recordClinical",
    tag,
    permission: recordClinical.def.permission,
    summary: "Symptoms and clinical conditions of patients",
    body: Type.Object({
      rows: Type.Array(
        Type.Object({
          orderId: Uuid,
          symptomatic: Type.Optional(Type.Boolean()),
          feverFreeSince: Type.Optional(nullable(Day)),
          clinical: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
        }),
        { minItems: 1, maxItems: rowsMax },
      ),
    }),
    response: Type.Object({ changed: Type.Integer() }),
    handler: (ctx, { body }) => recordClinical(ctx, body),
  }),
];
