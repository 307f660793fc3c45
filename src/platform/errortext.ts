/** The file of ours where an error arose, as its stack names it. */
const ownFile = /[\\/](src[\\/][\w\\/.-]+\.ts):(\d+)/;
const wordMax = 80;

function wordOf(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]+$/.test(value) ? value.slice(0, wordMax) : "";
}

/**
 * What an error is, without its own words: those of a database quote the values of a row, and a rule's name a person.
 * Kind, code, the constraint that refused, and where in the program it arose.
 */
export function errorText(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  const kind = wordOf(Reflect.get(error, "name")) || "Error";
  const code = wordOf(Reflect.get(error, "code"));
  const constraint = wordOf(Reflect.get(error, "constraint"));
  const stack: unknown = Reflect.get(error, "stack");
  const place = typeof stack === "string" ? ownFile.exec(stack) : null;
  return [kind, code, constraint, place === null ? "" : `${place[1]}:${place[2]}`].filter(Boolean).join(" ");
}
