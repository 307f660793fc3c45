import { fastifyCookie } from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "#kernel/errors";
import { epochMs } from "#kernel/time";
import { createGroup, GroupFull, type Group } from "#platform/group";
import { limitsOf, type Asked, type GroupCase, type GroupHost } from "#platform/groupcase";
import type { Route } from "#platform/http";
import type { Log } from "#platform/log";
import type { Metrics } from "#platform/metrics";
import { openPipeline, poolInTurn } from "#platform/pipeline";
import { isOneOfSeveral } from "#platform/process";
import { appRole } from "#platform/store";
import { bearerOf, checkOrigin, cookieName, languageOf, type AppContext } from "./identity.ts";
import { senderCounts, type SenderCounts } from "./limits.ts";
import { problemOf } from "./problems.ts";
import { safeHeaders, schemaOf } from "./answers.ts";
import { tokenUses, type TokenUses } from "./uses.ts";

type GroupRoute = Route & { readonly group: GroupCase<unknown, unknown> };
type Serialize = (answer: unknown) => string;

/** What the routes share. */
interface Host {
  readonly context: AppContext;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is known of who sends. */
interface Senders {
  readonly refused: SenderCounts;
  readonly uses: TokenUses;
}

const refusedPerMinuteMax = 6_000;
const minuteMs = 60_000;
const retrySeconds = "1";

function isGrouped(route: Route): route is GroupRoute {
  return route.group !== undefined;
}

/** The token a request bears, to be looked at with those of its group. */
function askedBy(request: FastifyRequest): Asked<unknown> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) return { token: bearer, kind: "api_token", input: request.body };
  const cookies = request.headers.cookie;
  const token = cookies === undefined ? undefined : fastifyCookie.parse(cookies)[cookieName];
  if (!token) throw new ProblemError("auth.required");
  checkOrigin(request);
  return { token, kind: "session", input: request.body };
}

/** The API tokens with which a call of the group was made that was not refused. */
function tokensUsed(asked: readonly Asked<unknown>[], answers: readonly unknown[]): ReadonlySet<string> {
  const used = new Set<string>();
  asked.forEach(({ kind, token }, i) => {
    if (kind === "api_token" && !(answers[i] instanceof Error)) used.add(token);
  });
  return used;
}

/** What a waiter is told whose group failed: whether the commit came through, nobody knows. */
function problemFor(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(error instanceof GroupFull ? "server.busy" : "write.unsure");
}

/**
 * Routes whose requests share transactions. They stand in a context of their own, before the plugins that every other
 * request passes through; what those do is done here at less cost. Cookies are read where there is no token, and the limit
 * of requests has three parts: the group's waiting room is bounded, so is the body, and a sender who is refused too often
 * waits out his minute.
 */
export function groupedRoutes(app: FastifyInstance, routes: readonly Route[], host: Host): void {
  const { context } = host;
  app.addContentTypeParser("application/x-ndjson", { parseAs: "string" }, (_request, body, done) => done(null, body));
  const grouped = routes.filter(isGrouped);
  const flights = grouped.map(({ group: { group } }) =>
    group.copies ? 0 : limitsOf(group, isOneOfSeveral()).flightsMax,
  );
  const pipeline = openPipeline(context.pool.url, { role: appRole, size: Math.max(1, ...flights) });
  const senders: Senders = {
    refused: senderCounts(() => epochMs(context.wall.now())),
    uses: tokenUses(context.pool, context.wall, host.log),
  };
  const groups = grouped.map((route) => {
    const transactions = route.group.group.copies ? poolInTurn(context.pool) : pipeline;
    return groupedRoute(app, route, host, { ...context, pipeline: transactions, db: context.pool }, senders);
  });
  app.addHook("onClose", async () => {
    await Promise.all(groups.map((group) => group.close()));
    await pipeline.close();
    await senders.uses.close();
  });
}

function groupedRoute(
  app: FastifyInstance,
  route: GroupRoute,
  { metrics, log }: Host,
  host: GroupHost,
  { refused, uses }: Senders,
): Group<Asked<unknown>, unknown> {
  const limits = limitsOf(route.group.group, isOneOfSeveral());
  const group = createGroup<Asked<unknown>, unknown>(limits, async (asked) => {
    try {
      const answers = await route.group.together(host, asked);
      uses.note(tokensUsed(asked, answers));
      return answers;
    } catch (error) {
      // Not the message: PostgreSQL quotes values in it.
      const { name, code } = error as Error & { readonly code?: string };
      log.error({ route: route.url, calls: asked.length, error: name, code }, "a group of calls failed");
      throw error;
    }
  });
  const count = (reply: FastifyReply, status: number): void =>
    metrics.request(route.method, route.url, status, reply.elapsedTime / 1_000);
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    bodyLimit: route.group.group.bodyBytesMax,
    config: { permission: route.permission } as object,
    onRequest: (request, _reply, done) =>
      done(refused.current(request.ip) >= refusedPerMinuteMax ? new ProblemError("rate.limited") : undefined),
    handler: (request, reply) => {
      group.add(askedBy(request)).then(
        (answer) => {
          send(reply, answer);
          count(reply, 200);
        },
        (error: unknown) => reply.send(problemFor(error)),
      );
    },
    errorHandler: (error, request, reply) => {
      const problem = problemOf(error, languageOf(request), request.id);
      if (problem.status === 401 || problem.status === 403) refused.add(request.ip, minuteMs);
      if (problem.status === 503) void reply.header("retry-after", retrySeconds);
      count(reply, problem.status);
      void reply
        .headers(safeHeaders)
        .code(problem.status)
        .type("application/problem+json")
        .send(JSON.stringify(problem));
    },
  });
  return group;
}

const jsonHeaders = ["content-type", "application/json; charset=utf-8", ...Object.entries(safeHeaders).flat()];

/** Answers with the fields that the route's schema names, past the hooks of an ordinary answer. */
function send(reply: FastifyReply, answer: unknown): void {
  const text = (reply.getSerializationFunction("200") as Serialize)(answer);
  reply.hijack();
  reply.raw.writeHead(200, [...jsonHeaders, "content-length", String(Buffer.byteLength(text))]);
  reply.raw.end(text);
}
