import Type from "typebox";
import { ProblemError } from "#kernel/errors";
import { defineRoute, type Route } from "#platform/http";
import { errorsCsv, readTable } from "#platform/tables";
import { Area, AreaLevel, AreaPage, AreaQuery, AreaSearch, ImportAreasResult } from "./areas.model.ts";
import { areaBoundaries, getArea, importAreas, listAreas, searchAreas } from "./areas.service.ts";

const tag = "areas";
const tableTextMax = 12_000_000;

/** A table in a JSON body: CSV as text, XLSX as base64. */
const TableBody = Type.Object({
  format: Type.Union([Type.Literal("csv"), Type.Literal("xlsx")]),
  content: Type.String({ maxLength: tableTextMax }),
  dryRun: Type.Boolean(),
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
});

export const routes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/areas",
    operationId: "listAreas",
    tag,
    permission: listAreas.def.permission,
    summary: "Areas below a parent or of a level, by code",
    query: AreaQuery,
    response: AreaPage,
    handler: (ctx, { query }) => listAreas(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/areas/boundaries",
    operationId: "areaBoundaries",
    tag,
    permission: areaBoundaries.def.permission,
    summary: "Boundaries of a level as GeoJSON (WGS 84)",
    query: Type.Object({ level: Type.Optional(AreaLevel) }),
    response: null,
    handler: async (ctx, { query }) => ({
      contentType: "application/geo+json",
      text: await areaBoundaries(ctx, { level: query.level ?? "county" }),
    }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/areas/search",
    operationId: "searchAreas",
    tag,
    permission: searchAreas.def.permission,
    summary: "Areas by a part of their name",
    query: AreaSearch,
    response: Type.Object({ items: Type.Array(Area) }),
    handler: async (ctx, { query }) => ({ items: await searchAreas(ctx, query) }),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/areas/:code",
    operationId: "getArea",
    tag,
    permission: getArea.def.permission,
    summary: "One area",
    params: Type.Object({ code: Type.String({ maxLength: 20 }) }),
    response: Area,
    handler: (ctx, { params }) => getArea(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/areas/import",
    operationId: "importAreas",
    tag,
    permission: importAreas.def.permission,
    summary: "Import areas from CSV or XLSX, or try it with dryRun",
    body: TableBody,
    response: ImportAreasResult,
    handler: async (ctx, { body }) => importAreas(ctx, await importInput(body, ctx.actor.areaCode)),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/areas/import/errors",
    operationId: "importAreasErrors",
    tag,
    permission: importAreas.def.permission,
    summary: "Check an area table and get its row errors as a CSV file",
    body: TableBody,
    response: null,
    handler: async (ctx, { body }) => {
      const input = await importInput({ ...body, dryRun: true }, ctx.actor.areaCode);
      const { errors } = await importAreas(ctx, input);
      return { contentType: "text/csv; charset=utf-8", text: errorsCsv(errors), fileName: "area-errors.csv" };
    },
  }),
];

async function importInput(
  body: { format: "csv" | "xlsx"; content: string; dryRun: boolean; areaCode?: string },
  ownArea: string,
) {
  if (body.content === "") throw new ProblemError("request.invalid", {}, [{ pointer: "/content", detail: "is empty" }]);
  const content = Buffer.from(body.content, body.format === "csv" ? "utf8" : "base64");
  const table = await readTable(content, body.format);
  return { table, dryRun: body.dryRun, areaCode: body.areaCode ?? ownArea };
}
