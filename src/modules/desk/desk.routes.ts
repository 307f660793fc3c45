import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import { SavedView, SaveView, Timeline, TimelineQuery, ViewQuery } from "./desk.model.ts";
import { recordTimeline } from "./timeline.service.ts";
import { dropView, listViews, saveView } from "./views.service.ts";

const tag = "desk";

export const routes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/desk/views",
    operationId: "listViews",
    tag,
    permission: listViews.def.permission,
    summary: "Saved views of a page: one's own, and those shared by one's area and the areas above",
    query: ViewQuery,
    response: Type.Object({ items: Type.Array(SavedView) }),
    handler: async (ctx, { query }) => ({ items: await listViews(ctx, query) }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/desk/views",
    operationId: "saveView",
    tag,
    permission: saveView.def.permission,
    summary: "Keep a list's filters and columns under a name; the same name is the same view",
    body: SaveView,
    response: SavedView,
    handler: (ctx, { body }) => saveView(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/desk/views/:id/drop",
    operationId: "dropView",
    tag,
    permission: dropView.def.permission,
    summary: "Drop a view of one's own",
    params: Type.Object({ id: Type.String({ format: "uuid" }) }),
    response: Type.Object({ id: Type.String() }),
    handler: (ctx, { params }) => dropView(ctx, params),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/desk/timeline",
    operationId: "recordTimeline",
    tag,
    permission: recordTimeline.def.permission,
    summary: "What happened to records, latest first, by which role and why, and what is still to do",
    query: TimelineQuery,
    response: Timeline,
    handler: (ctx, { query }) => recordTimeline(ctx, query),
  }),
];
