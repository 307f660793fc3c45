import { currentLanguage } from "./i18n.ts";

/** One page of a list; `next` is the cursor of the page after, or null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What the server says when it refuses (RFC 9457), already in the page's language. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** What the person can do about it; may be empty. */
  readonly next: string;
  readonly requestId: string;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const text = (name: string): string => {
      const value = body[name];
      return typeof value === "string" ? value : "";
    };
    super(text("title") || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = text("code");
    this.title = text("title");
    this.next = text("next") || text("detail");
    this.requestId = text("requestId");
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get("content-type") ?? "";
  return type.includes("json") ? await response.json() : await response.text();
}

async function call(method: string, path: string, body?: unknown, reason?: string): Promise<unknown> {
  const headers: Record<string, string> = { "accept-language": currentLanguage() };
  // Header values are Latin-1, so a reason in Chinese travels percent-encoded.
  if (reason !== undefined) headers["x-reason"] = encodeURIComponent(reason);
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(path, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await bodyOf(response);
  if (response.ok) return answer;
  throw new Problem(response.status, isRecord(answer) ? answer : {});
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** GET that trusts the API's own response schema for the shape; throws Problem on a refusal. */
export async function get<T>(path: string): Promise<T> {
  return (await call("GET", path)) as T;
}

/** GET of personal data, with the purpose that the server keeps in its audit. */
export async function getFor<T>(path: string, reason: string): Promise<T> {
  return (await call("GET", path, undefined, reason)) as T;
}

/** POST with a JSON body; throws Problem on a refusal. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  return (await call("POST", path, body)) as T;
}

/** DELETE; throws Problem on a refusal. */
export async function remove(path: string): Promise<void> {
  await call("DELETE", path);
}

/** A path with the given query; empty and missing values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
