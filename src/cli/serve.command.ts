import { Command } from "commander";
import { readConfig, type Config } from "#platform/config";
import { isOneOfSeveral } from "#platform/process";
import { openStore, type Store } from "#platform/store";
import { firstAdministrator } from "#server/start";
import { loadedCity, orderText } from "#modules/drill";
import { buildWeb } from "#web/build";
import { openCityStore } from "./city.store.ts";
import { drillLogins } from "./drill.accounts.ts";
import { processCount, processesHelp } from "./options.ts";
import { openServer } from "./processes.ts";
import { leaveOthers, onStop } from "./stop.ts";

interface Options {
  readonly apiOnly?: boolean;
  readonly database?: string;
  readonly processes: number;
}

async function serve(config: Config, store: Store, { apiOnly = false, processes }: Options): Promise<void> {
  // One of several finds the pages built and says nothing: who started it has done both.
  const speaks = !isOneOfSeveral();
  if (!apiOnly && speaks) await buildWeb();
  // An address of a loaded city is served as one, whether it was named or not: its visits are those of another year.
  const city = await store.pool.transaction(loadedCity);
  const first = city || !speaks ? null : await firstAdministrator(store.pool);
  const logins = city && speaks ? await drillLogins(config, store, city.order.scenario) : [];
  const clock = city ? "city" : "machine";
  const server = await openServer({ config, store, clock, processes, apiOnly });
  if (speaks) process.stdout.write(`Wuyang 无恙  ${server.url}\n`);
  if (city && speaks) process.stdout.write(`演练 DRILL  ${orderText(city.order)}\n${logins.join("\n")}\n`);
  if (first)
    process.stdout.write(`First log-in 首次登录: ${first.login} / ${first.password}  (shown once 仅显示一次)\n`);
  onStop(async () => {
    await server.close();
    await store.close();
  });
}

/** `wuyang serve`: one of several server processes on one PostgreSQL, or several at once; it holds no lock on the data folder. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("serve as one of several processes on the PostgreSQL of DATABASE_URL")
    .option("--api-only", "answer the API without the pages, which another process or a web server serves")
    .option("--database <name>", "a city that «wuyang load» has loaded on the same PostgreSQL")
    .option("--processes <n>", processesHelp, processCount, 1)
    .action(async (options: Options) => {
      const config = readConfig(process.env);
      if (config.databaseUrl === null)
        throw new Error("Several processes share one PostgreSQL: give its address in DATABASE_URL.");
      const store =
        options.database === undefined
          ? await openStore(config)
          : (await openCityStore(config, options.database)).store;
      try {
        await serve(config, store, options);
      } catch (error) {
        // Idle connections would keep a process that did not start alive.
        await store.close();
        leaveOthers();
        throw error;
      }
    });
}
