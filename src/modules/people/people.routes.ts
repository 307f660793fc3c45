import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import { errorsCsv, readTable } from "#platform/tables";
import { IdKind, ImportPeopleResult, PersonCard, PersonPage, PersonQuery } from "./people.model.ts";
import { findPersonByIdentity, getPerson, importPeople, listPeople } from "./people.service.ts";

const tag = "people";
const tableTextMax = 12_000_000;

/** A table in a JSON body: CSV as text, XLSX as base64. */
const TableBody = Type.Object({
  format: Type.Union([Type.Literal("csv"), Type.Literal("xlsx")]),
  content: Type.String({ minLength: 1, maxLength: tableTextMax }),
  register: Type.String({ minLength: 1, maxLength: 60 }),
  dryRun: Type.Boolean(),
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
});

export const routes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/people",
    operationId: "listPeople",
    tag,
    permission: listPeople.def.permission,
    summary: "People of an area (a reason is needed)",
    query: PersonQuery,
    response: PersonPage,
    handler: (ctx, { query }) => listPeople(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/people/:id",
    operationId: "getPerson",
    tag,
    permission: getPerson.def.permission,
    summary: "One person (a reason is needed)",
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    response: PersonCard,
    handler: (ctx, { params }) => getPerson(ctx, params),
  }),
  defineRoute({
    // The number travels in the body, so that no log of addresses ever holds one.
    method: "POST",
    url: "/api/v1/people/find",
    operationId: "findPersonByIdentity",
    tag,
    permission: findPersonByIdentity.def.permission,
    summary: "Find a person by identity number (a reason is needed)",
    body: Type.Object({ idKind: IdKind, idNumber: Type.String({ minLength: 3, maxLength: 40 }) }),
    response: Type.Object({ person: Type.Union([PersonCard, Type.Null()]) }),
    handler: async (ctx, { body }) => ({ person: await findPersonByIdentity(ctx, body) }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/people/import",
    operationId: "importPeople",
    tag,
    permission: importPeople.def.permission,
    summary: "Import people from CSV or XLSX, or try it with dryRun",
    body: TableBody,
    response: ImportPeopleResult,
    handler: async (ctx, { body }) => importPeople(ctx, await importInput(body, ctx.actor.areaCode)),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/people/import/errors",
    operationId: "importPeopleErrors",
    tag,
    permission: importPeople.def.permission,
    summary: "Check a people table and get its row errors as a CSV file",
    body: TableBody,
    response: null,
    handler: async (ctx, { body }) => {
      const { errors } = await importPeople(ctx, await importInput({ ...body, dryRun: true }, ctx.actor.areaCode));
      return { contentType: "text/csv; charset=utf-8", text: errorsCsv(errors), fileName: "people-errors.csv" };
    },
  }),
];

async function importInput(
  body: { format: "csv" | "xlsx"; content: string; register: string; dryRun: boolean; areaCode?: string },
  ownArea: string,
) {
  const content = Buffer.from(body.content, body.format === "csv" ? "utf8" : "base64");
  const table = await readTable(content, body.format);
  return { table, register: body.register, dryRun: body.dryRun, areaCode: body.areaCode ?? ownArea };
}
