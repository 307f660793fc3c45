import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import type { Protocol } from "./protocol.model.ts";
import { parseProtocol, type ParsedProtocol, type ProtocolFault } from "./protocol.rules.ts";

const protocolTextCharsMax = 500_000;

/** Thrown when a protocol file is wrong; the message names file, line and field of each fault. */
export class ProtocolFileError extends Error {
  readonly faults: readonly ProtocolFault[];

  constructor(file: string, faults: readonly ProtocolFault[]) {
    const lines = faults.map((f) => `${file}:${f.line ?? 1} ${f.pointer || "/"} ${f.message}`);
    super(`the protocol is not valid\n${lines.join("\n")}`);
    this.name = "ProtocolFileError";
    this.faults = faults;
  }
}

/** Reads a protocol from YAML text; every fault carries its line. */
export function readProtocolText(text: string): ParsedProtocol {
  if (text.length > protocolTextCharsMax) {
    return { ok: false, faults: [{ pointer: "", message: "the text is too long", line: 1 }] };
  }
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
  const parsed = parseProtocol(document.toJS({ maxAliasCount: 100 }));
  if (parsed.ok) return parsed;
  const faults = parsed.faults.map((fault) => ({
    ...fault,
    line: lineOf(document, lines, fault.pointer),
  }));
  return { ok: false, faults };
}

/** Reads and checks one protocol file; throws ProtocolFileError. */
export async function loadProtocol(file: string): Promise<Protocol> {
  const parsed = readProtocolText(await readFile(file, "utf8"));
  if (!parsed.ok) throw new ProtocolFileError(file, parsed.faults);
  return parsed.protocol;
}

/** Reads every protocol of a folder, by id and version; throws at the first wrong file. */
export async function loadProtocols(folder: string): Promise<Protocol[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).toSorted();
  return Promise.all(names.map((name) => loadProtocol(join(folder, name))));
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
