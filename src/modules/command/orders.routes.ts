import Type from "typebox";
import { page } from "#domain/outbreaks";
import { defineRoute, htmlAnswer, type Route } from "#platform/http";
import {
  acceptReport,
  acknowledgeDirective,
  getDirective,
  listDirectives,
  listRelays,
  relayDirective,
  reportDirective,
  sendReportBack,
} from "./directives.service.ts";
import { listMinutes, writeMinutes } from "./minutes.service.ts";
import {
  DirectiveCard,
  DirectiveDetail,
  Minutes,
  NewDirective,
  Relay,
  RelayQuery,
  RelayReport,
  WriteMinutes,
} from "./orders.model.ts";
import { PlanSteps, ReopeningQuery, ReopeningStep } from "./reopening.model.ts";
import { Review } from "./review.model.ts";
import { chronicleDocument, getReview, reviewDocument } from "./review.service.ts";
import { keepStepOpen, listReopening, planReopening, reopenStep, suspendStep } from "./reopening.service.ts";

const tag = "command orders";
const Id = Type.Object({ id: Type.String({ format: "uuid" }) });
const Reason = Type.Object({ reason: Type.String({ minLength: 2, maxLength: 500 }) });
const Paging = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});

const directives: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/directives",
    operationId: "listDirectives",
    tag,
    permission: listDirectives.def.permission,
    summary: "Directives with how far the counties are, the newest first",
    query: Paging,
    response: page(DirectiveCard),
    handler: (ctx, { query }) => listDirectives(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/directives/:id",
    operationId: "getDirective",
    tag,
    permission: getDirective.def.permission,
    summary: "One directive with what each county did",
    params: Id,
    response: DirectiveDetail,
    handler: (ctx, { params }) => getDirective(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/directives",
    operationId: "relayDirective",
    tag,
    permission: relayDirective.def.permission,
    summary: "Relay a directive to every county at once",
    body: NewDirective,
    response: DirectiveDetail,
    handler: (ctx, { body }) => relayDirective(ctx, body),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/directive-relays",
    operationId: "listDirectiveRelays",
    tag,
    permission: listRelays.def.permission,
    summary: "One row a county and directive, by the deadline of its report",
    query: RelayQuery,
    response: page(Relay),
    handler: (ctx, { query }) => listRelays(ctx, query),
  }),
];

const relays: readonly Route[] = [
  defineRoute({
    method: "POST",
    url: "/api/v1/directive-relays/:id/receipt",
    operationId: "acknowledgeDirective",
    tag,
    permission: acknowledgeDirective.def.permission,
    summary: "Say that a directive has reached the county",
    params: Id,
    response: Relay,
    handler: (ctx, { params }) => acknowledgeDirective(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/directive-relays/:id/report",
    operationId: "reportDirective",
    tag,
    permission: reportDirective.def.permission,
    summary: "Report how the county carried a directive out",
    params: Id,
    body: RelayReport,
    response: Relay,
    handler: (ctx, { params, body }) => reportDirective(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/directive-relays/:id/accept",
    operationId: "acceptDirectiveReport",
    tag,
    permission: acceptReport.def.permission,
    summary: "Accept a county's report; by somebody other than who reported",
    params: Id,
    response: Relay,
    handler: (ctx, { params }) => acceptReport(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/directive-relays/:id/send-back",
    operationId: "sendDirectiveReportBack",
    tag,
    permission: sendReportBack.def.permission,
    summary: "Send a county's report back with a reason",
    params: Id,
    body: Reason,
    response: Relay,
    handler: (ctx, { params, body }) => sendReportBack(ctx, { ...params, ...body }),
  }),
];

const reopening: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/reopening",
    operationId: "listReopening",
    tag,
    permission: listReopening.def.permission,
    summary: "The steps of the reopening with their conditions as they stand",
    query: ReopeningQuery,
    response: page(ReopeningStep),
    handler: (ctx, { query }) => listReopening(ctx, query),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/reopening",
    operationId: "planReopening",
    tag,
    permission: planReopening.def.permission,
    summary: "Plan steps of the reopening; the same codes again change what is still planned",
    body: PlanSteps,
    response: Type.Object({ added: Type.Integer(), changed: Type.Integer() }),
    handler: (ctx, { body }) => planReopening(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/reopening/:id/reopen",
    operationId: "reopenStep",
    tag,
    permission: reopenStep.def.permission,
    summary: "Reopen a step whose conditions all hold",
    params: Id,
    response: ReopeningStep,
    handler: (ctx, { params }) => reopenStep(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/reopening/:id/suspend",
    operationId: "suspendStep",
    tag,
    permission: suspendStep.def.permission,
    summary: "Close a reopened place again, with the reason",
    params: Id,
    body: Reason,
    response: ReopeningStep,
    handler: (ctx, { params, body }) => suspendStep(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/reopening/:id/keep",
    operationId: "keepStepOpen",
    tag,
    permission: keepStepOpen.def.permission,
    summary: "Leave a place open although somebody was found there, with the reason",
    params: Id,
    body: Reason,
    response: ReopeningStep,
    handler: (ctx, { params, body }) => keepStepOpen(ctx, { ...params, ...body }),
  }),
];

const minutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/briefings/:id/minutes",
    operationId: "listMinutes",
    tag,
    permission: listMinutes.def.permission,
    summary: "The minutes of a briefing, every version",
    params: Id,
    response: Type.Object({ items: Type.Array(Minutes) }),
    handler: async (ctx, { params }) => ({ items: await listMinutes(ctx, params) }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/briefings/:id/minutes",
    operationId: "writeMinutes",
    tag,
    permission: writeMinutes.def.permission,
    summary: "Write the minutes of a briefing, or correct them by a new version",
    params: Id,
    body: WriteMinutes,
    response: Minutes,
    handler: (ctx, { params, body }) => writeMinutes(ctx, { ...params, ...body }),
  }),
];

const Language = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal("zh-CN"), Type.Literal("en")])) });

const documents: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/review",
    operationId: "getReview",
    tag,
    permission: getReview.def.permission,
    summary: "The after-action review as figures: 7-1-7, phases, clocks, what was late",
    response: Review,
    handler: (ctx) => getReview(ctx, {}),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/review/document",
    operationId: "getReviewDocument",
    tag,
    permission: reviewDocument.def.permission,
    summary: "The after-action review as a printable page",
    query: Language,
    response: null,
    handler: async (ctx, { query }) => htmlAnswer(await reviewDocument(ctx, { lang: query.lang ?? ctx.lang })),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/chronicle/document",
    operationId: "getChronicleDocument",
    tag,
    permission: chronicleDocument.def.permission,
    summary: "The whole outbreak told day by day, as a printable page",
    query: Language,
    response: null,
    handler: async (ctx, { query }) => htmlAnswer(await chronicleDocument(ctx, { lang: query.lang ?? ctx.lang })),
  }),
];

/** Directives, the reopening, the minutes and the documents of the whole outbreak. */
export const orderRoutes: readonly Route[] = [...directives, ...relays, ...reopening, ...minutes, ...documents];
