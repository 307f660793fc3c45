import type { ErrorCode } from "./errors.ts";

/** A refusal a rule returns: the catalogue's code and the facts a person needs to mend it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What a rule returns: a value, or a refusal; rules never throw for what a user can cause. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(code: ErrorCode, params: Readonly<Record<string, string | number>> = {}): Result<never> {
  return { ok: false, refusal: { code, params } };
}
