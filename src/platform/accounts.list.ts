import { areaRange, type AreaCode } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Language } from "./context.ts";
import type { Sql } from "./db.ts";
import type { Page } from "./paging.ts";
import { sortOf, type SortTable } from "./sorting.ts";

/** An account as an administrator sees it: never its password. */
export interface AccountCard {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly areaCode: AreaCode;
  readonly language: Language;
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
  /** When its last session was opened. */
  readonly lastSeenAt: Instant | null;
  readonly tokens: number;
}

export type AccountSort = "login" | "name" | "created" | "seen";

export interface AccountQuery {
  readonly areaCode?: AreaCode;
  readonly role?: string;
  readonly state?: "active" | "blocked";
  readonly sort?: AccountSort | `-${AccountSort}`;
  readonly limit?: number;
  readonly cursor?: string;
}

const cardColumns = `id, login, name, roles, area_code as "areaCode", language, created_at as "createdAt", disabled_at as "disabledAt",
  (select max(created_at) from session where session.account_id = account.id) as "lastSeenAt",
  (select count(*)::int from api_token where api_token.account_id = account.id and ended_at is null) as tokens`;

/** A city has thousands of accounts; the last log-in of each is found by an index, and all of them are put in order as they are read. */
const accountSorts: SortTable<AccountCard, AccountSort> = {
  keys: {
    login: [],
    name: { sql: "name", type: "text", of: (row) => row.name },
    created: { sql: "created_at", type: "timestamptz", of: (row) => row.createdAt },
    seen: {
      sql: "coalesce((select max(created_at) from session where session.account_id = account.id), '-infinity')",
      type: "timestamptz",
      of: (row) => row.lastSeenAt ?? "-infinity",
    },
  },
  tie: { sql: "login", type: "text", of: (row) => row.login },
};

/** The accounts whose area lies in an area, by their log-ins. */
export async function pageAccounts(sql: Sql, within: AreaCode, query: AccountQuery): Promise<Page<AccountCard>> {
  const { lo, hi } = areaRange(query.areaCode ?? within);
  const sort = sortOf(query, accountSorts, "login");
  const rows = await sql.many<AccountCard>(
    `select ${cardColumns} from account
     where area_code >= $1 and area_code < $2 and ($3::text is null or $3 = any(roles))
       and ($4::text is null or ($4 = 'blocked') = (disabled_at is not null)) and ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [lo, hi, query.role ?? null, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** One account; undefined when there is none of this id. */
export async function accountCard(sql: Sql, id: string): Promise<AccountCard | undefined> {
  return sql.maybe<AccountCard>(`select ${cardColumns} from account where id = $1`, [id]);
}

export interface AccountChange {
  readonly name: string;
  readonly roles: readonly string[];
  readonly areaCode: AreaCode;
  readonly language: Language;
}

/** Changes what an account is; its sessions take it up with their next request. */
export async function updateAccount(sql: Sql, id: string, change: AccountChange): Promise<void> {
  await sql.run("update account set name = $2, roles = $3, area_code = $4, language = $5 where id = $1", [
    id,
    change.name,
    change.roles,
    change.areaCode,
    change.language,
  ]);
}

/** Blocks an account, ending its sessions and tokens, or lets it in again; tokens stay ended. */
export async function setBlocked(sql: Sql, id: string, blocked: boolean, now: Instant): Promise<void> {
  await sql.run("update account set disabled_at = case when $2 then $3::timestamptz end where id = $1", [
    id,
    blocked,
    now,
  ]);
  if (!blocked) return;
  await sql.run("update session set ended_at = $2 where account_id = $1 and ended_at is null", [id, now]);
  await sql.run("update api_token set ended_at = $2 where account_id = $1 and ended_at is null", [id, now]);
}
