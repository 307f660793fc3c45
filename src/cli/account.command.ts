import { Command, InvalidArgumentError } from "commander";
import { readConfig } from "#platform/config";
import type { Sql } from "#platform/db";
import { openStore } from "#platform/store";
import { addAccount, makeToken, resetPassword, type AccountWish } from "#server/accounts";
import { roleTable } from "#server/roles";
import { areaOption } from "./area.option.ts";

interface DatabaseOption {
  readonly database?: string;
}

type AddOptions = DatabaseOption & AccountWish;

async function inDatabase(options: DatabaseOption, work: (sql: Sql) => Promise<string>): Promise<void> {
  const store = await openStore(
    readConfig(process.env),
    options.database === undefined ? {} : { database: options.database },
  );
  try {
    process.stdout.write(`${await store.owner.transaction(work)}\n`);
  } finally {
    await store.close();
  }
}

const roleNames = Object.keys(roleTable).filter((role) => role !== "system");

function roles(text: string): string[] {
  const list = text.split(",").map((role) => role.trim());
  const unknown = list.find((role) => !roleNames.includes(role));
  if (unknown !== undefined) throw new InvalidArgumentError(`«${unknown}» is none of ${roleNames.join(", ")}.`);
  return list;
}

function language(text: string): "zh-CN" | "en" {
  if (text !== "zh-CN" && text !== "en") throw new InvalidArgumentError("zh-CN or en is needed.");
  return text;
}

const databaseFlag = "--database <name>";
const databaseText = "a database other than the installation's own (a drill's)";

/** `wuyang account`: who may log in; passwords and tokens are made here and shown once. */
export function accountCommand(): Command {
  const account = new Command("account").description(
    "log-ins, passwords and API tokens; works beside a running server",
  );
  account
    .command("add <login>")
    .description("add an account and print its password once")
    .requiredOption("--role <roles>", `one or more of ${roleNames.join(", ")}; separated by commas`, roles)
    .option("--area <code>", "the account's jurisdiction; everywhere when left out", areaOption, "")
    .option("--name <name>", "the name shown; the log-in when left out")
    .option("--language <tag>", "zh-CN or en", language, "zh-CN")
    .option(databaseFlag, databaseText)
    .action((login: string, options: AddOptions) =>
      inDatabase(options, async (sql) => `${login} / ${await addAccount(sql, login, options)}  (shown once)`),
    );
  account
    .command("password <login>")
    .description("give an account a new password, print it once, and end its sessions")
    .option(databaseFlag, databaseText)
    .action((login: string, options: DatabaseOption) =>
      inDatabase(options, async (sql) => `${login} / ${await resetPassword(sql, login)}  (shown once)`),
    );
  account
    .command("token <login>")
    .description("make an API token of an account and print it once; it ends after 90 days")
    .option("--label <text>", "what the token is for", "command line")
    .option(databaseFlag, databaseText)
    .action((login: string, options: DatabaseOption & { readonly label: string }) =>
      inDatabase(options, (sql) => makeToken(sql, login, options.label)),
    );
  return account;
}
