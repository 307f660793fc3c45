import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { startEmbedded } from "#platform/embedded";
import { openPool } from "#platform/db";
import type { LoadReport } from "#modules/drill";
import { removeRuns, runCommand, runsFolder, type Ran } from "./command.ts";

const root = path.join(import.meta.dirname, "..");
const runMsMax = 480_000;
const database = "city_heze_2022_1_20";

/** Loads a five-hundredth of Heze, and kills it without warning once it has said something. */
function load(folder: string, name: string, more: readonly string[] = [], killAt?: RegExp): Promise<Ran> {
  const json = path.join(folder, `${name}.json`);
  return runCommand(
    ["load", "--scale", "0.002", "--threads", "2", "--json", json, ...more],
    path.join(folder, name),
    killAt && { printed: killAt },
  );
}

function reportOf(folder: string, name: string): LoadReport {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) as LoadReport;
}

describe("a synthetic city", () => {
  const folder = runsFolder();
  afterAll(() => removeRuns(folder, ["whole", "killed"]));

  it(
    "killed among its people and again among its visits is the same city in the end (I8)",
    async () => {
      const whole = await load(folder, "whole");
      expect(whole.code, whole.output).toBe(0);
      const expected = reportOf(folder, "whole");
      expect(expected.people).toBeGreaterThan(15_000);
      expect(expected.visits / expected.people).toBeGreaterThan(5);

      const first = await load(folder, "killed", [], /% {2}people/);
      expect(first.signal, first.output).toBe("SIGKILL");
      const second = await load(folder, "killed", [], /% {2}visits 2022-08-06 {2}/);
      expect(second.signal, second.output).toBe("SIGKILL");
      const last = await load(folder, "killed");
      expect(last.code, last.output).toBe(0);
      // It went on: what was there before the second kill was not loaded a second time.
      expect(last.output).not.toMatch(/% {2}people/);
      expect(reportOf(folder, "killed").digest).toBe(expected.digest);

      const again = await load(folder, "killed");
      expect(again.code, again.output).toBe(0);
      expect(again.output).toContain("loaded already");
      const other = await load(folder, "killed", ["--cases", "10", "--contacts", "10"]);
      expect(other.code).toBe(1);
      expect(other.output).toContain("--fresh");
    },
    runMsMax,
  );

  it("has every index that a database without a load has, and says that it is a drill", async () => {
    const server = await startEmbedded({ folder: path.join(folder, "killed", "pg") });
    const pool = openPool(server.url(database), { size: 1 });
    const indexes = await pool.transaction((sql) =>
      sql.many<{ line: string }>(
        "select indexdef as line from pg_indexes where tablename in ('person', 'household') order by 1",
      ),
    );
    const schema = readFileSync(path.join(root, "migrations/schema.sql"), "utf8");
    const wanted = schema.split("\n").filter((line) => /^CREATE .*INDEX .* ON (person|household) /.test(line));
    expect(indexes.map(({ line }) => line.replace("public.", ""))).toEqual(wanted.toSorted());
    const { drill } = await pool.transaction((sql) => sql.one<{ drill: boolean }>("select drill from outbreak"));
    expect(drill).toBe(true);
    const { numbers } = await pool.transaction((sql) =>
      sql.one<{ numbers: number }>(
        "select count(distinct id_hash) as numbers from person where id_kind = 'residentId'",
      ),
    );
    expect(numbers).toBe(reportOf(folder, "killed").people);
    await pool.close();
  });

  it(
    "is served as a drill on a clock of its own, with log-ins that are printed",
    async () => {
      const server = await startEmbedded({ folder: path.join(folder, "killed", "pg") });
      const env = {
        DATA_DIR: path.join(folder, "killed"),
        DATABASE_URL: server.url("postgres"),
        PORT: "0",
        POOL_SIZE: "4",
      };
      const child = spawn(process.execPath, ["src/cli/main.ts", "serve", "--api-only", "--database", database], {
        cwd: root,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      while (!output.includes("town ") && child.exitCode === null) await sleep(50);
      const url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
      const password = /^command +(\S+)/m.exec(output)?.[1];
      const answer = await fetch(`${url}/api/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ login: "command", password }),
      });
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      const board = async (): Promise<{
        outbreak: { drill: boolean; now: string };
        totals: { asymptomatic: number };
      }> => (await fetch(`${url}/api/v1/board`, { headers: { cookie } })).json() as ReturnType<typeof board>;
      const first = await board();
      expect(first.outbreak.drill, output).toBe(true);
      expect(first.outbreak.now).toMatch(/^2022-08-06T1[56]:/);
      expect(first.totals.asymptomatic).toBeGreaterThan(200);
      await expect.poll(async () => (await board()).outbreak.now).not.toBe(first.outbreak.now);
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
    },
    runMsMax,
  );

  it("is not poured into a database that holds something else", async () => {
    const server = await startEmbedded({ folder: path.join(folder, "killed", "pg") });
    const admin = openPool(server.url("postgres"), { size: 1 });
    const { sql, release } = await admin.connect();
    await sql.script("create database city_heze_2022_7_20 template template0 encoding 'UTF8'");
    const real = openPool(server.url("city_heze_2022_7_20"), { size: 1 });
    await real.transaction((tx) =>
      tx.script(
        `create table migration (no int); create table account (id int); create table event (id int); create table audit (id int);
         create table drill_run (id int); insert into account values (1)`,
      ),
    );
    await real.close();
    await release();
    await admin.close();
    for (const more of [[], ["--fresh"]]) {
      const refused = await load(folder, "killed", ["--seed", "7", ...more]);
      expect(refused.code).toBe(1);
      expect(refused.output).toContain("no invented people");
    }
  });
});
