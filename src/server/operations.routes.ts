import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import { ProblemError } from "#kernel/errors";
import type { ModuleDef } from "#platform/module";
import type { AppContext } from "./identity.ts";
import { operationsOf, type Operation } from "./operations.ts";

const Row = Type.Object({ id: Type.String(), module: Type.String(), method: Type.String(), url: Type.String() });
/** The form's fields nest, so their shape is the code's, not the schema's. */
const Form = Type.Object({
  id: Type.String(),
  module: Type.String(),
  method: Type.String(),
  url: Type.String(),
  params: Type.Array(Type.Unknown()),
  fields: Type.Array(Type.Unknown()),
});

const SheetRow = Type.Object({
  name: Type.String(),
  module: Type.String(),
  title: Type.Object({ "zh-CN": Type.String(), en: Type.String() }),
  canImport: Type.Boolean(),
  canExport: Type.Boolean(),
  /** The export asks for a purpose. */
  personal: Type.Boolean(),
});

/** The tables that the person logged in may take in or out. */
function sheetRoute(app: FastifyInstance, context: AppContext, modules: readonly ModuleDef[]): void {
  app.get(
    "/api/v1/sheets",
    {
      schema: {
        operationId: "listSheets",
        summary: "The tables that may be taken in or out",
        tags: ["session"],
        response: { 200: Type.Object({ items: Type.Array(SheetRow) }) },
      },
      config: { permission: { public: "answers 401 to a stranger, and nothing that a role may not do" } },
    },
    async (request) => {
      const identity = await context.identify(request);
      if (!identity) throw new ProblemError("auth.required");
      const may = (permission: string | undefined): boolean =>
        permission !== undefined && identity.actor.permissions.has(permission);
      const items = modules.flatMap((module) =>
        (module.sheets ?? []).map((sheet) => ({
          name: sheet.name,
          module: module.name,
          title: sheet.title,
          canImport: may(sheet.taking?.permission),
          canExport: may(sheet.giving?.permission),
          personal: sheet.giving?.personal ?? false,
        })),
      );
      return { items: items.filter(({ canImport, canExport }) => canImport || canExport) };
    },
  );
}

/** What the person logged in may do, and the form of each; and the tables he may take in or out. */
export function operationRoutes(app: FastifyInstance, context: AppContext, modules: readonly ModuleDef[]): void {
  const operations = operationsOf(modules);
  sheetRoute(app, context, modules);
  const allowed = async (request: FastifyRequest): Promise<(operation: Operation) => boolean> => {
    const identity = await context.identify(request);
    if (!identity) throw new ProblemError("auth.required");
    return ({ permission }) => identity.actor.permissions.has(permission);
  };
  const config = { permission: { public: "answers 401 to a stranger, and nothing that a role may not do" } };
  app.get(
    "/api/v1/operations",
    {
      schema: {
        operationId: "listOperations",
        summary: "What the person logged in may do",
        tags: ["session"],
        response: { 200: Type.Object({ items: Type.Array(Row) }) },
      },
      config,
    },
    async (request) => {
      const may = await allowed(request);
      return { items: [...operations.values()].filter(may) };
    },
  );
  app.get(
    "/api/v1/operations/:id",
    {
      schema: {
        operationId: "getOperation",
        summary: "The form of one operation",
        tags: ["session"],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 200: Form },
      },
      config,
    },
    async (request) => {
      const may = await allowed(request);
      const operation = operations.get((request.params as { id: string }).id);
      if (!operation) throw new ProblemError("record.notFound", { what: "operation" });
      if (!may(operation)) throw new ProblemError("auth.forbidden", { permission: operation.permission });
      return operation;
    },
  );
}
