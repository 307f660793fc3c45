import { hash as hashOnce, randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import type { AreaCode } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { addHours, type Instant } from "#kernel/time";
import type { Actor, Language } from "./context.ts";
import type { Sql, Statements } from "./db.ts";

/** How an account's roles become permissions; made by the composition root from its role table. */
export type PermissionsOf = (roles: readonly string[]) => ReadonlySet<string>;

export interface NewAccount {
  readonly id: string;
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly areaCode: AreaCode;
  readonly language?: Language;
}

const sessionHours = 12;
const passwordBytes = 12;

/** A password no one chose: 96 random bits. */
export function makePassword(): string {
  return randomBytes(passwordBytes).toString("base64url");
}

/** Stores an account with its argon2id hash. */
export async function createAccount(sql: Sql, account: NewAccount, now: Instant): Promise<void> {
  await sql.run(
    `insert into account (id, login, password_hash, name, roles, area_code, language, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      account.id,
      account.login,
      await hash(account.password),
      account.name,
      account.roles,
      account.areaCode,
      account.language ?? "zh-CN",
      now,
    ],
  );
}

/** Replaces an account's password and ends its sessions. */
export async function setPassword(sql: Sql, login: string, password: string, now: Instant): Promise<void> {
  const changed = await sql.run("update account set password_hash = $2 where login = $1", [
    login,
    await hash(password),
  ]);
  if (changed === 0) throw new ProblemError("record.notFound", { what: "account" });
  await sql.run(
    "update session set ended_at = $2 where account_id = (select id from account where login = $1) and ended_at is null",
    [login, now],
  );
}

/**
 * Gives the account of a session the password its owner chose, if the old one is right, and ends its other sessions;
 * returns the account's id.
 */
export async function changeOwnPassword(
  sql: Sql,
  change: { readonly token: string; readonly old: string; readonly next: string },
  now: Instant,
): Promise<string> {
  const account = await sql.maybe<{ id: string; password_hash: string }>(
    `select a.id, a.password_hash from session s join account a on a.id = s.account_id
     where s.token_hash = $1 and s.expires_at > $2 and s.ended_at is null and a.disabled_at is null`,
    [tokenHash(change.token), now],
  );
  if (!account) throw new ProblemError("auth.required");
  if (!(await verify(account.password_hash, change.old))) throw new ProblemError("auth.badCredentials");
  await sql.run("update account set password_hash = $2 where id = $1", [account.id, await hash(change.next)]);
  await sql.run("update session set ended_at = $3 where account_id = $1 and token_hash <> $2 and ended_at is null", [
    account.id,
    tokenHash(change.token),
    now,
  ]);
  return account.id;
}

export async function accountExists(sql: Sql): Promise<boolean> {
  return (await sql.maybe("select 1 as one from account limit 1")) !== undefined;
}

/** Is there an account of this log-in, disabled ones included? */
export async function loginTaken(sql: Sql, login: string): Promise<boolean> {
  return (await sql.maybe("select 1 as one from account where login = $1", [login])) !== undefined;
}

interface AccountRow {
  readonly id: string;
  readonly password_hash: string;
  readonly name: string;
  readonly roles: string[];
  readonly area_code: string;
  readonly language: Language;
}

/** What is stored of a session's or an API token. */
export function tokenHash(token: string): Buffer {
  return hashOnce("sha256", token, "buffer");
}

// Verified when the log-in is unknown, so that both answers take the same time.
const dummyHash = await hash("no such account");

/** Checks a log-in and opens a session; returns the token for the cookie. */
export async function openSession(
  sql: Sql,
  login: string,
  password: string,
  now: Instant,
): Promise<{ token: string; expiresAt: Instant }> {
  const account = await sql.maybe<AccountRow>(
    "select id, password_hash, name, roles, area_code, language from account where login = $1 and disabled_at is null",
    [login],
  );
  const good = await verify(account?.password_hash ?? dummyHash, password);
  if (!account || !good) throw new ProblemError("auth.badCredentials");
  const token = randomBytes(32).toString("base64url");
  const expiresAt = addHours(now, sessionHours);
  await sql.run("insert into session (token_hash, account_id, created_at, expires_at) values ($1, $2, $3, $4)", [
    tokenHash(token),
    account.id,
    now,
    expiresAt,
  ]);
  return { token, expiresAt };
}

export async function closeSession(sql: Sql, token: string, now: Instant): Promise<void> {
  await sql.run("update session set ended_at = $2 where token_hash = $1 and ended_at is null", [tokenHash(token), now]);
}

export interface Identity {
  readonly actor: Actor;
  readonly language: Language;
}

export type TokenKind = "session" | "api_token";

/** Who the tokens of a group of calls stand for, by the place of the token; those that have ended are missing. */
export async function identitiesOf(
  sql: Sql,
  tokens: readonly { readonly token: string; readonly kind: TokenKind }[],
  now: Instant,
  permissionsOf: PermissionsOf,
): Promise<Map<number, Actor>> {
  const rows = await sql.many<AccountRow & { readonly i: number }>(
    `select held.i::int as i, a.id, a.name, a.roles, a.area_code
     from (
       select asked.i, t.account_id from unnest($1::bytea[]) with ordinality as asked (hash, i)
         join session t on t.token_hash = asked.hash and t.expires_at > $3 and t.ended_at is null
       union all
       select asked.i, t.account_id from unnest($2::bytea[]) with ordinality as asked (hash, i)
         join api_token t on t.token_hash = asked.hash and t.expires_at > $3 and t.ended_at is null
     ) held join account a on a.id = held.account_id and a.disabled_at is null`,
    [
      tokens.map(({ token, kind }) => (kind === "session" ? tokenHash(token) : null)),
      tokens.map(({ token, kind }) => (kind === "api_token" ? tokenHash(token) : null)),
      now,
    ],
  );
  return new Map(rows.map((row) => [row.i - 1, actorOf(row, permissionsOf)]));
}

/** Who a cookie's session token or a bearer token stands for, or null. */
export async function identityOf(
  sql: Statements,
  token: string,
  kind: TokenKind,
  now: Instant,
  permissionsOf: PermissionsOf,
): Promise<Identity | null> {
  const account = await sql.maybe<AccountRow>(
    `select a.id, a.password_hash, a.name, a.roles, a.area_code, a.language
     from ${kind} t join account a on a.id = t.account_id
     where t.token_hash = $1 and t.expires_at > $2 and t.ended_at is null and a.disabled_at is null`,
    [tokenHash(token), now],
  );
  return account ? { actor: actorOf(account, permissionsOf), language: account.language } : null;
}

function actorOf(account: Omit<AccountRow, "password_hash" | "language">, permissionsOf: PermissionsOf): Actor {
  return {
    id: account.id,
    name: account.name,
    roles: account.roles,
    permissions: permissionsOf(account.roles),
    areaCode: account.area_code,
  };
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Roles and area of accounts by id, without their names; ids of no account are left out. */
export async function rolesOfAccounts(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, { readonly roles: readonly string[]; readonly areaCode: AreaCode }>> {
  const rows = await sql.many<{ id: string; roles: string[]; areaCode: AreaCode }>(
    `select id::text as id, roles, area_code as "areaCode" from account where id = any($1::uuid[])`,
    [ids.filter((id) => uuidPattern.test(id))],
  );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}
