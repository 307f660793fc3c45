import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool } from "#platform/db";
import { testWorld, type TestWorld } from "#platform/testing";
import { releaseDeadWorkers } from "#platform/workers";
import { addAccount, makeToken } from "#server/accounts";
import { composeBus, modules } from "#server/modules";
import { follow, send, startProcess, until, type Server } from "./processes.ts";

/** Three server processes on one database, as three machines would run them. */
let world: TestWorld;
let servers: readonly Server[] = [];
let token = "";
let folder = "";

const key = Buffer.alloc(32, 7).toString("base64");
const jobCount = 150;
const view = (name: string) => ({ page: "/tasks", name, search: {}, columns: [], shared: false });
const viewsUrl = "/api/v1/desk/views";
const scanUrl = "/api/v1/visits/scan";
const scan = (personId: number) => ({ venueCode: "GATE", personId, at: "2022-07-24T00:00:00.000Z" });
const phones = 64;

/** Triggers note every time a job is taken and a duty's time is written, and by whose connection. */
const notes = `
  create table note (what text not null, name text not null, by text not null, at timestamptz not null default clock_timestamp());
  create function note_job() returns trigger language plpgsql security definer set search_path = public as $$
    begin insert into note (what, name, by) values ('job', new.id::text, new.locked_by); return new; end $$;
  create trigger note_job after update on graphile_worker._private_jobs for each row
    when (new.locked_by is not null and old.locked_by is null) execute function note_job();
  create function note_tick() returns trigger language plpgsql security definer set search_path = public as $$
    begin insert into note (what, name, by) values ('duty', new.name, pg_backend_pid()::text); return new; end $$;
  create trigger note_tick after update on tick for each row
    when (new.last_at > '2001-01-01') execute function note_tick();`;

const env = () => ({ DATABASE_URL: world.url, DATA_DIR: folder, WUYANG_MASTER_KEY: key });

async function noted(what: string): Promise<{ name: string; n: number }[]> {
  return world.sql.many("select name, count(*)::int as n from note where what = $1 group by name order by name", [
    what,
  ]);
}

async function rows(text: string, ...params: string[]): Promise<number> {
  return (await world.sql.one<{ n: number }>(`select count(*)::int as n from ${text}`, params)).n;
}

function server(i: number): Server {
  const found = servers[i];
  if (!found) throw new Error(`no server ${i}`);
  return found;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-processes-"));
  world = await testWorld();
  const owner = openPool(world.url, { size: 1 });
  await owner.transaction(async (sql) => {
    await sql.script(notes);
    await addAccount(sql, "tester", { role: ["admin", "commander"], area: "", language: "en" });
    token = await makeToken(sql, "tester", "processes");
    // Every duty is long overdue: whichever process looks first finds all of them due.
    await sql.run(
      `insert into venue (id, code, area_code, kind, name, name_en, created_at)
       values (gen_random_uuid(), 'GATE', '371721123201', 'shop', '门', 'Gate', now())`,
    );
    for (const { name } of composeBus(modules).duties)
      await sql.run("insert into tick (name, last_at) values ($1, '2000-01-01T00:00:00Z')", [name]);
  });
  await owner.close();
  servers = await Promise.all([startProcess(env()), startProcess(env()), startProcess(env())]);
});

afterAll(async () => {
  await Promise.all(servers.map((each) => each.stop()));
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("three server processes on one PostgreSQL", () => {
  it("a write sent to all three at once with one key is one row and one answer; its event reaches every stream", async () => {
    const streams = await Promise.all(servers.map((each) => follow(each, token)));
    const outbreak = { name: "三机", nameEn: "Three", areaCode: "37", timeZone: "Asia/Shanghai" };
    const body = { ...outbreak, protocolId: "covid-19.cn-9" };
    const answers = await Promise.all(servers.map((each) => send(each, token, "/api/v1/outbreaks", body, "key-1")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await rows("outbreak")).toBe(1);
    expect(await rows("event where name = 'outbreaks.opened'")).toBe(1);
    await until("the event in all three streams", () => streams.every(({ topics }) => topics.has("outbreaks")));
    for (const stream of streams) stream.end();
  });

  it("an event written through one process reaches the streams of the other two", async () => {
    const [, second, third] = await Promise.all(servers.map((each) => follow(each, token)));
    const { id } = await world.sql.one<{ id: string }>("select id from outbreak");
    const move = { protocolId: "covid-19.cn-9", reason: "heard by the others" };
    const { status } = await send(server(0), token, `/api/v1/outbreaks/${id}/protocol`, move, "key-2");
    expect(status).toBe(200);
    await until("the others' streams", () => [second, third].every((each) => each?.topics.has("outbreaks")));
    second?.end();
    third?.end();
  });

  it("each job is taken once, by the workers of more than one process", async () => {
    const add =
      "select graphile_worker.add_job('audit.seal', json_build_object('no', i)) from generate_series(1, $1::int) i";
    await world.sql.run(add, [jobCount]);
    await until("the queue is empty", async () => (await rows("graphile_worker._private_jobs")) === 0);
    const taken = await noted("job");
    expect(taken.length).toBe(jobCount);
    expect(taken.filter(({ n }) => n !== 1)).toEqual([]);
    expect((await world.sql.many("select distinct by from note where what = 'job'")).length).toBeGreaterThan(1);
  });

  it("a register's comparison is worked by one of them, and all show how far it is", async () => {
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values ('37', null, 'province', 'province', '山东', 'Shandong')`,
    );
    const register = { code: "TRADE", kind: "trade", owner: "商务局", areaCode: "37" };
    expect((await send(server(0), token, "/api/v1/registers", register, "key-3")).status).toBe(200);
    await world.sql.run(
      `insert into person_entry (register, ref, area_code, name, sex, address, id_state, received_at)
       select 'TRADE', i, '37', '甲', 'unknown', '', 'missing', now() from generate_series(1, 100) i`,
    );
    await world.sql.run("insert into person_entry_count (register, area_code, entries) values ('TRADE', '37', 100)");
    const started = await send(server(1), token, "/api/v1/registers/TRADE/link", {}, "key-4");
    expect(started).toMatchObject({ status: 200, body: { state: "running", total: 100, done: 0 } });
    const seen = async () => {
      const answer = await fetch(`${server(2).url}/api/v1/register-linkages`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { items: { state: string; unmatched: number }[] }).items[0];
    };
    await until("the comparison is done", async () => (await seen())?.state === "done");
    expect(await seen()).toMatchObject({ done: 100, unmatched: 100 });
  });

  it("each duty that was due runs once, though all three look for it", async () => {
    const all = composeBus(modules)
      .duties.map(({ name }) => name)
      .toSorted();
    await until("every duty has run", async () => (await noted("duty")).length === all.length);
    // Each process has looked at least once more by now.
    expect(await noted("duty")).toEqual(all.map((name) => ({ name, n: 1 })));
  });

  it("counts attempts at a password together: ten in a minute are ten over the three", async () => {
    const attempt = async (each: Server) =>
      (
        await fetch(`${each.url}/api/v1/session`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ login: "nobody", password: "wrong" }),
        })
      ).status;
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push(...(await Promise.all(servers.map(attempt))));
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  it("an ended session has ended everywhere", async () => {
    const who = (each: Server) =>
      fetch(`${each.url}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
    const scans = (key: string) => Promise.all(servers.map((each, i) => send(each, token, scanUrl, scan(i + 1), key)));
    expect((await Promise.all(servers.map(who))).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await scans("alive")).map(({ status }) => status)).toEqual([200, 200, 200]);
    await world.sql.run("update api_token set ended_at = now()");
    expect((await Promise.all(servers.map(who))).map(({ status }) => status)).toEqual([401, 401, 401]);
    // The scans of one group are asked after together, and by each process.
    expect((await scans("ended")).map(({ status }) => status)).toEqual([401, 401, 401]);
    await world.sql.run("update api_token set ended_at = null");
  });

  it("refuses to start with another master key", async () => {
    const wrong = { ...env(), WUYANG_MASTER_KEY: Buffer.alloc(32, 8).toString("base64") };
    await expect(startProcess(wrong)).rejects.toThrow("another master key");
  });
});

describe("kill -9 of one of them", () => {
  it("loses no write that was answered, and the one in doubt, sent again elsewhere, is one row", async () => {
    const answered: string[] = [];
    let doubtful = "";
    for (let i = 0; doubtful === ""; i++) {
      if (i === 20) server(0).child.kill("SIGKILL");
      const name = `view ${i}`;
      const answer = await send(server(0), token, viewsUrl, view(name), name).catch(() => null);
      if (answer === null) doubtful = name;
      else {
        expect(answer).toMatchObject({ status: 200 });
        answered.push(name);
      }
    }
    expect(answered.length).toBeGreaterThanOrEqual(20);
    const again = await Promise.all([1, 2].map((i) => send(server(i), token, viewsUrl, view(doubtful), doubtful)));
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
    const kept = await world.sql.many<{ name: string }>("select name from saved_view order by saved_at, id");
    expect(kept.map(({ name }) => name).toSorted()).toEqual([...answered, doubtful].toSorted());
    expect(await rows("idempotency where key like 'view %' and response is null")).toBe(0);
  });

  it("loses no scan that was answered, of many that shared transactions; those in doubt, sent again elsewhere, are one row each", async () => {
    const victim = await startProcess(env());
    const answered = new Set<number>();
    const doubtful: number[] = [];
    let next = 1_000;
    const phone = async (): Promise<void> => {
      for (;;) {
        const person = next++;
        const answer = await send(victim, token, scanUrl, scan(person), "").catch(() => null);
        if (answer === null) {
          doubtful.push(person);
          return;
        }
        expect(answer).toEqual({ status: 200, body: { outcome: "recorded" } });
        answered.add(person);
        if (answered.size === 1_000) victim.child.kill("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: phones }, phone));
    expect(answered.size).toBeGreaterThanOrEqual(1_000);
    const stored = async (): Promise<number[]> =>
      (await world.sql.many<{ p: number }>("select person_id as p from visit where person_id >= 1000 order by 1")).map(
        ({ p }) => p,
      );
    // The victim's own transaction, if one was open, is over when its session is.
    const before = new Set(await stored());
    expect([...answered].filter((person) => !before.has(person))).toEqual([]);
    const again = await Promise.all(
      doubtful.flatMap((person) => [1, 2].map((i) => send(server(i), token, scanUrl, scan(person), ""))),
    );
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await stored()).toEqual([...answered, ...doubtful].toSorted((a, b) => a - b));
  });

  it("gives the jobs of a dead process back at once, and leaves those of a living one", async () => {
    const locks =
      "pg_locks where locktype = 'advisory' and classid = 771024 and database = (select oid from pg_database where datname = current_database())";
    await until("the lock of the killed process has fallen", async () => (await rows(locks)) === 2);
    const { by } = await world.sql.one<{ by: string }>(
      `select by from note where what = 'job' and not pg_try_advisory_xact_lock(771024, hashtext(by)) limit 1`,
    );
    await world.sql.run("select graphile_worker.add_job('audit.seal', run_at := now() + interval '1 day')");
    await world.sql.run(
      "update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - interval '1 minute' where run_at > now()",
      [by],
    );
    const owner = openPool(world.url, { size: 1 });
    const held = () => rows("graphile_worker._private_jobs where locked_by = $1", by);
    expect(await releaseDeadWorkers(owner)).toBe(0);
    expect(await held()).toBe(1);
    await Promise.all([server(1).stop("SIGKILL"), server(2).stop("SIGKILL")]);
    await until("the dead worker is found", async () => (await releaseDeadWorkers(owner)) === 1);
    expect(await held()).toBe(0);
    await owner.close();
  });
});
