import Type, { type Static } from "typebox";
import { errorCatalogue, fillText, ProblemError, type ErrorCode } from "#kernel/errors";
import { thingsZh } from "#kernel/things";
import type { Language } from "#platform/context";

/** RFC 9457 problem details, with our code, the way out and the fields at fault. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  next: Type.String(),
  requestId: Type.String(),
  fields: Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() })),
});
export type Problem = Static<typeof Problem>;

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: { readonly missingProperty?: string };
}

function fieldsOf(error: unknown): { pointer: string; detail: string }[] {
  const issues = (error as { validation?: readonly ValidationIssue[] }).validation ?? [];
  return issues.map((issue) => ({
    pointer: issue.params?.missingProperty
      ? `${issue.instancePath}/${issue.params.missingProperty}`
      : issue.instancePath || "/",
    detail: issue.message ?? "not valid",
  }));
}

/** The parameters in the reader's language, as far as they are words of ours. */
function worded(params: ProblemError["params"], language: Language): ProblemError["params"] {
  const { what } = params;
  return language === "en" || typeof what !== "string" ? params : { ...params, what: thingsZh[what] ?? what };
}

/** Turns whatever was thrown into a problem; what we did not expect says nothing about its inside. */
export function problemOf(error: unknown, language: Language, requestId: string): Problem {
  const known = error instanceof ProblemError ? error : null;
  const status = (error as { statusCode?: number }).statusCode;
  let code: ErrorCode = known?.code ?? "server.failed";
  if (!known && (error as { validation?: unknown }).validation) code = "request.invalid";
  else if (!known && status === 429) code = "rate.limited";
  else if (!known && status === 413) code = "limit.exceeded";
  else if (!known && status === 404) code = "record.notFound";
  else if (!known && status !== undefined && status >= 400 && status < 500) code = "request.invalid";
  const row = errorCatalogue[code];
  const params = worded(known?.params ?? { what: "page" }, language);
  return {
    type: `/docs/errors#${code}`,
    title: fillText(row.title[language], params),
    status: row.status,
    code,
    next: fillText(row.next[language], params),
    requestId,
    fields: known ? [...known.fields] : fieldsOf(error),
  };
}
