import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "#kernel/ids";
import { createAccount } from "#platform/accounts";
import { systemPrng, wallClock } from "#platform/clocks";
import { createLog } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import { testWorld, type TestWorld } from "#platform/testing";
import { tokensActiveMax } from "#platform/tokens";
import { endAccountToken, listAccountTokens, makeAccountToken } from "./admin.service.ts";
import { buildApp } from "./app.ts";
import { identifier, type AppContext } from "./identity.ts";
import { allPermissions, modules } from "./modules.ts";
import { permissionTable } from "./roles.ts";

const permissionsOf = permissionTable(allPermissions(modules));
const password = "correct horse battery";

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly label: string;
    readonly state: string;
    readonly lastUsedAt: string | null;
  }[];
}

describe("API tokens", () => {
  let world: TestWorld;
  let app: FastifyInstance;
  const ids = { own: uuidv7(wallClock.now(), systemPrng), other: uuidv7(wallClock.now(), systemPrng) };

  const logIn = async (login: string): Promise<string> => {
    const answer = await app.inject({ method: "POST", url: "/api/v1/session", payload: { login, password } });
    return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  };
  const asked = (cookie: string, method: "GET" | "POST", url: string, payload?: object) =>
    app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) });
  const byToken = (token: string, url = "/api/v1/session") =>
    app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  const admin = (areaCode: string) => world.ctx({ permissions: [...permissionsOf(["admin"])], areaCode });
  const audited = async (action: string): Promise<string[]> =>
    (await world.sql.many<{ id: string }>("select subject_id as id from audit where action = $1", [action])).map(
      ({ id }) => id,
    );

  beforeAll(async () => {
    world = await testWorld({ modules });
    const context: AppContext = {
      pool: world.pool,
      services: world.ctx().services,
      clock: world.clock,
      wall: wallClock,
      permissionsOf,
      options: { secureCookies: false, webFolder: null },
      identify: identifier(world.pool, permissionsOf, wallClock),
    };
    app = await buildApp({
      context,
      modules,
      log: createLog("silent"),
      metrics: createMetrics(),
      stream: null,
      ready: () => Promise.resolve(true),
    });
    for (const [login, id] of Object.entries(ids)) {
      const account = { id, login, password, name: login, roles: ["cdc"], areaCode: "371721" };
      await createAccount(world.sql, account, wallClock.now());
    }
  });
  afterAll(async () => {
    await app?.close();
    await world?.close();
  });

  it("are made by their owner, shown once, and hold what the account holds until they are ended", async () => {
    const cookie = await logIn("own");
    const made = await asked(cookie, "POST", "/api/v1/session/tokens", { label: "field scanner", days: 7 });
    const { token } = made.json<{ token: string }>();
    expect((await byToken(token)).json()).toMatchObject({ name: "own" });
    const listed = await asked(cookie, "GET", "/api/v1/session/tokens");
    expect(listed.body).not.toContain(token);
    const [one] = listed.json<Listed>().items;
    expect(one).toMatchObject({ label: "field scanner", state: "active" });
    expect(one?.lastUsedAt).not.toBeNull();
    expect((await asked(cookie, "POST", `/api/v1/session/tokens/${one?.id}/end`)).statusCode).toBe(204);
    expect((await byToken(token)).statusCode).toBe(401);
    expect((await asked(cookie, "POST", `/api/v1/session/tokens/${one?.id}/end`)).statusCode).toBe(404);
    expect(await audited("account.ownToken")).toEqual([ids.own]);
    expect(await audited("account.endOwnToken")).toEqual([ids.own]);
    const { stored } = await world.sql.one<{ stored: string }>(
      "select encode(token_hash, 'escape') as stored from api_token",
    );
    expect(stored).not.toContain(token);
  });

  it("ACC-3: make no others: only whoever sits at the desk sees, makes and ends his own", async () => {
    const cookie = await logIn("own");
    const made = await asked(cookie, "POST", "/api/v1/session/tokens", { label: "a" });
    const { token } = made.json<{ token: string }>();
    expect((await byToken(token, "/api/v1/session/tokens")).statusCode).toBe(401);
    const again = await app.inject({
      method: "POST",
      url: "/api/v1/session/tokens",
      headers: { authorization: `Bearer ${token}` },
      payload: { label: "b" },
    });
    expect(again.statusCode).toBe(401);
    const [one] = (await asked(cookie, "GET", "/api/v1/session/tokens")).json<Listed>().items;
    const stranger = await logIn("other");
    expect((await asked(stranger, "POST", `/api/v1/session/tokens/${one?.id}/end`)).statusCode).toBe(404);
    expect((await byToken(token)).statusCode).toBe(200);
  });

  it("are seen and ended by an administrator of the account's area, each time in the audit", async () => {
    const { token } = await makeAccountToken(admin("3717"), { id: ids.other, label: "kiosk", days: 3 });
    expect((await byToken(token)).statusCode).toBe(200);
    const { items } = await listAccountTokens(admin("3717"), { id: ids.other });
    expect(items).toMatchObject([{ label: "kiosk", state: "active" }]);
    const tokenId = items[0]?.id ?? "";
    await expect(listAccountTokens(admin("371722"), { id: ids.other })).rejects.toMatchObject({
      code: "record.notFound",
    });
    const reader = world.ctx({ permissions: ["accounts.account.read"], areaCode: "3717" });
    await expect(endAccountToken(reader, { id: ids.other, tokenId })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(endAccountToken(admin("3717"), { id: ids.own, tokenId })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await endAccountToken(admin("3717"), { id: ids.other, tokenId });
    expect((await byToken(token)).statusCode).toBe(401);
    expect(await audited("account.endToken")).toEqual([ids.other]);
  });

  it("are few at a time", async () => {
    const { items } = await listAccountTokens(admin("3717"), { id: ids.other });
    for (let made = items.filter(({ state }) => state === "active").length; made < tokensActiveMax; made += 1)
      await makeAccountToken(admin("3717"), { id: ids.other, label: `no ${made}` });
    await expect(makeAccountToken(admin("3717"), { id: ids.other, label: "one too many" })).rejects.toMatchObject({
      code: "limit.exceeded",
    });
  });
});
