import Type from "typebox";
import { OpenOutbreak, OutbreakCard } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { Board, BoardPhase, CurveDay, LoopClock } from "./board.model.ts";
import { boardPermission, liveBoard } from "./board.service.ts";
import { boardInside } from "./inside.service.ts";
import { InsideAnswer, InsideQuery, LiftingAnswer, PlacesAnswer, PlacesQuery } from "./places.model.ts";
import { boardLifting, boardPlaces } from "./places.service.ts";
import { briefingReportHtml, getBriefing, holdBriefing, listBriefings } from "./briefing.service.ts";
import {
  AddDecisions,
  Briefing,
  BriefingPage,
  ChronicleLine,
  HoldBriefing,
  WithdrawDecision,
} from "./command.model.ts";
import { addDecisions, withdrawDecision } from "./decisions.service.ts";
import {
  changeResponseLevel,
  checkPhases,
  closeResponse,
  getChronicle,
  getClocks,
  getCurve,
  getPhases,
  openResponse,
} from "./command.service.ts";

const tag = "command";
const Id = Type.Object({ id: Type.String({ format: "uuid" }) });
const AreaQuery = Type.Object({ areaCode: Type.Optional(Type.String({ maxLength: 20 })) });
const Language = Type.Union([Type.Literal("zh-CN"), Type.Literal("en")]);
const windowHoursMax = 24 * 400;

const reads: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/board",
    operationId: "getBoard",
    tag,
    permission: boardPermission,
    summary: "The live board of the reader's area",
    response: Board,
    handler: (ctx) => liveBoard(ctx),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/board/places",
    operationId: "getBoardPlaces",
    tag,
    permission: boardPlaces.def.permission,
    summary: "Sampling sites, laboratories or checkpoints for the board's map",
    query: PlacesQuery,
    response: PlacesAnswer,
    handler: (ctx, { query }) => boardPlaces(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/board/lifting",
    operationId: "getBoardLifting",
    tag,
    permission: boardLifting.def.permission,
    summary: "The zones nearest to their lifting, with what each still lacks",
    response: LiftingAnswer,
    handler: (ctx) => boardLifting(ctx, {}),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/briefings",
    operationId: "listBriefings",
    tag,
    permission: listBriefings.def.permission,
    summary: "Briefings, newest first",
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1 })),
      cursor: Type.Optional(Type.String({ maxLength: 400 })),
    }),
    response: BriefingPage,
    handler: (ctx, { query }) => listBriefings(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/briefings/:id",
    operationId: "getBriefing",
    tag,
    permission: getBriefing.def.permission,
    summary: "One briefing: agenda, decisions, frozen figures",
    params: Id,
    response: Briefing,
    handler: (ctx, { params }) => getBriefing(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/briefings/:id/decisions",
    operationId: "addDecisions",
    tag,
    permission: addDecisions.def.permission,
    summary: "Give further decisions at the newest briefing; each becomes a task",
    params: Id,
    body: AddDecisions,
    response: Briefing,
    handler: (ctx, { params, body }) => addDecisions(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/briefings/:id/decisions/:no/withdraw",
    operationId: "withdrawDecision",
    tag,
    permission: withdrawDecision.def.permission,
    summary: "Take a decision back while nobody has begun its task",
    params: Type.Object({ ...Id.properties, no: Type.Integer({ minimum: 1 }) }),
    body: WithdrawDecision,
    response: Briefing,
    handler: (ctx, { params, body }) => withdrawDecision(ctx, { ...params, ...body }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/briefings/:id/report",
    operationId: "getBriefingReport",
    tag,
    permission: briefingReportHtml.def.permission,
    summary: "The situation report of a briefing as a printable page",
    params: Id,
    query: Type.Object({ lang: Type.Optional(Language) }),
    response: null,
    handler: async (ctx, { params, query }) => ({
      contentType: "text/html; charset=utf-8",
      text: await briefingReportHtml(ctx, { id: params.id, lang: query.lang ?? ctx.lang }),
    }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/board/inside",
    operationId: "getPlacesInside",
    tag,
    permission: boardInside.def.permission,
    summary:
      "What stands in some villages: isolation sites, hospitals, clinics, sampling sites, laboratories, checkpoints, posts, venues",
    query: InsideQuery,
    response: InsideAnswer,
    handler: (ctx, { query }) => boardInside(ctx, { villages: query.villages.split(",") }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/curve",
    operationId: "getEpicurve",
    tag,
    permission: getCurve.def.permission,
    summary: "The epidemic curve by report and by sampling day",
    query: AreaQuery,
    response: Type.Object({ days: Type.Array(CurveDay) }),
    handler: async (ctx, { query }) => ({
      days: (await getCurve(ctx, query)).map((day) => ({ ...day, byProvenance: { ...day.byProvenance } })),
    }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/clocks",
    operationId: "getClocks",
    tag,
    permission: getClocks.def.permission,
    summary: "The clocks of the loop, of everything or of the last hours",
    query: Type.Object({
      ...AreaQuery.properties,
      hours: Type.Optional(Type.Integer({ minimum: 1, maximum: windowHoursMax })),
    }),
    response: Type.Object({ items: Type.Array(LoopClock) }),
    handler: async (ctx, { query }) => ({ items: await getClocks(ctx, query) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/phases",
    operationId: "getPhases",
    tag,
    permission: getPhases.def.permission,
    summary: "The phases with their conditions as they stand",
    response: Type.Object({ items: Type.Array(BoardPhase) }),
    handler: async (ctx) => ({ items: await getPhases(ctx, {}) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/chronicle",
    operationId: "getChronicle",
    tag,
    permission: getChronicle.def.permission,
    summary: "The outbreak's important events in order",
    response: Type.Object({ items: Type.Array(ChronicleLine) }),
    handler: async (ctx) => ({ items: await getChronicle(ctx, {}) }),
  }),
];

const writes: readonly Route[] = [
  defineRoute({
    method: "POST",
    url: "/api/v1/command/open",
    operationId: "openResponse",
    tag,
    permission: openResponse.def.permission,
    summary: "Open the response to an outbreak",
    body: OpenOutbreak,
    response: OutbreakCard,
    handler: (ctx, { body }) => openResponse(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/command/level",
    operationId: "setResponseLevel",
    tag,
    permission: changeResponseLevel.def.permission,
    summary: "Set the response level",
    body: Type.Object({ level: Type.String({ minLength: 1, maxLength: 60 }) }),
    response: Type.Object({ level: Type.String(), changed: Type.Boolean() }),
    handler: (ctx, { body }) => changeResponseLevel(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/command/phase",
    operationId: "checkPhase",
    tag,
    permission: checkPhases.def.permission,
    summary: "Enter the next phase if its conditions hold",
    response: Type.Object({ entered: Type.Array(Type.String()), items: Type.Array(BoardPhase) }),
    handler: (ctx) => checkPhases(ctx, {}),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/briefings",
    operationId: "holdBriefing",
    tag,
    permission: holdBriefing.def.permission,
    summary: "Hold a briefing: freeze the figures, decide, give the directives",
    body: HoldBriefing,
    response: Briefing,
    handler: (ctx, { body }) => holdBriefing(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/command/close",
    operationId: "closeResponse",
    tag,
    permission: closeResponse.def.permission,
    summary: "Close the response after the all-clear",
    response: Type.Object({ closed: Type.Literal(true) }),
    handler: (ctx) => closeResponse(ctx, {}),
  }),
];

export const routes: readonly Route[] = [...reads, ...writes];
