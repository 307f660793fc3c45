import { existsSync } from "node:fs";
import { randomUUID } from "node:crypto";
import path from "node:path";
import fastifyCompress, { type FastifyCompressOptions } from "@fastify/compress";
import fastifyCookie from "@fastify/cookie";
import fastifyRateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance, type FastifyReply, type RouteOptions } from "fastify";
import { bodyBytesMax } from "#kernel/limits";
import { ProblemError } from "#kernel/errors";
import { epochMs } from "#kernel/time";
import type { Log } from "#platform/log";
import type { Metrics } from "#platform/metrics";
import type { ModuleDef } from "#platform/module";
import { isTextAnswer, type Route } from "#platform/http";
import { safeHeaders, schemaOf } from "./answers.ts";
import { ctxOf, languageOf, type AppContext } from "./identity.ts";
import { limitStore } from "./limits.ts";
import { endConnections } from "./ending.ts";
import { frontRoute } from "./front.ts";
import { problemOf } from "./problems.ts";
import { groupedRoutes } from "./grouped.ts";
import { operationRoutes } from "./operations.routes.ts";
import { ownTokenRoutes } from "./owntokens.routes.ts";
import { sessionRoutes } from "./session.routes.ts";
import type { LiveStream } from "./stream.ts";

export interface AppParts {
  readonly context: AppContext;
  readonly modules: readonly ModuleDef[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly stream: LiveStream | null;
  /** Is the database migrated and reachable? */
  readonly ready: () => Promise<boolean>;
}

const requestsPerMinuteMax = 6_000;
const publicWritesPerMinuteMax = 30;

const compression: FastifyCompressOptions = { threshold: 2_048, encodings: ["gzip"] };
/** Answers are made for one reader and read once: pressed quickly they are a fifth larger in less than half of the time. */
const answerCompression = { ...compression, zlibOptions: { level: 1 } };

/** Builds the HTTP server without listening: tests inject, the CLI listens. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: bodyBytesMax,
    genReqId: () => randomUUID(),
    trustProxy: false,
    routerOptions: { ignoreTrailingSlash: true },
  });
  endConnections(app);
  await describeApi(app);
  const routes = parts.modules.flatMap((module) => module.routes);
  // Two contexts side by side: what is hooked into one never runs in the other.
  await app.register(async (lean) => groupedRoutes(lean, routes, parts));
  await app.register((ordinary) => ordinaryRoutes(ordinary, routes, parts));
  return app;
}

async function ordinaryRoutes(app: FastifyInstance, routes: readonly Route[], parts: AppParts): Promise<void> {
  await app.register(fastifyCookie);
  await app.register(fastifyCompress, compression);
  const { pool, wall } = parts.context;
  const store = limitStore(pool, () => epochMs(wall.now()));
  await app.register(fastifyRateLimit, { max: requestsPerMinuteMax, timeWindow: 60_000, store });
  await app.register(fastifySwaggerUi, { routePrefix: "/docs/api" });
  contentTypes(app);
  observe(app, parts);
  sessionRoutes(app, parts.context);
  ownTokenRoutes(app, parts.context);
  operationRoutes(app, parts.context, parts.modules);
  systemRoutes(app, parts);
  for (const route of [...routes, frontRoute(routes)])
    if (route.group === undefined) app.route(fastifyRoute(route, parts.context));
  pages(app, parts.context.options.webFolder);
}

/** Gathers the API's description from every route that is registered after it. */
async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Wuyang 无恙",
        description: "Outbreak response, from the first positive to the all-clear.",
        version: "0.1.0",
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
  });
}

function contentTypes(app: FastifyInstance): void {
  app.addContentTypeParser(
    ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"],
    { parseAs: "buffer" },
    (_request, body, done) => done(null, body),
  );
  // A public form works without a script: the browser sends its fields as a form.
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries([...new URLSearchParams(String(body))].filter(([, value]) => value !== ""))),
  );
}

/** Errors become problem+json; each request is counted and timed, never logged with its query or body. */
function observe(app: FastifyInstance, { log, metrics }: AppParts): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, languageOf(request), request.id);
    if (problem.status >= 500)
      log.error(
        {
          requestId: request.id,
          route: request.routeOptions.url,
          error: (error as Error).name,
          stack: (error as Error).stack?.split("\n").slice(1, 6),
        },
        "a request failed",
      );
    return reply.code(problem.status).type("application/problem+json").send(JSON.stringify(problem));
  });
  app.addHook("onResponse", async (request, reply) => {
    metrics.request(request.method, request.routeOptions.url ?? "unknown", reply.statusCode, reply.elapsedTime / 1_000);
  });
  app.addHook("onSend", async (_request, reply) => {
    void reply.headers(safeHeaders);
  });
}

/** Turns our declaration into Fastify's; the response schema drops every field it does not name. */
function fastifyRoute(route: Route, context: AppContext): RouteOptions {
  const isPublic = typeof route.permission !== "string";
  return {
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    compress: answerCompression,
    config: {
      permission: route.permission,
      // Nobody answers for what a stranger sends, so it may come only slowly.
      ...(isPublic && route.method !== "GET"
        ? { rateLimit: { max: publicWritesPerMinuteMax, timeWindow: 60_000 } }
        : {}),
    } as object,
    handler: async (request, reply) => {
      const ctx = await ctxOf(request, context, isPublic);
      const answer = await route.handler(ctx, { params: request.params, query: request.query, body: request.body });
      if (isTextAnswer(answer)) {
        if (answer.fileName)
          void reply.header(
            "content-disposition",
            `attachment; filename*=UTF-8''${encodeURIComponent(answer.fileName)}`,
          );
        return reply.type(answer.contentType).send(answer.text);
      }
      return answer;
    },
  };
}

function systemRoutes(app: FastifyInstance, parts: AppParts): void {
  const hidden = { schema: { hide: true } };
  app.get(
    "/healthz",
    { ...hidden, config: { permission: { public: "a probe without data" } } as object },
    async () => ({ status: "ok" }),
  );
  app.get("/readyz", { ...hidden, config: { permission: { public: "a probe without data" } } as object }, async () => {
    if (!(await parts.ready())) throw new ProblemError("server.unavailable");
    return { status: "ready" };
  });
  app.get(
    "/metrics",
    { ...hidden, config: { permission: { public: "counts and durations only" } } as object },
    async (_request, reply) => reply.type(parts.metrics.contentType).send(await parts.metrics.text()),
  );
  app.get(
    "/api/v1/stream",
    { ...hidden, config: { permission: { public: "needs a session; carries topic names only" } } as object },
    async (request, reply) => {
      if (!(await parts.context.identify(request))) throw new ProblemError("auth.required");
      if (!parts.stream?.add(reply.raw)) throw new ProblemError("server.unavailable");
      reply.hijack();
      return reply;
    },
  );
}

/** Serves the built pages; any other path opens the command post, whose router reads it. */
function pages(app: FastifyInstance, webFolder: string | null): void {
  app.setNotFoundHandler(async (request, reply) => {
    const wantsPage = request.method === "GET" && !request.url.startsWith("/api/") && webFolder !== null;
    if (wantsPage && existsSync(path.join(webFolder, "index.html")))
      return reply.header("cache-control", "no-cache").sendFile("index.html", webFolder);
    throw new ProblemError("record.notFound", { what: "page" });
  });
  if (webFolder !== null)
    void app.register(fastifyStatic, { root: webFolder, index: ["index.html"], wildcard: true, setHeaders: cacheRule });
}

/** Files whose names carry their content's hash may be kept for ever; the page that names them is asked for anew. */
function cacheRule(reply: FastifyReply, file: string): void {
  void reply.header(
    "cache-control",
    file.includes(`${path.sep}assets${path.sep}`) ? "public, max-age=31536000, immutable" : "no-cache",
  );
}
