import { errorCatalogue, fillText, type ProblemError } from "#kernel/errors";

/** A problem as a person at a terminal reads it: what is wrong, where, and what to do next. */
export function problemText(error: ProblemError): string {
  const row = errorCatalogue[error.code];
  const fields = error.fields.map((field) => `\n  ${field.pointer} ${field.detail}`).join("");
  return `${fillText(row.title.en, error.params)} (${error.code}).${fields}\n${fillText(row.next.en, error.params)}`;
}
