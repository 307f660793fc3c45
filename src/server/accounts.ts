import type { AreaCode } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { uuidv7 } from "#kernel/ids";
import { createAccount, loginTaken, makePassword, setPassword } from "#platform/accounts";
import { systemPrng, wallClock } from "#platform/clocks";
import type { Language } from "#platform/context";
import type { Sql } from "#platform/db";
import { makeToken as newToken } from "#platform/tokens";

/** What an account is to be; the log-in and the password come apart. */
export interface AccountWish {
  readonly name?: string;
  readonly role: readonly string[];
  /** The jurisdiction; the empty code is everywhere. */
  readonly area: AreaCode;
  readonly language: Language;
}

/** Adds an account with a password nobody chose; returns the password, to be shown once. */
export async function addAccount(sql: Sql, login: string, wish: AccountWish): Promise<string> {
  const now = wallClock.now();
  const password = makePassword();
  if (await loginTaken(sql, login)) throw new Error(`The log-in ${login} is taken.`);
  await createAccount(
    sql,
    {
      id: uuidv7(now, systemPrng),
      name: wish.name ?? login,
      roles: wish.role,
      areaCode: wish.area,
      language: wish.language,
      login,
      password,
    },
    now,
  );
  await note(sql, "account.add", login);
  return password;
}

/** Gives an account a new password, which ends its sessions; returns it, to be shown once. */
export async function resetPassword(sql: Sql, login: string): Promise<string> {
  const password = makePassword();
  await setPassword(sql, login, password, wallClock.now());
  await note(sql, "account.password", login);
  return password;
}

/** Makes an API token that holds what the account holds; returns it, to be shown once. */
export async function makeToken(sql: Sql, login: string, label: string): Promise<string> {
  const account = await sql.maybe<{ id: string }>("select id from account where login = $1", [login]);
  if (!account) throw new ProblemError("record.notFound", { what: "account" });
  const { token } = await newToken(sql, { accountId: account.id, label }, wallClock.now());
  await note(sql, "account.token", login);
  return token;
}

/** Who may enter is part of the audit; whoever holds the machine's shell acts as the command line. */
async function note(sql: Sql, action: string, login: string): Promise<void> {
  await sql.run(
    `insert into audit (at, actor_id, actor_name, action, subject_type, subject_id, area_code)
     values ($1, 'command-line', 'command line', $2, 'account', (select id::text from account where login = $3), '')`,
    [wallClock.now(), action, login],
  );
}
