import { cpSync, chownSync, chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool, type Pool } from "#platform/db";
import { startEmbedded, type EmbeddedServer } from "#platform/embedded";
import { openReplica, type Replica } from "#platform/replica";

/** A primary and a hot standby that streams from it, as a city would run them. */
let folder = "";
let primary: EmbeddedServer;
let standby: EmbeddedServer | null = null;
let owner: Pool;
let replica: Replica;

const untilMsMax = 60_000;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + untilMsMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Copies a running cluster by PostgreSQL's own low-level backup: begin, copy the files, end, keep the label. */
async function copyCluster(from: string, to: string): Promise<void> {
  const { sql, release } = await owner.connect();
  await sql.one("select pg_backup_start('replica', true)");
  const skipped = new Set(["postmaster.pid", "postmaster.opts"]);
  cpSync(from, to, { recursive: true, preserveTimestamps: true, filter: (file) => !skipped.has(path.basename(file)) });
  const { label } = await sql.one<{ label: string }>("select labelfile as label from pg_backup_stop(false)");
  await release();
  writeFileSync(path.join(to, "backup_label"), label);
  writeFileSync(path.join(to, "standby.signal"), "");
  cpSync(`${from}.password`, `${to}.password`);
  // Copied as root, the files must belong to the server's user again.
  const { uid, gid } = statSync(from);
  for (const file of [
    to,
    `${to}.password`,
    ...readdirSync(to, { recursive: true }).map((name) => path.join(to, String(name))),
  ])
    chownSync(file, uid, gid);
  chmodSync(to, 0o700);
}

async function startStandby(): Promise<EmbeddedServer> {
  const url = new URL(primary.url("postgres"));
  const conninfo = `host=127.0.0.1 port=${url.port} user=postgres password=${decodeURIComponent(url.password)}`;
  return startEmbedded({ folder: path.join(folder, "standby"), settings: { primary_conninfo: conninfo } });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-replica-"));
  chmodSync(folder, 0o755);
  primary = await startEmbedded({ folder: path.join(folder, "primary") });
  owner = openPool(primary.url("postgres"), { size: 2 });
  await owner.transaction((sql) => sql.script("create table note (n integer not null)"));
  await copyCluster(path.join(folder, "primary"), path.join(folder, "standby"));
  standby = await startStandby();
  replica = await openReplica(owner, standby.url("postgres"), { size: 2, lagMsMax: 10_000 });
});

afterAll(async () => {
  await replica?.close();
  await owner?.close();
  await standby?.stop();
  await primary?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const isStandby = () =>
  replica.transaction(async (sql) => (await sql.one<{ is: boolean }>("select pg_is_in_recovery() as is")).is);
const count = () =>
  replica.transaction(async (sql) => (await sql.one<{ n: number }>("select count(*) as n from note")).n);

describe("a read replica for reports", () => {
  it("answers what the primary has committed, and takes no write", async () => {
    await until("the replica is up to date", () => replica.state().inUse);
    expect(await isStandby()).toBe(true);
    await owner.transaction((sql) => sql.run("insert into note select generate_series(1, 100)"));
    await until("the rows have come", async () => (await count()) === 100);
    await expect(replica.transaction((sql) => sql.run("insert into note values (1)"))).rejects.toThrow(/read-only/);
    expect(await count()).toBe(100);
  });

  it("gives way to the primary while it is too far behind, and comes back", async () => {
    const { sql, release } = await openPool(standby?.url("postgres") ?? "", { size: 1 }).connect();
    await sql.script("select pg_wal_replay_pause()");
    const strict = await openReplica(owner, standby?.url("postgres") ?? "", { size: 1, lagMsMax: 200 });
    await until("nothing is asked of the one that lags", async () => {
      await owner.transaction((tx) => tx.run("insert into note values (0)"));
      return !strict.state().inUse;
    });
    const seen = await strict.transaction(
      async (tx) => (await tx.one<{ n: number }>("select count(*) as n from note")).n,
    );
    const there = await owner.transaction(
      async (tx) => (await tx.one<{ n: number }>("select count(*) as n from note")).n,
    );
    expect(seen).toBe(there);
    await sql.script("select pg_wal_replay_resume()");
    await until("it is used again", () => strict.state().inUse);
    await strict.close();
    await release();
  });

  it("gives way to the primary when it is gone, without losing an answer, and is used again when it is back", async () => {
    await standby?.stop();
    for (let i = 0; i < 5; i++) expect(await isStandby()).toBe(false);
    standby = await startStandby();
    // A machine's address stays; here the port is a new one.
    await replica.close();
    replica = await openReplica(owner, standby.url("postgres"), { size: 2, lagMsMax: 10_000 });
    await until("the replica is used", () => replica.state().inUse);
    expect(await isStandby()).toBe(true);
  });
});
