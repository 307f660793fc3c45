import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** A list and its mapping as files. */
export interface ImportFiles {
  readonly file: string;
  /** A mapping file, or the name of one that comes with the system, such as `tianjin`. */
  readonly mapping: string;
  readonly dryRun: boolean;
}

/** Reads both texts; a mapping that is no file is looked for among those of the folder. */
export async function readImportFiles(
  input: ImportFiles,
  folder: string,
  ending: string,
): Promise<{ text: string; mapping: string; dryRun: boolean }> {
  const own = path.join(folder, `${path.basename(input.mapping)}${ending}`);
  const mappingFile = existsSync(input.mapping) || !existsSync(own) ? input.mapping : own;
  const [text, mapping] = await Promise.all([readFile(input.file, "utf8"), readFile(mappingFile, "utf8")]);
  return { text, mapping, dryRun: input.dryRun };
}
