import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const thisFile = fileURLToPath(import.meta.url);
const root = resolve(dirname(thisFile), "../..");
/** Where the built pages stand; the server serves this folder. */
export const webFolder = join(root, "dist/web");
const stampName = "sources.sha256";
const stampFile = join(webFolder, stampName);
const buildMsMax = 120_000;

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Modules' server files never reach the browser, so they do not make the pages stale. */
function reachesBrowser(file: string): boolean {
  if (file.endsWith(".test.ts")) return false;
  return /[\\/]web[\\/]/.test(file) || /(\.model|\.rules|[\\/]domain)\.ts$/.test(file);
}

async function sourcesDigest(): Promise<string> {
  const modules = await filesBelow(join(root, "src/modules"));
  const files = [
    ...(await filesBelow(join(root, "src/web"))),
    ...(await filesBelow(join(root, "src/kernel"))),
    ...(await filesBelow(join(root, "locales"))),
    ...modules.filter(reachesBrowser),
    join(root, "vite.config.ts"),
    join(root, "package-lock.json"),
  ].toSorted();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file.slice(root.length)).update(await readFile(file));
  return hash.digest("hex");
}

/**
 * Builds the command post's pages into `dist/web` unless they already stand for these very sources;
 * returns whether it built. It compares contents, not times, since a clone gives every file one time.
 */
export async function buildWeb(): Promise<boolean> {
  const digest = await sourcesDigest();
  const built = existsSync(stampFile) ? await readFile(stampFile, "utf8") : "";
  if (built === digest) return false;
  // A process of its own, because Vite sets NODE_ENV and takes 500 MB that the server should not keep.
  // The pages are the same whoever asks for them: a test run must not get React's slow, twice as large half.
  const env = { ...process.env, NODE_ENV: "production" };
  // Beside the old pages and then in their place, so that a process which serves them never finds half a build.
  const next = `${webFolder}.${process.pid}.${digest.slice(0, 8)}`;
  await promisify(execFile)(process.execPath, [thisFile, next], { cwd: root, timeout: buildMsMax, env });
  await writeFile(join(next, stampName), digest);
  await replaceFolder(next);
  return true;
}

/** Puts a finished build where the server looks; of two that end together the later one stays. */
async function replaceFolder(next: string): Promise<void> {
  await mkdir(webFolder, { recursive: true });
  const old = `${next}.old`;
  await rename(webFolder, old);
  await rename(next, webFolder);
  await rm(old, { recursive: true, force: true });
}

if (process.argv[1] === thisFile) {
  const { build } = await import("vite");
  const outDir = process.argv[2] ?? webFolder;
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "warn", build: { outDir } });
}
