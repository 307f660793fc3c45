import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityOf, openSession } from "#platform/accounts";
import { sealAudit } from "#platform/audit";
import { enqueueJob } from "#platform/jobs";
import { testWorld, type TestWorld } from "#platform/testing";
import {
  addAccountBy,
  blockAccount,
  changeAccount,
  jobList,
  listAccounts,
  listRoles,
  makeAccountToken,
  recordBackup,
  resetAccountPassword,
  retryQueuedJob,
  searchAudit,
  systemHealth,
  unblockAccount,
  verifySeals,
} from "./admin.service.ts";
import { allPermissions, modules } from "./modules.ts";
import { permissionTable } from "./roles.ts";

const permissionsOf = permissionTable(allPermissions(modules));
const wish = { name: "县疾控", roles: ["cdc"], areaCode: "371721", language: "zh-CN" as const };

describe("accounts, audit and health", () => {
  let world: TestWorld;
  const may = (roles: readonly string[], areaCode: string) =>
    world.ctx({ permissions: [...permissionsOf(roles)], areaCode });
  const idOf = async (login: string): Promise<string> =>
    (await world.sql.one<{ id: string }>("select id from account where login = $1", [login])).id;
  const enter = (login: string, password: string) => openSession(world.sql, login, password, world.clock.now());

  beforeAll(async () => {
    world = await testWorld({ modules });
  });
  afterAll(() => world.close());

  it("adds an account that can log in with the password shown once", async () => {
    const made = await addAccountBy(may(["admin"], "3717"), { login: "cao-cdc", ...wish });
    expect((await enter(made.login, made.password)).token.length).toBeGreaterThan(20);
    await expect(addAccountBy(may(["admin"], "3717"), { login: "cao-cdc", ...wish })).rejects.toMatchObject({
      code: "record.duplicate",
    });
  });

  it("ACC-1: nobody gives what he does not hold, nor outside his area", async () => {
    const county = may(["cdc"], "371721");
    const giver = world.ctx({
      permissions: [...permissionsOf(["cdc"]), "accounts.account.read", "accounts.account.write"],
      areaCode: "371721",
    });
    await expect(addAccountBy(county, { login: "one", ...wish })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(addAccountBy(giver, { login: "boss", ...wish, roles: ["commander"] })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    await expect(addAccountBy(giver, { login: "far", ...wish, areaCode: "371722" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    await expect(addAccountBy(giver, { login: "sys", ...wish, roles: ["system"] })).rejects.toMatchObject({
      code: "request.invalid",
    });
    expect(await addAccountBy(giver, { login: "peer", ...wish })).toMatchObject({ login: "peer" });
  });

  it("ACC-2: a blocked account's session ends at once; nobody changes an account of another county", async () => {
    const root = may(["admin"], "3717");
    const made = await addAccountBy(root, { login: "tracer", ...wish, roles: ["tracer"] });
    const { token } = await enter(made.login, made.password);
    const identity = () => identityOf(world.sql, token, "session", world.clock.now(), permissionsOf);
    expect(await identity()).not.toBeNull();
    const id = await idOf("tracer");
    await expect(blockAccount(may(["admin"], "371722"), { id })).rejects.toMatchObject({ code: "record.notFound" });
    expect(await blockAccount(root, { id })).toMatchObject({ id });
    expect(await identity()).toBeNull();
    await expect(enter(made.login, made.password)).rejects.toMatchObject({ code: "auth.badCredentials" });
    expect((await unblockAccount(root, { id })).disabledAt).toBeNull();
    const fresh = await resetAccountPassword(root, { id });
    await enter(fresh.login, fresh.password);
    const changed = await changeAccount(root, { id, ...wish, roles: ["viewer"], areaCode: "371702" });
    expect(changed).toMatchObject({ roles: ["viewer"], areaCode: "371702" });
    expect((await makeAccountToken(root, { id, label: "kiosk" })).token).toMatch(/^wy_/);
  });

  it("pages the accounts of an area only, by role and state", async () => {
    const root = may(["admin"], "3717");
    const page = await listAccounts(root, { limit: 1 });
    const rest = await listAccounts(root, { limit: 100, cursor: page.next ?? "" });
    expect([...page.items, ...rest.items].map(({ login }) => login)).toEqual(["cao-cdc", "peer", "tracer"]);
    expect((await listAccounts(root, { role: "viewer" })).items.map(({ login }) => login)).toEqual(["tracer"]);
    expect((await listAccounts(may(["admin"], "371721"), {})).items.map(({ login }) => login)).toEqual([
      "cao-cdc",
      "peer",
    ]);
    await expect(listAccounts(may(["admin"], "371721"), { areaCode: "3717" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const roles = await listRoles(root, undefined);
    expect(roles.find(({ role }) => role === "sampler")?.permissions).toContain("screening.tube.write");
    expect(roles.some(({ role }) => role === "system")).toBe(false);
  });

  it("shows who did what, and whether the seals hold", async () => {
    const root = may(["admin"], "3717");
    const lines = await searchAudit(root, { action: "account." });
    expect(lines.items.map(({ action }) => action)).toContain("account.block");
    expect((await searchAudit(root, { action: "account.", reasoned: true })).items).toEqual([]);
    await expect(searchAudit(may(["sampler"], "3717"), {})).rejects.toMatchObject({ code: "auth.forbidden" });
    await sealAudit(root.db, world.clock.now());
    expect(await verifySeals(root)).toMatchObject({ brokenBlock: null });
    await expect(verifySeals(may(["sampler"], "3717"))).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("says how the installation stands, and says nothing of anybody", async () => {
    const health = await systemHealth(may(["admin"], ""), undefined);
    expect(health.migrations.missing).toBe(0);
    expect(health.databaseBytes).toBeGreaterThan(0);
    expect(health.largestTables.length).toBeGreaterThan(3);
    await expect(systemHealth(may(["sampler"], "3717"), undefined)).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("SYS-1: retries a failed job for whoever may, and writes it down", async () => {
    const root = may(["admin"], "");
    await world.pool.transaction((sql) => enqueueJob(sql, { name: "audit.seal", payload: {} }));
    await world.sql.run("update graphile_worker._private_jobs set attempts = max_attempts");
    const [failed] = (await jobList(root, undefined)).items;
    expect(failed).toMatchObject({ task: "audit.seal", state: "failed" });
    const id = failed?.id ?? 0;
    await expect(retryQueuedJob(may(["duty"], ""), { id })).rejects.toMatchObject({ code: "auth.forbidden" });
    expect(await retryQueuedJob(root, { id })).toEqual({ id });
    expect((await jobList(root, undefined)).items).toMatchObject([{ id, state: "waiting" }]);
    await expect(retryQueuedJob(root, { id: id + 1_000 })).rejects.toMatchObject({ code: "record.notFound" });
    expect((await searchAudit(root, { action: "job.retry" })).items).toMatchObject([{ subjectId: String(id) }]);
  });

  it("notes a backup, for the health page to tell its age; one of tomorrow is refused", async () => {
    const root = may(["admin"], "");
    await expect(recordBackup(may(["duty"], ""), { note: "tape" })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(recordBackup(root, { at: "2999-01-01T00:00:00.000Z", note: "tape" })).rejects.toMatchObject({
      code: "request.invalid",
    });
    const made = await recordBackup(root, { at: "2026-01-01T00:00:00.000Z", note: "tape 7" });
    expect((await systemHealth(root, undefined)).backup).toEqual(made);
  });
});
