import { Command } from "commander";
import { readConfig, type Config } from "#platform/config";
import { openStore, type Store } from "#platform/store";
import { firstAdministrator, startServer } from "#server/start";
import { buildWeb, webFolder } from "#web/build";
import { onStop } from "./start.command.ts";

async function serve(config: Config, store: Store, apiOnly: boolean): Promise<void> {
  if (!apiOnly) await buildWeb();
  const first = await firstAdministrator(store.pool);
  const server = await startServer({ config, store, webFolder: apiOnly ? null : webFolder, drill: false });
  process.stdout.write(`Wuyang 无恙  ${server.url}\n`);
  if (first)
    process.stdout.write(`First log-in 首次登录: ${first.login} / ${first.password}  (shown once 仅显示一次)\n`);
  onStop(async () => {
    await server.close();
    await store.close();
  });
}

/** `wuyang serve`: one of several server processes on one PostgreSQL; it holds no lock on the data folder. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("serve as one of several processes on the PostgreSQL of DATABASE_URL")
    .option("--api-only", "answer the API without the pages, which another process or a web server serves")
    .action(async (options: { apiOnly?: boolean }) => {
      const config = readConfig(process.env);
      if (config.databaseUrl === null)
        throw new Error("Several processes share one PostgreSQL: give its address in DATABASE_URL.");
      const store = await openStore(config);
      try {
        await serve(config, store, options.apiOnly ?? false);
      } catch (error) {
        // Idle connections would keep a process that did not start alive.
        await store.close();
        throw error;
      }
    });
}
