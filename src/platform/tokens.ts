import { randomBytes } from "node:crypto";
import { addHours, addMinutes, type Instant } from "#kernel/time";
import { ProblemError } from "#kernel/errors";
import { tokenHash } from "./accounts.ts";
import type { Sql, Statements } from "./db.ts";

/** An API token as its owner and administrators see it: never the token itself. */
export interface TokenCard {
  readonly id: string;
  readonly label: string;
  readonly createdAt: Instant;
  /** When it was last used, to some minutes; null while it never was. */
  readonly lastUsedAt: Instant | null;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly state: "active" | "expired" | "ended";
}

export const tokenDaysDefault = 90;
export const tokenDaysMax = 366;
/** So many tokens hold at a time; whoever needs more has lost sight of them. */
export const tokensActiveMax = 20;
const shownMax = 200;
const hoursPerDay = 24;
/** A token in use is not written down at every request. */
export const usedEveryMinutes = 5;

/** The tokens of an account, those that hold first, then the latest. */
export async function listTokens(sql: Sql, accountId: string, now: Instant): Promise<TokenCard[]> {
  return sql.many<TokenCard>(
    `select id, label, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", ended_at as "endedAt",
       case when ended_at is not null then 'ended' when expires_at <= $2 then 'expired' else 'active' end as state
     from api_token where account_id = $1
     order by ended_at is null and expires_at > $2 desc, created_at desc, id limit $3`,
    [accountId, now, shownMax],
  );
}

/** Makes an API token for an account; it is shown once. */
export async function makeToken(
  sql: Sql,
  wish: { readonly accountId: string; readonly label: string; readonly days?: number },
  now: Instant,
): Promise<{ id: string; token: string; expiresAt: Instant }> {
  // The account's row is locked, so that two askers at once do not both make the last one.
  const account = await sql.maybe("select 1 as one from account where id = $1 and disabled_at is null for update", [
    wish.accountId,
  ]);
  if (!account) throw new ProblemError("record.notFound", { what: "account" });
  const { held } = await sql.one<{ held: number }>(
    "select count(*)::int as held from api_token where account_id = $1 and ended_at is null and expires_at > $2",
    [wish.accountId, now],
  );
  if (held >= tokensActiveMax) throw new ProblemError("limit.exceeded", { limit: tokensActiveMax });
  const token = `wy_${randomBytes(32).toString("base64url")}`;
  const expiresAt = addHours(now, (wish.days ?? tokenDaysDefault) * hoursPerDay);
  const { id } = await sql.one<{ id: string }>(
    "insert into api_token (token_hash, account_id, label, created_at, expires_at) values ($1, $2, $3, $4, $5) returning id",
    [tokenHash(token), wish.accountId, wish.label, now, expiresAt],
  );
  return { id, token, expiresAt };
}

/** Ends a token of an account at once; one that is over already, or another account's, is not found. */
export async function endToken(sql: Sql, accountId: string, id: string, now: Instant): Promise<void> {
  const ended = await sql.run(
    "update api_token set ended_at = $3 where id = $2 and account_id = $1 and ended_at is null",
    [accountId, id, now],
  );
  if (ended === 0) throw new ProblemError("record.notFound", { what: "token" });
}

/** Notes that a token was used, at most every few minutes. */
export async function noteUse(sql: Statements, token: string, now: Instant): Promise<void> {
  await sql.run(
    "update api_token set last_used_at = $2 where token_hash = $1 and (last_used_at is null or last_used_at < $3)",
    [tokenHash(token), now, addMinutes(now, -usedEveryMinutes)],
  );
}
