import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import {
  FindPerson,
  Found,
  FoundPerson,
  MarkRead,
  NoticePage,
  NoticeQuery,
  SavedView,
  SaveView,
  SearchQuery,
  Timeline,
  TimelineQuery,
  ViewQuery,
} from "./desk.model.ts";
import { listNotices, markNoticesRead } from "./notices.service.ts";
import { findPersonByKey, searchRecords } from "./search.service.ts";
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
  defineRoute({
    method: "GET",
    url: "/api/v1/desk/search",
    operationId: "searchRecords",
    tag,
    permission: searchRecords.def.permission,
    summary: "Records by their own names and numbers, each kind only for who may read it; never a person",
    query: SearchQuery,
    response: Type.Object({ items: Type.Array(Found) }),
    handler: async (ctx, { query }) => ({ items: await searchRecords(ctx, query) }),
  }),
  defineRoute({
    // The number travels in the body, so that no log of addresses ever holds one.
    method: "POST",
    url: "/api/v1/desk/person",
    operationId: "findPersonByKey",
    tag,
    permission: findPersonByKey.def.permission,
    summary: "A person by a full identity number or phone (a reason is needed)",
    body: FindPerson,
    response: Type.Object({ items: Type.Array(FoundPerson) }),
    handler: async (ctx, { body }) => ({ items: await findPersonByKey(ctx, body) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/desk/notices",
    operationId: "listNotices",
    tag,
    permission: listNotices.def.permission,
    summary: "What came in for the reader's teams and area in the last 48 hours, latest first",
    query: NoticeQuery,
    response: NoticePage,
    handler: (ctx, { query }) => listNotices(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/desk/notices/read",
    operationId: "markNoticesRead",
    tag,
    permission: markNoticesRead.def.permission,
    summary: "Note notices as read: all up to a moment, or single ones",
    body: MarkRead,
    response: Type.Object({ unread: Type.Integer() }),
    handler: (ctx, { body }) => markNoticesRead(ctx, body),
  }),
];
