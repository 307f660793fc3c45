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
  /** The fields at fault, as JSON pointers into what was sent. */
  readonly fields: readonly { readonly pointer: string; readonly detail: string }[];

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
    const fields: readonly unknown[] = Array.isArray(body["fields"]) ? body["fields"] : [];
    this.fields = fields
      .filter(isRecord)
      .map(({ pointer, detail }) => ({ pointer: String(pointer), detail: String(detail) }));
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get("content-type") ?? "";
  return type.includes("json") ? await response.json() : await response.text();
}

interface Sending {
  readonly body?: unknown;
  /** The same key twice is one action, so that a second press or a lost answer does nothing twice. */
  readonly key?: string;
  /** What personal data are wanted for. */
  readonly reason?: string;
}

async function send(method: string, path: string, { body, key, reason }: Sending): Promise<Response> {
  const headers: Record<string, string> = { "accept-language": currentLanguage() };
  // Header values are Latin-1, so a reason in Chinese travels percent-encoded.
  if (reason !== undefined) headers["x-reason"] = encodeURIComponent(reason);
  if (key !== undefined) headers["idempotency-key"] = key;
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(path, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const answer = await bodyOf(response);
  throw new Problem(response.status, isRecord(answer) ? answer : {});
}

async function call(method: string, path: string, sending: Sending = {}): Promise<unknown> {
  return bodyOf(await send(method, path, sending));
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
  return (await call("GET", path, { reason })) as T;
}

export type WriteMethod = "POST" | "PUT" | "PATCH" | "DELETE";

/** POST (or another writing method) with a JSON body; throws Problem on a refusal. */
export async function post<T>(
  path: string,
  body: unknown,
  options: { readonly key?: string; readonly reason?: string; readonly method?: WriteMethod } = {},
): Promise<T> {
  const { method = "POST", ...sending } = options;
  return (await call(method, path, { body, ...sending })) as T;
}

/** A key for one action; `crypto.randomUUID` exists behind HTTPS only, and a drill may run without it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A file the server makes, with the name it gives it. */
export async function getFile(path: string, reason?: string): Promise<{ readonly blob: Blob; readonly name: string }> {
  const response = await send("GET", path, reason === undefined ? {} : { reason });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { blob: await response.blob(), name: name === undefined ? "table" : decodeURIComponent(name) };
}

/** Hands a file to the browser as a download. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
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
