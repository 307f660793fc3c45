import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "#kernel/assert";
import type { Pool } from "./db.ts";
import { installJobs } from "./jobs.ts";

/** One plain-SQL file of the migrations folder. */
export interface Migration {
  readonly no: number;
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "migrations");

/** The migrations in order; names are `0000NN_name.sql`. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{6}_\w+\.sql$/.test(file))
    .toSorted()
    .map((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      return {
        no: Number(file.slice(0, 6)),
        name: file.slice(7, -4),
        text,
        hash: createHash("sha256").update(text).digest("hex"),
      };
    });
}

const migrateLock = 771_022;

/** Applies what is missing, forward only, each file in its own transaction; returns the names applied. */
export async function migrate(owner: Pool): Promise<string[]> {
  const applied: string[] = [];
  const migrations = readMigrations();
  const { sql, release } = await owner.connect();
  try {
    // Several server processes may start at once; one migrates, the others wait.
    await sql.run("select pg_advisory_lock($1)", [migrateLock]);
    await sql.script(
      "create table if not exists public.migration (no integer primary key, name text not null, hash text not null)",
    );
    const done = new Map(
      (await sql.many<{ no: number; hash: string }>("select no, hash from public.migration")).map((row) => [
        row.no,
        row.hash,
      ]),
    );
    for (const migration of migrations) {
      const known = done.get(migration.no);
      if (known !== undefined) {
        assert(
          known === migration.hash,
          `migration ${migration.no}_${migration.name} was changed after it was applied`,
        );
        continue;
      }
      await sql.script("begin");
      try {
        await sql.script(migration.text);
        await sql.run("insert into public.migration (no, name, hash) values ($1, $2, $3)", [
          migration.no,
          migration.name,
          migration.hash,
        ]);
        await sql.script("commit");
      } catch (error) {
        await sql.script("rollback");
        throw new Error(`migration ${migration.no}_${migration.name}: ${(error as Error).message}`, { cause: error });
      }
      applied.push(migration.name);
    }
    await sql.script("grant select on public.migration to wuyang_app");
    await installJobs(owner.url, sql);
    await sql.run("select pg_advisory_unlock($1)", [migrateLock]);
  } finally {
    await release();
  }
  return applied;
}

/** Proves at start that Chinese text can be searched by trigram; a wrong locale fails silently otherwise. */
export async function selfTest(owner: Pool): Promise<void> {
  await owner.transaction(async (sql) => {
    await sql.script("create extension if not exists pg_trgm");
    const { likeness } = await sql.one<{ likeness: number }>(
      "select similarity('北京市朝阳区', '北京朝阳区')::float8 as likeness",
    );
    if (likeness <= 0)
      throw new Error("The database cannot search Chinese text: create it with ENCODING UTF8 and locale C.UTF-8.");
  });
}
