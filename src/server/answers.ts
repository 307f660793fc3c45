import type { TSchema } from "typebox";
import type { Route } from "#platform/http";
import { Problem } from "./problems.ts";

/** A route's schema as Fastify takes it; the response schema drops every field it does not name. */
export function schemaOf(route: Route): Record<string, unknown> {
  const answer = route.response ?? { type: "string", description: "A document: HTML, CSV or SVG." };
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: { ...(route.response ? { 200: answer as TSchema } : {}), default: Problem },
  };
}

/** Headers of every answer: a browser must take it for what it says it is, and lend it to nobody. */
export const safeHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "SAMEORIGIN",
} as const;
