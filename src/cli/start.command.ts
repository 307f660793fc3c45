import { Command } from "commander";
import { lockDataDir, readConfig } from "#platform/config";
import { openStore } from "#platform/store";
import { firstAdministrator, startServer } from "#server/start";

/** `wuyang start --production`: an empty installation on the machine's clock. */
async function startProduction(): Promise<void> {
  const config = readConfig(process.env);
  const unlock = lockDataDir(config.dataDir);
  const store = await openStore(config);
  const first = await firstAdministrator(store.pool);
  const server = await startServer({ config, store, webFolder: null, drill: false });
  process.stdout.write(`Wuyang 无恙 ${server.url}\n`);
  if (first)
    process.stdout.write(`First log-in 首次登录: ${first.login} / ${first.password}  (shown once 仅显示一次)\n`);
  const stop = async () => {
    await server.close();
    await store.close();
    unlock();
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
}

export function startCommand(): Command {
  return new Command("start")
    .description("start the server")
    .option("--production", "an empty installation on the machine's clock")
    .action(startProduction);
}
