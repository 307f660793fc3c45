import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { uuidv7 } from "#kernel/ids";
import { createAccount, loginTaken, makePassword, setPassword } from "#platform/accounts";
import { systemPrng, wallClock } from "#platform/clocks";
import type { Config } from "#platform/config";
import type { Store } from "#platform/store";
import { scenarioById } from "#modules/drill";

/** Who may log in to a drill or a loaded city, where nobody is real and the password may be shown at every start. */
export interface DrillAccount {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly areaCode: string;
}

/** A drill's password is kept beside its data, so that every start can show it; production's is never kept. */
function drillPassword(config: Config): string {
  const file = path.join(config.dataDir, "drill-password.txt");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const password = makePassword();
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Headquarters, the county and the town of the first positive, each seeing its own area. */
async function accountsOf(scenarioId: string): Promise<DrillAccount[]> {
  const { areaCode, firstPositive } = await scenarioById(scenarioId);
  const county = firstPositive.areaCode.slice(0, 6);
  return [
    { login: "command", name: "指挥部 Command post", roles: ["commander"], areaCode },
    { login: "county", name: "县疾控 County CDC", roles: ["cdc", "duty"], areaCode: county },
    {
      login: "town",
      name: "乡镇 Town",
      roles: ["gridWorker", "sampler"],
      areaCode: firstPositive.areaCode.slice(0, 9),
    },
  ];
}

/** Makes the log-ins of a scenario where they are missing; returns them as lines to be printed. */
export async function drillLogins(config: Config, store: Store, scenarioId: string): Promise<string[]> {
  const password = drillPassword(config);
  const accounts = await accountsOf(scenarioId);
  await store.pool.transaction(async (sql) => {
    const now = wallClock.now();
    for (const account of accounts) {
      if (await loginTaken(sql, account.login)) await setPassword(sql, account.login, password, now);
      else await createAccount(sql, { id: uuidv7(now, systemPrng), ...account, password }, now);
    }
  });
  return accounts.map(({ login, name, areaCode }) => `${login.padEnd(8)} ${password}   ${name} ${areaCode}`);
}
