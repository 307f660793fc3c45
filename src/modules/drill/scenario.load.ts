import { readFile } from "node:fs/promises";
import { Compile } from "typebox/compile";
import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import { Scenario } from "./scenario.model.ts";
import { scenarioFaults, type ScenarioFault } from "./scenario.rules.ts";

const scenarioTextCharsMax = 2_000_000;
const faultsShownMax = 50;
const checker = Compile(Scenario);

/** A fault with the line of the file it stands on. */
export interface LinedFault extends ScenarioFault {
  readonly line: number;
}

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly faults: readonly LinedFault[] };

/** Thrown when a scenario file is wrong; the message names file, line and field of each fault. */
export class ScenarioFileError extends Error {
  readonly faults: readonly LinedFault[];

  constructor(file: string, faults: readonly LinedFault[]) {
    const lines = faults.map((f) => `${file}:${f.line} ${f.pointer || "/"} ${f.message}`);
    super(`the scenario is not valid\n${lines.join("\n")}`);
    this.name = "ScenarioFileError";
    this.faults = faults;
  }
}

/** Reads a scenario from YAML text; every fault carries its line. */
export function readScenarioText(text: string): ParsedScenario {
  if (text.length > scenarioTextCharsMax) {
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
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const faults = checker.Check(value) ? scenarioFaults(value) : schemaFaults(value);
  if (faults.length === 0) return { ok: true, scenario: value as Scenario };
  return { ok: false, faults: faults.map((f) => ({ ...f, line: lineOf(document, lines, f.pointer) })) };
}

/** Reads and checks one scenario file; throws ScenarioFileError. */
export async function loadScenario(file: string): Promise<Scenario> {
  const parsed = readScenarioText(await readFile(file, "utf8"));
  if (!parsed.ok) throw new ScenarioFileError(file, parsed.faults);
  return parsed.scenario;
}

function schemaFaults(value: unknown): ScenarioFault[] {
  return checker
    .Errors(value)
    .slice(0, faultsShownMax)
    .map((error) => ({ pointer: error.instancePath, message: error.message }));
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
