import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import { BaseCountPage, BaseCountQuery } from "./basecounts.model.ts";
import { baseCounts } from "./basecounts.service.ts";
import { FigureChange, Freeze, FrozenFigure } from "./figures.model.ts";
import { currentFigures, freezeChanges } from "./reports.service.ts";

const tag = "reports";

export const routes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/figures",
    operationId: "getFigures",
    tag,
    permission: currentFigures.def.permission,
    summary: "The figures now, beside the last frozen ones",
    response: Type.Object({
      at: Type.String(),
      freeze: Type.Union([Freeze, Type.Null()]),
      figures: Type.Array(FrozenFigure),
    }),
    handler: (ctx) => currentFigures(ctx, {}),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/figures/:id/changes",
    operationId: "getFigureChanges",
    tag,
    permission: freezeChanges.def.permission,
    summary: "The changes a freeze lists, each with its event",
    params: Type.Object({ id: Type.String({ format: "uuid" }) }),
    response: Type.Object({ changes: Type.Array(FigureChange), broken: Type.Array(FrozenFigure) }),
    handler: (ctx, { params }) => freezeChanges(ctx, params),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/base-counts",
    operationId: "getBaseCounts",
    tag,
    permission: baseCounts.def.permission,
    summary: "Census, register of people and the last round side by side, by county, town or village",
    query: BaseCountQuery,
    response: BaseCountPage,
    handler: (ctx, { query }) => baseCounts(ctx, query),
  }),
];
