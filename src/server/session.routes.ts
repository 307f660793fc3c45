import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { ProblemError } from "#kernel/errors";
import { changeOwnPassword, closeSession, openSession } from "#platform/accounts";
import { cookieName, sessionTokenOf, type AppContext } from "./identity.ts";

const SessionInfo = Type.Object({
  name: Type.String(),
  roles: Type.Array(Type.String()),
  areaCode: Type.String(),
  permissions: Type.Array(Type.String()),
  language: Type.String(),
});

const attemptsPerMinuteMax = 10;
const passwordCharsMin = 10;

interface PasswordChange {
  readonly old: string;
  readonly next: string;
}

/** Log-in, who am I, log-out. */
export function sessionRoutes(app: FastifyInstance, context: AppContext): void {
  const { pool, options, identify } = context;
  app.post(
    "/api/v1/session",
    {
      schema: {
        operationId: "openSession",
        summary: "Log in",
        tags: ["session"],
        body: Type.Object({
          login: Type.String({ minLength: 1, maxLength: 100 }),
          password: Type.String({ minLength: 1, maxLength: 200 }),
        }),
        response: { 204: Type.Null() },
      },
      config: { permission: { public: "logging in" }, rateLimit: { max: attemptsPerMinuteMax, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { login, password } = request.body as { login: string; password: string };
      const { token } = await pool.transaction((sql) => openSession(sql, login, password, context.wall.now()));
      void reply.setCookie(cookieName, token, {
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        secure: options.secureCookies,
      });
      return reply.code(204).send();
    },
  );
  app.get(
    "/api/v1/session",
    {
      schema: {
        operationId: "getSession",
        summary: "Who is logged in",
        tags: ["session"],
        response: { 200: SessionInfo },
      },
      config: { permission: { public: "answers 401 to a stranger" } },
    },
    async (request) => {
      const identity = await identify(request);
      if (!identity) throw new ProblemError("auth.required");
      const { actor, language } = identity;
      return {
        name: actor.name,
        roles: [...actor.roles],
        areaCode: actor.areaCode,
        permissions: [...actor.permissions].toSorted(),
        language,
      };
    },
  );
  app.delete(
    "/api/v1/session",
    {
      schema: { operationId: "closeSession", summary: "Log out", tags: ["session"], response: { 204: Type.Null() } },
      config: { permission: { public: "ending one's own session" } },
    },
    async (request, reply) => {
      const token = sessionTokenOf(request);
      if (token) await pool.transaction((sql) => closeSession(sql, token, context.wall.now()));
      void reply.clearCookie(cookieName, { path: "/" });
      return reply.code(204).send();
    },
  );
  passwordRoute(app, context);
}

/** One's own password: the old one is asked for, since a desk may stand open. */
function passwordRoute(app: FastifyInstance, context: AppContext): void {
  const { pool, identify } = context;
  const password = Type.String({ minLength: passwordCharsMin, maxLength: 200 });
  app.post(
    "/api/v1/session/password",
    {
      schema: {
        operationId: "changeOwnPassword",
        summary: "Change one's own password; the other sessions of the account end",
        tags: ["session"],
        body: Type.Object({ old: Type.String({ minLength: 1, maxLength: 200 }), next: password }),
        response: { 204: Type.Null() },
      },
      config: {
        permission: { public: "needs a session and the old password" },
        rateLimit: { max: attemptsPerMinuteMax, timeWindow: 60_000 },
      },
    },
    async (request, reply) => {
      const identity = await identify(request);
      const token = sessionTokenOf(request);
      if (!identity || !token) throw new ProblemError("auth.required");
      const change = request.body as PasswordChange;
      const now = context.wall.now();
      await pool.transaction(async (sql) => {
        const id = await changeOwnPassword(sql, { token, ...change }, now);
        await sql.run(
          `insert into audit (at, actor_id, actor_name, action, subject_type, subject_id, area_code)
           values ($1, $2, $3, 'account.ownPassword', 'account', $2, $4)`,
          [now, id, identity.actor.name, identity.actor.areaCode],
        );
      });
      return reply.code(204).send();
    },
  );
}
