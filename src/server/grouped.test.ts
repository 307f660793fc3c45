import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordVisit, registerVenues } from "#modules/venues";
import { createAccount, openSession } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import { createLog } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import { testWorld, type TestWorld } from "#platform/testing";
import { makeToken } from "#platform/tokens";
import { buildApp } from "./app.ts";
import { identifier } from "./identity.ts";
import { allPermissions, modules } from "./modules.ts";
import { permissionTable } from "./roles.ts";

const url = "/api/v1/visits/scan";
const limits = recordVisit.group.limits;
const password = "correct horse battery";
const idOf = {
  dataManager: "00000000-0000-7000-8000-000000000000",
  viewer: "00000000-0000-7000-8000-000000000001",
} as const;

describe("the route of single scans", () => {
  let world: TestWorld;
  let app: FastifyInstance;
  let token = "";

  async function tokenOf(role: keyof typeof idOf, label: string): Promise<string> {
    return (await makeToken(world.sql, { accountId: idOf[role], label }, wallClock.now())).token;
  }

  beforeAll(async () => {
    world = await testWorld({ modules, at: "2022-07-23T12:00:00.000Z" });
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [{ code: "GATE", areaCode: "371721123201", kind: "shop", name: "门" }],
    });
    for (const [role, id] of Object.entries(idOf)) {
      const account = { id, login: role, password, name: role, roles: [role], areaCode: "3717" };
      await createAccount(world.sql, account, wallClock.now());
    }
    token = await tokenOf("dataManager", "gate");
    const permissionsOf = permissionTable(allPermissions(modules));
    app = await buildApp({
      context: {
        pool: world.pool,
        services: world.ctx().services,
        clock: world.clock,
        wall: wallClock,
        permissionsOf,
        options: { secureCookies: false, webFolder: null },
        identify: identifier(world.pool, permissionsOf, wallClock),
      },
      modules,
      log: createLog("silent"),
      metrics: createMetrics(),
      stream: null,
      ready: () => Promise.resolve(true),
    });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const scan = (personId: number) => ({ venueCode: "GATE", personId, at: "2022-07-23T08:00:00.000Z" });
  // Async, because an injected request is sent only when its answer is asked for.
  async function post(
    payload: object | string,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) {
    return app.inject({ method: "POST", url, payload, headers: { "content-type": "application/json", ...headers } });
  }
  const people = async (): Promise<number[]> =>
    (await world.sql.many<{ person_id: number }>("select person_id from visit order by 1")).map((row) => row.person_id);

  it("answers what became of the scan, with the headers of every other answer", async () => {
    const first = await post(scan(1));
    expect([first.statusCode, first.json()]).toEqual([200, { outcome: "recorded" }]);
    const other = await app.inject({ method: "GET", url: "/healthz" });
    for (const name of ["content-type", "x-content-type-options", "referrer-policy", "x-frame-options"])
      expect(first.headers[name], name).toBe(other.headers[name]);
    const again = await post(scan(1));
    expect([again.statusCode, again.json()]).toEqual([200, { outcome: "already" }]);
    const { body } = await app.inject({ method: "GET", url: "/metrics" });
    expect(body).toContain(`http_requests_total{method="POST",route="${url}",status="200"} 2`);
  });

  it("refuses by field, in the sender's language, and says what to do next", async () => {
    const wrong = await post(
      { ...scan(2), venueCode: "NONE" },
      { authorization: `Bearer ${token}`, "accept-language": "en" },
    );
    expect([wrong.statusCode, wrong.json()]).toMatchObject([
      400,
      {
        code: "request.invalid",
        next: "Correct the named field and send it again.",
        fields: [{ pointer: "/venueCode" }],
      },
    ]);
    expect(wrong.headers).toMatchObject({
      "content-type": "application/problem+json; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
    const late = await post({ ...scan(2), at: "2022-07-23T12:11:00.000Z" });
    expect(late.json()).toMatchObject({ title: "请求内容有误", fields: [{ pointer: "/at", detail: "inFuture" }] });
    for (const bad of [
      { ...scan(2), personId: "x" },
      { venueCode: "GATE", personId: 2 },
      { ...scan(2), at: "noon" },
    ])
      expect((await post(bad)).statusCode).toBe(400);
    expect((await post("{")).statusCode).toBe(400);
    expect((await post({ ...scan(2), more: "x".repeat(5_000) })).statusCode).toBe(413);
    expect(await people()).toEqual([1]);
  });

  it("takes a token or a session, as every other route does, and neither once it has ended", async () => {
    const viewer = await tokenOf("viewer", "gate");
    const device = await tokenOf("dataManager", "lost device");
    const { token: session } = await openSession(world.sql, "dataManager", password, wallClock.now());
    const bearer = (each: string) => ({ authorization: `Bearer ${each}` });
    const cookie = { cookie: `a=b; wuyang=${session}` };
    const status = async (headers: Record<string, string>) => (await post(scan(3), headers)).statusCode;
    expect(await status({})).toBe(401);
    expect(await status(bearer("wy_nobody_nobody"))).toBe(401);
    expect(await status(bearer(viewer))).toBe(403);
    expect(await status(bearer(session))).toBe(401);
    expect(await status(bearer(device))).toBe(200);
    expect(await status(cookie)).toBe(200);
    await expect
      .poll(() =>
        world.sql.many("select label from api_token where last_used_at is not null and label = 'lost device'"),
      )
      .toHaveLength(1);
    expect(await status({ ...cookie, origin: "https://elsewhere.example" })).toBe(401);
    await world.sql.run("update api_token set ended_at = now() where label = 'lost device'");
    await world.sql.run("update session set ended_at = now()");
    expect(await status(bearer(device))).toBe(401);
    expect(await status(cookie)).toBe(401);
  });

  it("lets whoever is refused too often wait out his minute, and nobody else", async () => {
    const stranger = (remoteAddress: string) =>
      app.inject({
        method: "POST",
        url,
        payload: scan(4),
        remoteAddress,
        headers: { authorization: "Bearer wy_nobody_nobody" },
      });
    for (let sent = 0; sent < 6_000; sent += 500)
      await Promise.all(Array.from({ length: 500 }, () => stranger("10.0.0.1")));
    const refused = await stranger("10.0.0.1");
    expect([refused.statusCode, (refused.json() as { code: string }).code]).toEqual([429, "rate.limited"]);
    expect((await stranger("10.0.0.2")).statusCode).toBe(401);
    expect((await post(scan(4))).statusCode).toBe(200);
  });

  it("turns scans away when its waiting room is full, and loses none that it took", async () => {
    const room = limits.callsMax * limits.flightsMax + limits.waitingMax;
    await world.sql.script("begin; lock table visit in access exclusive mode");
    const sent = Array.from({ length: room + 20 }, (_, i) => post(scan(1_000 + i)));
    const turned = await Promise.all(sent.slice(-10));
    expect(new Set(turned.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    expect(turned[0]?.json()).toMatchObject({
      code: "server.busy",
      next: "本次未保存。请一秒后原样重发：重复发送只保存一次。",
    });
    expect(turned[0]?.headers["retry-after"]).toBe("1");
    await world.sql.script("commit");
    const answers = await Promise.all(sent);
    const taken = answers.filter(({ statusCode }) => statusCode === 200).length;
    expect(taken).toBeGreaterThanOrEqual(limits.waitingMax);
    expect(taken + answers.filter(({ statusCode }) => statusCode === 503).length).toBe(sent.length);
    expect((await people()).filter((id) => id >= 1_000)).toHaveLength(taken);
  });

  it("says that it is not certain when the database went away, and the same again is saved once", async () => {
    const stuck = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await world.sql.script("begin; lock table visit in access exclusive mode");
    const sent = post(scan(500));
    await expect.poll(() => world.sql.many(stuck)).toHaveLength(1);
    await world.sql.run(`select pg_terminate_backend(pid) from (${stuck}) as waiting`);
    const answer = await sent;
    expect([answer.statusCode, (answer.json() as { code: string }).code]).toEqual([503, "write.unsure"]);
    await world.sql.script("commit");
    expect((await post(scan(500))).json()).toEqual({ outcome: "recorded" });
    expect((await post(scan(500))).json()).toEqual({ outcome: "already" });
  });

  it("stands in the description of the API beside every other route", async () => {
    const { paths } = (await app.inject({ method: "GET", url: "/docs/api/json" })).json<{ paths: object }>();
    for (const route of modules.flatMap((module) => module.routes))
      expect(paths, route.url).toHaveProperty([route.url.replace(/:(\w+)/g, "{$1}")]);
  });

  it("stores what it took before it closes", async () => {
    const base = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    await world.sql.script("begin; lock table visit in access exclusive mode");
    const answers = Array.from({ length: 40 }, async (_, i) => {
      const socket = connect(Number(base.port), base.hostname);
      const body = JSON.stringify(scan(600 + i));
      socket.write(
        `POST ${url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const [answer] = (await once(socket, "data")) as [Buffer];
      return answer.toString().slice(0, 12);
    });
    const connections = () =>
      new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(connections).toBe(answers.length);
    await sleep(200);
    const began = performance.now();
    const closed = app.close();
    await world.sql.script("commit");
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 200"]));
    await closed;
    // The senders keep their connections for the next scan; the server does not wait for it.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await people()).filter((id) => id >= 600 && id < 640)).toHaveLength(40);
  });
});
