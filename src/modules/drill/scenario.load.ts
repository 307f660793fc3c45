import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Compile } from "typebox/compile";
import { readYaml, YamlFileError, type ReadYaml, type YamlFault } from "#platform/yaml";
import { Scenario } from "./scenario.model.ts";
import { scenarioFaults } from "./scenario.rules.ts";
import type { DrillSystem, PlayedSystem } from "./systems/system.ts";

const scenarioTextCharsMax = 2_000_000;
const faultsShownMax = 50;
const checker = Compile(Scenario);

/** Reads a scenario from YAML text; every fault carries its line. */
export function readScenarioText(text: string): ReadYaml<Scenario> {
  return readYaml(text, scenarioTextCharsMax, (value) => {
    const faults = checker.Check(value) ? scenarioFaults(value) : schemaFaults(checker.Errors(value));
    return faults.length === 0 ? { ok: true, value: value as Scenario } : { ok: false, faults };
  });
}

/** Reads and checks one scenario file; throws YamlFileError. */
export async function loadScenario(file: string): Promise<Scenario> {
  const read = readScenarioText(await readFile(file, "utf8"));
  if (!read.ok) throw new YamlFileError("scenario", file, read.faults);
  return read.value;
}

/**
 * The systems beside the loop that a scenario plays: those for which its folder holds a file, each checked against
 * the system's own schema; throws YamlFileError.
 */
export async function loadSystems(folder: string, systems: readonly DrillSystem[]): Promise<PlayedSystem[]> {
  const played: PlayedSystem[] = [];
  for (const system of systems) {
    const file = path.join(folder, `${system.name}.yaml`);
    if (!existsSync(file)) continue;
    const section = Compile(system.section);
    const read = readYaml(await readFile(file, "utf8"), scenarioTextCharsMax, (value) =>
      section.Check(value) ? { ok: true, value } : { ok: false, faults: schemaFaults(section.Errors(value)) },
    );
    if (!read.ok) throw new YamlFileError("scenario", file, read.faults);
    played.push({ system, section: read.value });
  }
  return played;
}

function schemaFaults(errors: readonly { instancePath: string; message: string }[]): YamlFault[] {
  return errors.slice(0, faultsShownMax).map((error) => ({ pointer: error.instancePath, message: error.message }));
}
