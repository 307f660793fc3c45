import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool } from "#platform/db";
import { testWorld, type TestWorld } from "#platform/testing";
import { addAccount, makeToken } from "#server/accounts";
import { follow, send, startProcess, until, type Server } from "./processes.ts";

/** A server process that is asked to end while it is busy in every way it can be. */
const endMsMax = 10_000;
const sealLock = 771_023;
const view = (name: string) => ({ page: "/tasks", name, search: {}, columns: [], shared: false });

let world: TestWorld;
let folder = "";
let token = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-ending-"));
  world = await testWorld();
  const owner = openPool(world.url, { size: 1 });
  await owner.transaction(async (sql) => {
    await addAccount(sql, "tester", { role: ["admin", "commander"], area: "", language: "en" });
    token = await makeToken(sql, "tester", "ending");
  });
  await owner.close();
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<Server> =>
  startProcess({
    DATABASE_URL: world.url,
    DATA_DIR: folder,
    WUYANG_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
  });

/** A connection that has carried a request and is kept for the next, and one that has never carried any. */
async function leaveOpen(server: Server): Promise<() => void> {
  const agent = new Agent({ keepAlive: true });
  const [answer] = (await once(get(`${server.url}/healthz`, { agent }), "response")) as [NodeJS.ReadableStream];
  answer.resume();
  await once(answer, "end");
  const { hostname, port } = new URL(server.url);
  const spare = connect(Number(port), hostname);
  await once(spare, "connect");
  spare.on("error", () => undefined);
  return () => {
    agent.destroy();
    spare.destroy();
  };
}

/** Holds the lock that the sealing of the audit waits for, so that this job stays in hand. */
async function holdJob(): Promise<() => Promise<void>> {
  const owner = openPool(world.url, { size: 1 });
  const { sql, release } = await owner.connect();
  await sql.run("select pg_advisory_lock($1)", [sealLock]);
  await sql.run("select graphile_worker.add_job('audit.seal')");
  await until("the job is in hand", async () => (await jobsInHand()) === 1);
  return async () => {
    await release();
    await owner.close();
  };
}

async function jobsInHand(): Promise<number> {
  const text = "select count(*)::int as n from graphile_worker._private_jobs where locked_by is not null";
  return (await world.sql.one<{ n: number }>(text)).n;
}

async function ended(server: Server): Promise<{ code: number | null; ms: number }> {
  const began = performance.now();
  const [code] = (await once(server.child, "exit")) as [number | null];
  return { code, ms: performance.now() - began };
}

describe("a server process that is asked to end", () => {
  it("ends in order with a stream, kept and spare connections open, and leaves no session in the database", async () => {
    const server = await start();
    const stream = await follow(server, token);
    const close = await leaveOpen(server);
    expect((await send(server, token, "/api/v1/desk/views", view("one"), "ending-1")).status).toBe(200);
    server.child.kill("SIGTERM");
    const { code, ms } = await ended(server);
    stream.end();
    close();
    expect({ code, log: server.log() }).toEqual({ code: 0, log: "" });
    // Nothing was in hand, so nothing was waited for.
    expect(ms).toBeLessThan(4_500);
    const others =
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    await until("its sessions are over", async () => (await world.sql.one<{ n: number }>(others)).n === 0);
  });

  it("ends within ten seconds with a job and a request in hand; the job is done by the next process", async () => {
    const first = await start();
    const release = await holdJob();
    const stream = await follow(first, token);
    const close = await leaveOpen(first);
    // A request whose body never comes whole.
    const { hostname, port } = new URL(first.url);
    const half = connect(Number(port), hostname);
    half.on("error", () => undefined);
    half.write(
      "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    );
    first.child.kill("SIGTERM");
    const { code, ms } = await ended(first);
    half.destroy();
    stream.end();
    close();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(endMsMax);
    expect(first.log()).toContain('"jobs"');
    await release();
    const second = await start();
    await until(
      "the job is done",
      async () => (await world.sql.many("select 1 as one from graphile_worker._private_jobs")).length === 0,
    );
    second.child.kill("SIGTERM");
    expect(await ended(second)).toMatchObject({ code: 0 });
  });

  it("ends at once at the second signal, of either kind", async () => {
    const server = await start();
    const release = await holdJob();
    server.child.kill("SIGTERM");
    await until(
      "it has heard the first",
      async () => (await fetch(`${server.url}/healthz`).catch(() => null)) === null,
    );
    expect(server.child.exitCode).toBeNull();
    server.child.kill("SIGINT");
    const { code, ms } = await ended(server);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(1_000);
    await release();
  });
});
