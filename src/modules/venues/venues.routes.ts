import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import {
  CoPresence,
  RecordAnswer,
  RecordVisits,
  RegisterVenues,
  VenuePage,
  VenueQuery,
  VisitRow,
  WhereQuery,
} from "./venues.model.ts";
import { coPresence, listVenues, recordVisits, registerVenues, venueCode, visitsOfPerson } from "./venues.service.ts";

const tag = "venues";
const PersonParams = Type.Object({ personId: Type.Integer({ minimum: 1 }) });

export const routes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/venues",
    operationId: "listVenues",
    tag,
    permission: listVenues.def.permission,
    summary: "Venues of an area",
    query: VenueQuery,
    response: VenuePage,
    handler: (ctx, { query }) => listVenues(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/venues",
    operationId: "registerVenues",
    tag,
    permission: registerVenues.def.permission,
    summary: "Register venues",
    body: RegisterVenues,
    response: Type.Object({ venues: Type.Integer() }),
    handler: (ctx, { body }) => registerVenues(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/venues/:id/code.svg",
    operationId: "venueCode",
    tag,
    permission: venueCode.def.permission,
    summary: "The venue's code as a QR picture",
    params: Type.Object({ id: Type.String({ format: "uuid" }) }),
    response: null,
    handler: async (ctx, { params }) => ({ contentType: "image/svg+xml", text: await venueCode(ctx, params) }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/visits",
    operationId: "recordVisits",
    tag,
    permission: recordVisits.def.permission,
    summary: "Record scans in a batch",
    body: RecordVisits,
    response: RecordAnswer,
    handler: (ctx, { body }) => recordVisits(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/people/:personId/visits",
    operationId: "visitsOfPerson",
    tag,
    permission: visitsOfPerson.def.permission,
    summary: "Where a person was (with a reason)",
    params: PersonParams,
    query: WhereQuery,
    response: Type.Object({ items: Type.Array(VisitRow) }),
    handler: async (ctx, { params, query }) => ({ items: await visitsOfPerson(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/people/:personId/co-presence",
    operationId: "coPresence",
    tag,
    permission: coPresence.def.permission,
    summary: "Who was where a person was (with a reason)",
    params: PersonParams,
    query: WhereQuery,
    response: Type.Object({ items: Type.Array(CoPresence) }),
    handler: async (ctx, { params, query }) => ({ items: await coPresence(ctx, { ...params, ...query }) }),
  }),
];
