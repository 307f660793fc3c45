import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import { ProblemError } from "#kernel/errors";
import type { Identity } from "#platform/accounts";
import type { Sql } from "#platform/db";
import { endToken, listTokens, makeToken } from "#platform/tokens";
import { sessionTokenOf, type AppContext } from "./identity.ts";
import { NewToken, TokenShape } from "./tokens.model.ts";

const attemptsPerMinuteMax = 20;
const url = "/api/v1/session/tokens";
const config = {
  permission: { public: "needs a session; only one's own tokens" },
  rateLimit: { max: attemptsPerMinuteMax, timeWindow: 60_000 },
};

/** One's own API tokens: listed, made, ended. */
export function ownTokenRoutes(app: FastifyInstance, context: AppContext): void {
  const { pool, wall } = context;
  app.get(
    url,
    {
      schema: {
        operationId: "listOwnTokens",
        summary: "One's own API tokens, without the tokens themselves",
        tags: ["session"],
        response: { 200: Type.Object({ items: Type.Array(TokenShape) }) },
      },
      config,
    },
    async (request) => {
      const { actor } = await atTheDesk(request, context);
      return { items: await pool.transaction((sql) => listTokens(sql, actor.id, wall.now())) };
    },
  );
  app.post(
    url,
    {
      schema: {
        operationId: "makeOwnToken",
        summary: "Make an API token for oneself; it is answered once",
        tags: ["session"],
        body: NewToken,
        response: { 200: Type.Object({ token: Type.String(), expiresAt: Type.String() }) },
      },
      config,
    },
    async (request) => {
      const identity = await atTheDesk(request, context);
      const { label, days } = request.body as { readonly label: string; readonly days?: number };
      const wish = { accountId: identity.actor.id, label, ...(days === undefined ? {} : { days }) };
      return pool.transaction(async (sql) => {
        const { token, expiresAt } = await makeToken(sql, wish, wall.now());
        await note(sql, identity, "account.ownToken", wall.now());
        return { token, expiresAt };
      });
    },
  );
  app.post(
    `${url}/:id/end`,
    {
      schema: {
        operationId: "endOwnToken",
        summary: "End one of one's own API tokens at once",
        tags: ["session"],
        params: Type.Object({ id: Type.String({ format: "uuid" }) }),
        response: { 204: Type.Null() },
      },
      config,
    },
    async (request, reply) => {
      const identity = await atTheDesk(request, context);
      const { id } = request.params as { readonly id: string };
      await pool.transaction(async (sql) => {
        await endToken(sql, identity.actor.id, id, wall.now());
        await note(sql, identity, "account.endOwnToken", wall.now());
      });
      return reply.code(204).send();
    },
  );
}

/** Whoever sits at the desk: a token must not make others, or one that was stolen could never be ended. spec: ACC-3 */
async function atTheDesk(request: FastifyRequest, context: AppContext): Promise<Identity> {
  const isBearer = request.headers.authorization !== undefined;
  const identity = isBearer || !sessionTokenOf(request) ? null : await context.identify(request);
  if (!identity) throw new ProblemError("auth.required");
  return identity;
}

async function note(sql: Sql, { actor }: Identity, action: string, at: string): Promise<void> {
  await sql.run(
    `insert into audit (at, actor_id, actor_name, action, subject_type, subject_id, area_code)
     values ($1, $2, $3, $4, 'account', $2, $5)`,
    [at, actor.id, actor.name, action, actor.areaCode],
  );
}
