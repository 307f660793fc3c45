import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeOwnPassword, identityOf, openSession } from "#platform/accounts";
import { testWorld, type TestWorld } from "#platform/testing";
import { addAccount, makeToken, resetPassword } from "./accounts.ts";

const now = "2026-01-01T00:00:00.000Z";
const wish = { role: ["cdc"], area: "371721", language: "zh-CN" } as const;
const noPermissions = () => new Set<string>();

describe("accounts made at the command line", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());

  it("log in with the password shown, within their roles and area, and a log-in is taken once", async () => {
    const password = await addAccount(world.sql, "li.wei", wish);
    const { token } = await openSession(world.sql, "li.wei", password, now);
    const identity = await identityOf(world.sql, token, "session", now, noPermissions);
    expect(identity?.actor).toMatchObject({ name: "li.wei", roles: ["cdc"], areaCode: "371721" });
    await expect(addAccount(world.sql, "li.wei", wish)).rejects.toThrow("is taken");
  });

  it("a new password ends the sessions and the old password, and leaves tokens", async () => {
    const old = await addAccount(world.sql, "wang.fang", wish);
    const { token } = await openSession(world.sql, "wang.fang", old, now);
    const apiToken = await makeToken(world.sql, "wang.fang", "laboratory link");
    const fresh = await resetPassword(world.sql, "wang.fang");
    expect(await identityOf(world.sql, token, "session", now, noPermissions)).toBeNull();
    await expect(openSession(world.sql, "wang.fang", old, now)).rejects.toMatchObject({ code: "auth.badCredentials" });
    await openSession(world.sql, "wang.fang", fresh, now);
    expect(await identityOf(world.sql, apiToken, "api_token", now, noPermissions)).not.toBeNull();
    await expect(resetPassword(world.sql, "nobody")).rejects.toMatchObject({ code: "record.notFound" });
  });

  it("a person changes their own password knowing the old one, stays logged in here and nowhere else", async () => {
    const old = await addAccount(world.sql, "chen.jing", wish);
    const here = await openSession(world.sql, "chen.jing", old, now);
    const elsewhere = await openSession(world.sql, "chen.jing", old, now);
    const change = (token: string, known: string) =>
      changeOwnPassword(world.sql, { token, old: known, next: "a long new one" }, now);
    await expect(change(here.token, "guessed")).rejects.toMatchObject({ code: "auth.badCredentials" });
    await expect(change("no session", old)).rejects.toMatchObject({ code: "auth.required" });
    await change(here.token, old);
    expect(await identityOf(world.sql, here.token, "session", now, noPermissions)).not.toBeNull();
    expect(await identityOf(world.sql, elsewhere.token, "session", now, noPermissions)).toBeNull();
    await expect(openSession(world.sql, "chen.jing", old, now)).rejects.toMatchObject({ code: "auth.badCredentials" });
    await openSession(world.sql, "chen.jing", "a long new one", now);
  });

  it("each is in the audit, and no password or token is stored as it was shown", async () => {
    const password = await addAccount(world.sql, "zhao.min", wish);
    const rows = await world.sql.many(
      "select action, actor_name from audit where subject_id = (select id::text from account where login = 'zhao.min')",
    );
    expect(rows).toEqual([{ action: "account.add", actor_name: "command line" }]);
    const { kept } = await world.sql.one<{ kept: string }>(
      "select password_hash as kept from account where login = 'zhao.min'",
    );
    expect(kept).toMatch(/^\$argon2id\$/);
    expect(kept).not.toContain(password);
  });
});
