import { readFileSync } from "node:fs";
import path from "node:path";
import { Compile } from "typebox/compile";
import { readYaml, YamlFileError } from "#platform/yaml";
import { Standard } from "./life.model.ts";

/** The list of three zones and two passages, read once from its file. */

const file = path.join(import.meta.dirname, "standards", "three-zones-two-passages.yaml");
const textCharsMax = 100_000;
const checker = Compile(Standard);

function load(): Standard {
  const read = readYaml<Standard>(readFileSync(file, "utf8"), textCharsMax, (value) =>
    checker.Check(value)
      ? { ok: true, value }
      : {
          ok: false,
          faults: checker.Errors(value).map((error) => ({ pointer: error.instancePath, message: error.message })),
        },
  );
  if (!read.ok) throw new YamlFileError("check-list", file, read.faults);
  return read.value;
}

/** What every site is checked against before it opens. spec: ISO-24 */
export const siteStandard: Standard = load();
