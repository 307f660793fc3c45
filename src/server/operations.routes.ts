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

/** What the person logged in may do, and the form of each. */
export function operationRoutes(app: FastifyInstance, context: AppContext, modules: readonly ModuleDef[]): void {
  const operations = operationsOf(modules);
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
