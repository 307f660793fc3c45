import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { createAccount, loginTaken, makePassword, setPassword, type PermissionsOf } from "#platform/accounts";
import {
  accountCard,
  pageAccounts,
  setBlocked,
  updateAccount,
  type AccountCard,
  type AccountChange,
  type AccountQuery,
} from "#platform/accounts.list";
import { verifyAudit, type AuditVerdict } from "#platform/audit";
import { pageAudit, type AuditQuery } from "#platform/audit.search";
import type { Ctx, Tx } from "#platform/context";
import { wallClock } from "#platform/clocks";
import { noteBackup, readHealth, type Backup, type Health } from "#platform/health";
import { listJobs, retryJob, type QueuedJob } from "#platform/joblist";
import type { ProcessFigures } from "#platform/process";
import { endToken, listTokens, makeToken, type TokenCard } from "#platform/tokens";
import { useCase } from "#platform/usecase";
import { permissionTable, roleTable } from "./roles.ts";

interface AccountId {
  readonly id: string;
}

/** The roles an account may be given; the system's own is nobody's. */
export const givenRoles = Object.keys(roleTable).filter((role) => role !== "system" && role !== "resident");

/** What each role may do; the list of modules holds this one, so it is read when it is asked for. */
async function rolePermissions(): Promise<PermissionsOf> {
  const { allPermissions, modules } = await import("./modules.ts");
  return permissionTable(allPermissions(modules));
}

/** An administrator gives only what he holds himself. spec: ACC-1 */
async function checkGiven(tx: Tx, roles: readonly string[]): Promise<void> {
  if (roles.some((role) => !givenRoles.includes(role)))
    throw new ProblemError("request.invalid", {}, [{ pointer: "/roles", detail: "is not a role that can be given" }]);
  const permissionsOf = await rolePermissions();
  const missing = [...permissionsOf(roles)].find((permission) => !tx.actor.permissions.has(permission));
  if (missing !== undefined) throw new ProblemError("auth.forbidden", { permission: missing });
}

async function areaOfAccount({ id }: AccountId, tx: Tx): Promise<string> {
  return (await found(tx, id)).areaCode;
}

async function found(tx: Tx, id: string): Promise<AccountCard> {
  const card = await accountCard(tx.sql, id);
  if (card === undefined || !isWithin(card.areaCode, tx.actor.areaCode))
    throw new ProblemError("record.notFound", { what: "account" });
  return card;
}

const write = { permission: "accounts.account.write", kind: "write" } as const;

/** The accounts of an area. */
export const listAccounts = useCase(
  { name: "accounts.list", permission: "accounts.account.read", kind: "read" },
  (tx, query: AccountQuery) => {
    if (query.areaCode !== undefined && !isWithin(query.areaCode, tx.actor.areaCode))
      throw new ProblemError("auth.outsideJurisdiction");
    return pageAccounts(tx.sql, tx.actor.areaCode, query);
  },
);

/** Adds an account with a password nobody chose, to be shown once. */
export const addAccountBy = useCase(
  { name: "accounts.add", ...write, area: (input: AccountChange & { readonly login: string }) => input.areaCode },
  async (tx, input: AccountChange & { readonly login: string }): Promise<{ login: string; password: string }> => {
    await checkGiven(tx, input.roles);
    if (await loginTaken(tx.sql, input.login)) throw new ProblemError("record.duplicate", { what: "account" });
    const password = makePassword();
    const { login, name, roles, areaCode, language } = input;
    const id = tx.newId();
    await createAccount(tx.sql, { id, login, name, roles, areaCode, language, password }, tx.now);
    await tx.audit({ action: "account.add", subjectType: "account", subjectId: id });
    return { login, password };
  },
);

/** Changes an account's name, roles, area and language. */
export const changeAccount = useCase(
  { name: "accounts.change", ...write, area: areaOfAccount },
  async (tx, input: AccountId & AccountChange): Promise<AccountCard> => {
    if (!isWithin(input.areaCode, tx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
    const before = await found(tx, input.id);
    // Who may not give a role may not take it away either.
    await checkGiven(tx, [...before.roles, ...input.roles]);
    await updateAccount(tx.sql, input.id, input);
    await tx.audit({ action: "account.change", subjectType: "account", subjectId: input.id });
    return found(tx, input.id);
  },
);

function blocking(blocked: boolean) {
  return async (tx: Tx, input: AccountId): Promise<AccountCard> => {
    const before = await found(tx, input.id);
    await checkGiven(tx, before.roles);
    if (before.id === tx.actor.id)
      throw new ProblemError("rule.refused", { rule: "ACC-2", why: "not one's own account / 不能停用自己的账号" });
    await setBlocked(tx.sql, input.id, blocked, tx.now);
    await tx.audit({
      action: blocked ? "account.block" : "account.unblock",
      subjectType: "account",
      subjectId: input.id,
    });
    return found(tx, input.id);
  };
}

/** Blocks an account: its sessions and tokens end at once. */
export const blockAccount = useCase({ name: "accounts.block", ...write, area: areaOfAccount }, blocking(true));

/** Lets a blocked account in again. */
export const unblockAccount = useCase({ name: "accounts.unblock", ...write, area: areaOfAccount }, blocking(false));

/** Gives an account a new password, to be shown once; its sessions end. */
export const resetAccountPassword = useCase(
  { name: "accounts.resetPassword", ...write, area: areaOfAccount },
  async (tx, input: AccountId): Promise<{ login: string; password: string }> => {
    const card = await found(tx, input.id);
    await checkGiven(tx, card.roles);
    const password = makePassword();
    await setPassword(tx.sql, card.login, password, tx.now);
    await tx.audit({ action: "account.password", subjectType: "account", subjectId: card.id });
    return { login: card.login, password };
  },
);

/** Makes an API token that holds what the account holds, to be shown once. Tokens go by the machine's clock, as sessions do. */
export const makeAccountToken = useCase(
  { name: "accounts.makeToken", ...write, area: areaOfAccount },
  async (tx, input: AccountId & { readonly label: string; readonly days?: number }): Promise<{ token: string }> => {
    const card = await found(tx, input.id);
    await checkGiven(tx, card.roles);
    const { label, days } = input;
    const made = await makeToken(
      tx.sql,
      { accountId: card.id, label, ...(days === undefined ? {} : { days }) },
      wallClock.now(),
    );
    await tx.audit({ action: "account.token", subjectType: "account", subjectId: card.id });
    return { token: made.token };
  },
);

/** The API tokens of an account, without the tokens themselves. */
export const listAccountTokens = useCase(
  { name: "accounts.tokens", permission: "accounts.account.read", kind: "read", area: areaOfAccount },
  async (tx, input: AccountId): Promise<{ items: TokenCard[] }> => {
    const card = await found(tx, input.id);
    return { items: await listTokens(tx.sql, card.id, wallClock.now()) };
  },
);

/** Ends one token of an account at once. spec: ACC-3 */
export const endAccountToken = useCase(
  { name: "accounts.endToken", ...write, area: areaOfAccount },
  async (tx, input: AccountId & { readonly tokenId: string }): Promise<{ id: string }> => {
    const card = await found(tx, input.id);
    await checkGiven(tx, card.roles);
    await endToken(tx.sql, card.id, input.tokenId, wallClock.now());
    await tx.audit({ action: "account.endToken", subjectType: "account", subjectId: card.id });
    return { id: input.tokenId };
  },
);

/** Which role may do what. */
export const listRoles = useCase(
  { name: "accounts.roles", permission: "accounts.account.read", kind: "read" },
  async (): Promise<{ role: string; permissions: string[] }[]> => {
    const permissionsOf = await rolePermissions();
    return givenRoles.map((role) => ({ role, permissions: [...permissionsOf([role])].toSorted() }));
  },
);

/** The audit of an area, the latest first. */
export const searchAudit = useCase(
  { name: "audit.search", permission: "audit.log.read", kind: "read" },
  (tx, query: AuditQuery) => {
    if (query.areaCode !== undefined && !isWithin(query.areaCode, tx.actor.areaCode))
      throw new ProblemError("auth.outsideJurisdiction");
    return pageAudit(tx.sql, tx.actor.areaCode, query);
  },
);

/** Recomputes every seal of the audit; a changed, added or removed line shows as a broken block. */
export async function verifySeals(ctx: Ctx): Promise<AuditVerdict> {
  if (!ctx.actor.permissions.has("audit.log.verify"))
    throw new ProblemError("auth.forbidden", { permission: "audit.log.verify" });
  return verifyAudit(ctx.db);
}

/** How the installation stands, and the process that answers. */
export const systemHealth = useCase(
  { name: "platform.health", permission: "platform.health.read", kind: "read" },
  async (tx): Promise<Health & { readonly process: ProcessFigures | null }> => ({
    ...(await readHealth(tx.sql, { now: tx.now, wall: wallClock.now() }, tx.services.bus.duties)),
    process: (await tx.services.figures?.()) ?? null,
  }),
);

/** The queue's jobs, the failed first; none says what it was told. */
export const jobList = useCase(
  { name: "platform.jobs", permission: "platform.health.read", kind: "read" },
  async (tx): Promise<{ items: QueuedJob[] }> => ({ items: await listJobs(tx.sql) }),
);

/** Gives a failed job all its attempts again. spec: SYS-1 */
export const retryQueuedJob = useCase(
  { name: "platform.retryJob", permission: "platform.job.retry", kind: "write" },
  async (tx, input: { readonly id: number }): Promise<{ id: number }> => {
    if (!(await retryJob(tx.sql, input.id))) throw new ProblemError("record.notFound", { what: "job" });
    await tx.audit({ action: "job.retry", subjectType: "job", subjectId: String(input.id) });
    return { id: input.id };
  },
);

/** Notes that a backup was made: by whom, when, and where it lies. */
export const recordBackup = useCase(
  { name: "platform.recordBackup", permission: "platform.backup.write", kind: "write" },
  async (tx, input: { readonly at?: string; readonly note: string }): Promise<Backup> => {
    const wall = wallClock.now();
    const at = input.at ?? wall;
    if (at > wall) throw new ProblemError("request.invalid", {}, [{ pointer: "/at", detail: "lies ahead" }]);
    const backup = { at, by: tx.actor.name, note: input.note };
    await noteBackup(tx.sql, backup);
    await tx.audit({ action: "backup.record", subjectType: "installation", subjectId: "backup" });
    return backup;
  },
);
