import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { referencePages } from "#server/reference";

/** `wuyang docs`: writes the pages of docs/reference that are made from the code. */
export function docsCommand(): Command {
  return new Command("docs")
    .description("write the reference pages that are made from the code; a test proves them fresh")
    .option("--out <folder>", "where to write them", "docs/reference")
    .action((options: { out: string }) => {
      mkdirSync(options.out, { recursive: true });
      for (const [name, text] of Object.entries(referencePages())) {
        writeFileSync(path.join(options.out, name), text);
        process.stdout.write(`${path.join(options.out, name)} is written.\n`);
      }
    });
}
