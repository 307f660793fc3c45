import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readYaml, YamlFileError, type ReadYaml } from "#platform/yaml";
import type { Checklist } from "./checklist.model.ts";
import { parseChecklist } from "./checklist.rules.ts";

const checklistTextCharsMax = 200_000;
const folder = join(import.meta.dirname, "../../../checklists");

/** Reads a checklist from YAML text; every fault carries its line. spec: INS-1 */
export function readChecklistText(text: string): ReadYaml<Checklist> {
  return readYaml(text, checklistTextCharsMax, parseChecklist);
}

async function loadChecklist(file: string): Promise<Checklist> {
  const read = readChecklistText(await readFile(file, "utf8"));
  if (!read.ok) throw new YamlFileError("checklist", file, read.faults);
  return read.value;
}

let loaded: Promise<readonly Checklist[]> | undefined;

/** The checklists that come with the system, every version, read once a process; throws at the first wrong file. */
export function checklistLibrary(): Promise<readonly Checklist[]> {
  loaded ??= readdir(folder).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith(".yaml"))
        .toSorted()
        .map((name) => loadChecklist(join(folder, name))),
    ),
  );
  return loaded;
}
