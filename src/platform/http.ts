import type { Static, TSchema } from "typebox";
import type { Both } from "#kernel/sheet";
import type { Ctx } from "./context.ts";
import type { GroupCase } from "./groupcase.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a handler is given: validated parts and how to answer with something other than JSON. */
export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/** A text answer that is not JSON (a printable report, a CSV of row errors, an SVG). */
export interface TextAnswer {
  readonly contentType: string;
  readonly text: string | Buffer;
  readonly fileName?: string;
}

/** One route: schema and one service call; its permission is the use case's own or `public` with a reason. */
export interface RouteDef<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema> {
  readonly method: HttpMethod;
  /** Path after the host, with `:name` parameters. */
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  /** The name of a public page, under which the public front page lists it. */
  readonly title?: Both;
  readonly tag: string;
  /** The permission the route's use case checks; shown in the reference and checked by the architecture test. */
  readonly permission: string | { readonly public: string };
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Fields that are not named here never leave. Null for a TextAnswer. */
  readonly response: R | null;
  readonly handler: (ctx: Ctx, input: RouteInput<Static<P>, Static<Q>, Static<B>>) => Promise<Static<R> | TextAnswer>;
  /** Answers the bodies of many requests in one transaction, in place of the handler; for what comes thousands a second. */
  readonly group?: GroupCase<Static<B>, Static<R>>;
}

/** A route with its types forgotten, as the server keeps it. */
export interface Route {
  readonly method: HttpMethod;
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly title?: Both;
  readonly tag: string;
  readonly permission: string | { readonly public: string };
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly response: TSchema | null;
  readonly handler: (ctx: Ctx, input: RouteInput<unknown, unknown, unknown>) => Promise<unknown>;
  readonly group?: GroupCase<unknown, unknown>;
}

/** Declares a route; the types of the handler come from the schemas. */
export function defineRoute<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(
  route: RouteDef<P, Q, B, R>,
): Route {
  return route as unknown as Route;
}

/** A page as the answer of a route. */
export function htmlAnswer(text: string): TextAnswer {
  return { contentType: "text/html; charset=utf-8", text };
}

/** Is the answer a text rather than JSON? */
export function isTextAnswer(answer: unknown): answer is TextAnswer {
  return typeof answer === "object" && answer !== null && "contentType" in answer && "text" in answer;
}
