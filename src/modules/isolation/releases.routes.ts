import Type from "typebox";
import { oneOf, page, sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { DueTestShown, Leaving, ReleaseDay, ReleasePaper } from "./floors.model.ts";
import { listReleases, releaseForecast, releasePapers, testsOfDay } from "./releases.service.ts";
import { releaseGroups } from "./releases.store.ts";
import { Area, Day, pageQuery, Uuid } from "./shapes.model.ts";

const tag = "isolation";
const papersMax = 200;

export const releaseRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/releases",
    operationId: "listReleases",
    tag,
    permission: listReleases.def.permission,
    summary: "Who is at the end of a plan or in care, each with the check-list",
    query: Type.Object({
      ...pageQuery,
      group: oneOf(releaseGroups),
      day: Type.Optional(Day),
      sort: sorts("end", "since"),
    }),
    response: page(Leaving),
    handler: (ctx, { query }) => listReleases(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/releases/forecast",
    operationId: "releaseForecast",
    tag,
    permission: releaseForecast.def.permission,
    summary: "How many plans and stretches end on each of the coming days",
    query: Type.Object({
      areaCode: Type.Optional(Area),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 21 })),
    }),
    response: Type.Object({ items: Type.Array(ReleaseDay) }),
    handler: (ctx, { query }) => releaseForecast(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/releases/papers",
    operationId: "releasePapers",
    tag,
    permission: releasePapers.def.permission,
    summary: "The papers of people who were released, for a purpose",
    body: Type.Object({ orderIds: Type.Array(Uuid, { minItems: 1, maxItems: papersMax }) }),
    response: Type.Object({ items: Type.Array(ReleasePaper) }),
    handler: (ctx, { body }) => releasePapers(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/due-tests",
    operationId: "listDueTests",
    tag,
    permission: testsOfDay.def.permission,
    summary: "Who must be sampled by a day, missed tests marked",
    query: Type.Object({
      ...pageQuery,
      day: Type.Optional(Day),
      siteId: Type.Optional(Uuid),
      category: Type.Optional(oneOf(["contact", "case"] as const)),
    }),
    response: page(DueTestShown),
    handler: (ctx, { query }) => testsOfDay(ctx, query),
  }),
];
