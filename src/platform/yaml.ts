import { isNode, LineCounter, parseDocument, type Document } from "yaml";

/** One fault of a file; the pointer is a JSON pointer into it. */
export interface YamlFault {
  readonly pointer: string;
  readonly message: string;
}

/** A fault with the line of the file it stands on. */
export interface LinedFault extends YamlFault {
  readonly line: number;
}

export type ReadYaml<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly LinedFault[] };

/** Thrown when a file of rules or of a scenario is wrong; the message names file, line and field of each fault. */
export class YamlFileError extends Error {
  readonly faults: readonly LinedFault[];

  constructor(what: string, file: string, faults: readonly LinedFault[]) {
    const lines = faults.map((f) => `${file}:${f.line} ${f.pointer || "/"} ${f.message}`);
    super(`the ${what} is not valid\n${lines.join("\n")}`);
    this.name = "YamlFileError";
    this.faults = faults;
  }
}

const aliasesMax = 100;

/** Reads YAML text and checks its value; every fault, of the syntax and of the check, carries its line. */
export function readYaml<T>(
  text: string,
  charsMax: number,
  check: (value: unknown) => { ok: true; value: T } | { ok: false; faults: readonly YamlFault[] },
): ReadYaml<T> {
  if (text.length > charsMax) return { ok: false, faults: [{ pointer: "", message: "the text is too long", line: 1 }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: "1.2" });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      pointer: "",
      message: error.message.split("\n")[0] ?? error.code,
      line: lines.linePos(error.pos[0]).line,
    }));
    return { ok: false, faults };
  }
  const checked = check(document.toJS({ maxAliasCount: aliasesMax }));
  if (checked.ok) return checked;
  return { ok: false, faults: checked.faults.map((f) => ({ ...f, line: lineOf(document, lines, f.pointer) })) };
}

/** The line of the field, or of the nearest thing around it when the field is missing. */
function lineOf(document: Document.Parsed, lines: LineCounter, pointer: string): number {
  const path = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
