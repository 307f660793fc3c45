import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readYaml, YamlFileError } from "#platform/yaml";
import type { Protocol } from "./protocol.model.ts";
import { parseProtocol, type ParsedProtocol } from "./protocol.rules.ts";

const protocolTextCharsMax = 500_000;

function readText(text: string) {
  return readYaml(text, protocolTextCharsMax, (value) => {
    const parsed = parseProtocol(value);
    return parsed.ok ? { ok: true, value: parsed.protocol } : parsed;
  });
}

/** Reads a protocol from YAML text; every fault carries its line. */
export function readProtocolText(text: string): ParsedProtocol {
  const read = readText(text);
  return read.ok ? { ok: true, protocol: read.value } : read;
}

/** Reads and checks one protocol file; throws YamlFileError. */
export async function loadProtocol(file: string): Promise<Protocol> {
  const read = readText(await readFile(file, "utf8"));
  if (!read.ok) throw new YamlFileError("protocol", file, read.faults);
  return read.value;
}

/** Reads every protocol of a folder, by id and version; throws at the first wrong file. */
export async function loadProtocols(folder: string): Promise<Protocol[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).toSorted();
  return Promise.all(names.map((name) => loadProtocol(join(folder, name))));
}
