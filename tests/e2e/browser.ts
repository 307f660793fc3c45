import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--headless=shell"];

/** The libraries that the browser needs and a bare machine lacks come with its npm package. */
async function withOwnLibraries(): Promise<Record<string, string>> {
  const folder = path.join(tmpdir(), "al2023", "lib");
  if (!existsSync(folder)) {
    const packed = fileURLToPath(import.meta.resolve("@sparticuz/chromium")).replace(/build.*$/, "bin/al2023.tar.br");
    await inflate(packed);
  }
  return { LD_LIBRARY_PATH: [folder, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":") };
}

/** Starts the headless browser from npm; on a machine without its system libraries, with its own. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  try {
    return await playwright.launch({ executablePath, args });
  } catch (error) {
    if (!/shared librar|lib\w+\.so/.test(String(error))) throw error;
    const env = Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    return playwright.launch({ executablePath, args, env: { ...env, ...(await withOwnLibraries()) } });
  }
}
