import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Compile } from "typebox/compile";
import { readYaml, YamlFileError } from "#platform/yaml";
import { Catalogue } from "./supplies.model.ts";

const catalogueFile = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  "..",
  "..",
  "..",
  "catalogue",
  "supplies.yaml",
);
const catalogueCharsMax = 500_000;
const checker = Compile(Catalogue);
let loaded: Promise<Catalogue> | null = null;

async function load(): Promise<Catalogue> {
  const read = readYaml(await readFile(catalogueFile, "utf8"), catalogueCharsMax, (value) =>
    checker.Check(value)
      ? { ok: true, value }
      : {
          ok: false,
          faults: [...checker.Errors(value)].map((fault) => ({ pointer: fault.instancePath, message: fault.message })),
        },
  );
  if (!read.ok) throw new YamlFileError("catalogue", catalogueFile, read.faults);
  return read.value;
}

/** The catalogue that comes with the system, read once a process; a wrong one names its lines. */
export async function supplyCatalogue(): Promise<Catalogue> {
  loaded ??= load();
  return loaded;
}
