import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isAlive } from "#platform/alive";
import { openPool } from "#platform/db";
import { testWorld, type TestWorld } from "#platform/testing";
import { addAccount, makeToken } from "#server/accounts";
import { startProcess, until, type Server } from "./processes.ts";

/** One command that serves by two processes on one port. */
let world: TestWorld;
let folder = "";
let token = "";
let server: Server | undefined;
const key = Buffer.alloc(32, 7).toString("base64");
const env = () => ({ DATABASE_URL: world.url, DATA_DIR: folder, WUYANG_MASTER_KEY: key });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-shared-port-"));
  world = await testWorld();
  const owner = openPool(world.url, { size: 1 });
  await owner.transaction(async (sql) => {
    await addAccount(sql, "tester", { role: ["admin"], area: "", language: "en" });
    token = await makeToken(sql, "tester", "shared port");
  });
  await owner.close();
});

afterEach(async () => {
  await server?.stop("SIGKILL");
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The number of the process that answers a new connection. */
async function answering({ url }: Server): Promise<number> {
  const asked = get(`${url}/api/v1/health`, { agent: false, headers: { authorization: `Bearer ${token}` } });
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const body = JSON.parse(await text(response)) as { process: { name: string } };
  return Number(body.process.name.split(":").at(-1));
}

async function allAnswering(of: Server): Promise<Set<number>> {
  const pids = new Set<number>();
  for (let i = 0; i < 4; i++) pids.add(await answering(of));
  return pids;
}

const start = (): Promise<Server> => startProcess(env(), ["--processes", "2"]);

describe("serve --processes 2", () => {
  it("answers on one address by two processes; one that is killed is replaced while the other answers", async () => {
    server = await start();
    const before = await allAnswering(server);
    expect(before.size).toBe(2);
    expect(before.has(server.child.pid ?? 0)).toBe(false);
    const [victim = 0, other = 0] = before;
    process.kill(victim, "SIGKILL");
    await until("the killed process is gone", () => !isAlive(victim));
    expect(await answering(server)).toBe(other);
    await until("another has taken its place", async () => (await allAnswering(server as Server)).size === 2);
    expect((await allAnswering(server)).has(victim)).toBe(false);
    expect(server.log()).toContain(`server process ${victim} ended`);
  });

  it("ends in order, with all its processes, when told to", async () => {
    server = await start();
    const pids = await allAnswering(server);
    await server.stop();
    expect(server.child.exitCode).toBe(0);
    expect([...pids].filter(isAlive)).toEqual([]);
  });

  it("leaves no process behind when it is killed itself", async () => {
    server = await start();
    const pids = await allAnswering(server);
    await server.stop("SIGKILL");
    await until("its processes have ended", () => [...pids].every((pid) => !isAlive(pid)));
  });

  it("says why it does not start", async () => {
    const wrong = { ...env(), WUYANG_MASTER_KEY: Buffer.alloc(32, 8).toString("base64") };
    await expect(startProcess(wrong, ["--processes", "2"])).rejects.toThrow("another master key");
  });
});
