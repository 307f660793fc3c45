import type { FastifyRequest } from "fastify";
import { ProblemError } from "#kernel/errors";
import type { Clock } from "#kernel/time";
import { systemPrng } from "#platform/clocks";
import { identityOf, type Identity, type PermissionsOf } from "#platform/accounts";
import type { Actor, Ctx, Language, Services } from "#platform/context";
import type { Pool } from "#platform/db";
import { noteUse } from "#platform/tokens";
import type { Replica } from "#platform/replica";

export const cookieName = "wuyang";

export interface AppOptions {
  /** True behind HTTPS. */
  readonly secureCookies: boolean;
  /** Folder of the built pages, or null for the API alone. */
  readonly webFolder: string | null;
}

/** What the routes share. */
export interface AppContext {
  readonly pool: Pool;
  readonly replica?: Replica;
  readonly services: Services;
  /** The outbreak's clock: virtual in a drill. */
  readonly clock: Clock;
  /** The machine's clock, for sessions. */
  readonly wall: Clock;
  readonly permissionsOf: PermissionsOf;
  readonly options: AppOptions;
  identify(request: FastifyRequest): Promise<Identity | null>;
}

const reasonCharsMax = 500;
const keyCharsMax = 100;

function headerText(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return (request as FastifyRequest & { cookies: Record<string, string | undefined> }).cookies[cookieName];
}

/** Is this the request of a public page? */
function isPublicRoute(request: FastifyRequest): boolean {
  const config = request.routeOptions.config as { readonly permission?: unknown } | undefined;
  return typeof config?.permission === "object";
}

/** The language asked for: on a public page its own link, else the header that pages and browsers send. */
export function languageOf(request: FastifyRequest): Language {
  const linked = isPublicRoute(request) ? (request.query as { readonly lang?: unknown }).lang : undefined;
  if (linked === "en" || linked === "zh-CN") return linked;
  return (headerText(request, "accept-language") ?? "zh-CN").toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

/** Who sends this request: a bearer token first, then the session cookie. */
export function identifier(pool: Pool, permissionsOf: PermissionsOf, wall: Clock) {
  return async (request: FastifyRequest): Promise<Identity | null> => {
    const bearer = bearerOf(request);
    const token = bearer ?? sessionTokenOf(request);
    if (!token) return null;
    if (!bearer) checkOrigin(request);
    const now = wall.now();
    if (!bearer) return identityOf(pool.single, token, "session", now, permissionsOf);
    const identity = await identityOf(pool.single, token, "api_token", now, permissionsOf);
    if (identity) await noteUse(pool.single, token, now);
    return identity;
  };
}

const bearerPattern = /^Bearer (\S{10,200})$/;

export function bearerOf(request: FastifyRequest): string | undefined {
  return headerText(request, "authorization")?.match(bearerPattern)?.[1];
}

/** A write that carries our cookie must come from our own pages. */
export function checkOrigin(request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = headerText(request, "origin");
  if (origin !== undefined && new URL(origin).host !== request.headers.host) throw new ProblemError("auth.required");
}

/** Somebody without an account, at a public page: holds what residents may do and sees no record of anybody. */
function resident(context: AppContext): Actor {
  const roles = ["resident"];
  return { id: "resident", name: "resident", roles, permissions: context.permissionsOf(roles), areaCode: "" };
}

/** Builds the context a use case is called with; on a public route a stranger acts as a resident, whoever has logged in. */
export async function ctxOf(request: FastifyRequest, context: AppContext, isPublic = false): Promise<Ctx> {
  const identity = isPublic ? { actor: resident(context) } : await context.identify(request);
  if (!identity) throw new ProblemError("auth.required");
  const key = headerText(request, "idempotency-key");
  if (key !== undefined && key.length > keyCharsMax) throw new ProblemError("limit.exceeded", { limit: keyCharsMax });
  // Header values are Latin-1, so pages send the reason percent-encoded.
  const reasonText = headerText(request, "x-reason");
  const reason = reasonText === undefined ? undefined : decodeURIComponent(reasonText).slice(0, reasonCharsMax);
  const device = headerText(request, "x-device");
  return {
    actor: device === undefined ? identity.actor : { ...identity.actor, device: device.slice(0, keyCharsMax) },
    clock: context.clock,
    prng: systemPrng,
    db: context.pool,
    ...(context.replica ? { replica: context.replica } : {}),
    services: context.services,
    lang: languageOf(request),
    ...(key === undefined ? {} : { key }),
    ...(reason === undefined || reason === "" ? {} : { reason }),
  };
}
