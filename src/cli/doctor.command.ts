import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { holderOf, readConfig, type Config } from "#platform/config";
import { readMigrations, selfTest } from "#platform/migrate";
import { openStore, type Store } from "#platform/store";

/** One thing the doctor looked at. */
export interface Finding {
  readonly good: boolean;
  readonly what: string;
  /** What to do about it, when it is not good. */
  readonly next?: string;
}

const nodeMajorMin = 24;

/** Does this Node.js run TypeScript as it stands? */
export function checkNode(version: string): Finding {
  const good = Number(version.split(".")[0]) >= nodeMajorMin;
  const what = `Node.js ${version}`;
  return good
    ? { good, what }
    : { good, what, next: "Start through npm (npm run wuyang -- doctor): it brings Node.js 24." };
}

/** Can this process write where the data live? */
export function checkDataDir(dataDir: string): Finding {
  const probe = path.join(dataDir, `probe-${process.pid}`);
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
    return { good: true, what: `data folder ${dataDir} can be written` };
  } catch (error) {
    const what = `data folder ${dataDir} cannot be written: ${(error as Error).message}`;
    return { good: false, what, next: "Give this user the folder, or another one by DATA_DIR." };
  }
}

async function checkMigrations(store: Pick<Store, "owner">): Promise<Finding> {
  const done = await store.owner.transaction(async (sql) => {
    const { known } = await sql.one<{ known: boolean }>("select to_regclass('public.migration') is not null as known");
    return known ? sql.many<{ no: number }>("select no from public.migration") : null;
  });
  if (done === null) return { good: true, what: "an empty database; the first start makes its tables" };
  const missing = readMigrations().filter((migration) => !done.some((row) => row.no === migration.no));
  if (missing.length === 0) return { good: true, what: `${done.length} migrations applied` };
  return { good: false, what: `${missing.length} migrations missing`, next: "npm run wuyang -- db migrate" };
}

/** Are all migrations of this checkout in the database, and can it search Chinese? */
export async function checkStore(store: Pick<Store, "owner">): Promise<Finding[]> {
  const migrations = await checkMigrations(store);
  try {
    await selfTest(store.owner);
    return [migrations, { good: true, what: "Chinese text can be searched" }];
  } catch (error) {
    return [
      migrations,
      { good: false, what: (error as Error).message, next: "Restore into a database made that way." },
    ];
  }
}

async function findings(config: Config, database: string | undefined): Promise<Finding[]> {
  const found = [checkNode(process.versions.node), checkDataDir(config.dataDir)];
  const holder = holderOf(config.dataDir);
  found.push({
    good: true,
    what:
      holder === null ? "no server runs on this data folder" : `a server runs on this data folder (process ${holder})`,
  });
  try {
    const store = await openStore(config, { asItIs: true, ...(database === undefined ? {} : { database }) });
    try {
      const where = config.databaseUrl === null ? "embedded PostgreSQL" : "the PostgreSQL of DATABASE_URL";
      found.push({ good: true, what: `${where} answers` }, ...(await checkStore(store)));
    } finally {
      await store.close();
    }
  } catch (error) {
    const next =
      config.databaseUrl === null
        ? `Read ${path.join(config.dataDir, "pg", "log", "postgresql.log")}.`
        : "Check host, user and password in DATABASE_URL, and that the user owns the database.";
    found.push({ good: false, what: `the database cannot be used: ${(error as Error).message}`, next });
  }
  return found;
}

/** The findings as lines, each bad one with what to do. */
export function findingsText(list: readonly Finding[]): string {
  return list
    .map(({ good, what, next }) => `${good ? "ok  " : "BAD "} ${what}\n${next === undefined ? "" : `     → ${next}\n`}`)
    .join("");
}

/** `wuyang doctor`: what stands between this machine and a running system. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check the machine, the data folder and the database; exit code 1 when something is wrong")
    .option("--database <name>", "a database other than the installation's own (a drill's)")
    .action(async (options: { database?: string }) => {
      const list = await findings(readConfig(process.env), options.database);
      process.stdout.write(findingsText(list));
      if (list.some(({ good }) => !good)) process.exitCode = 1;
    });
}
