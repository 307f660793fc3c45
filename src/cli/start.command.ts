import { Command } from "commander";
import { lockDataDir, readConfig, type Config } from "#platform/config";
import { openStore } from "#platform/store";
import { drillDatabase, startDrillThread, type DrillOrder } from "#server/drill";
import { firstAdministrator, startServer } from "#server/start";
import { orderText } from "#modules/drill";
import { buildWeb, webFolder } from "#web/build";
import { openCityStore } from "./city.store.ts";
import { drillLogins } from "./drill.accounts.ts";
import { positiveNumber, processCount, processesHelp, share, wholeNumber } from "./options.ts";
import { openServer } from "./processes.ts";
import { onStop } from "./stop.ts";

interface Options {
  readonly production?: boolean;
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  readonly speed: number;
  readonly fresh?: boolean;
  readonly database?: string;
  readonly processes: number;
}

/** `wuyang start --production`: an empty installation on the machine's clock. */
async function startProduction(config: Config, processes: number): Promise<void> {
  const unlock = lockDataDir(config.dataDir);
  const [store] = await Promise.all([openStore(config, { processes }), buildWeb()]);
  const first = await firstAdministrator(store.pool);
  const server = await openServer({ config, store, clock: "machine", processes });
  process.stdout.write(`Wuyang 无恙  ${server.url}\n`);
  if (first)
    process.stdout.write(`First log-in 首次登录: ${first.login} / ${first.password}  (shown once 仅显示一次)\n`);
  onStop(async () => {
    await server.close();
    await store.close();
    unlock();
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** `wuyang start`: the scenario as a live drill, opened on the command post. */
async function startDrill(config: Config, options: Options): Promise<void> {
  const unlock = lockDataDir(config.dataDir);
  const { scenario, seed, scale, speed } = options;
  const order: DrillOrder = { scenario, seed, scale, speed };
  const [store] = await Promise.all([
    openStore(config, { database: drillDatabase(order), fresh: options.fresh ?? false }),
    buildWeb(),
  ]);
  const logins = await drillLogins(config, store, scenario);
  const server = await startServer({ config, store, webFolder, clock: "drill" });
  say(`\n  Wuyang 无恙  ${server.url}\n`);
  say(`  演练 DRILL  ${scenario}, seed ${seed}, scale ${scale}, ${speed} virtual minutes a second`);
  for (const line of logins) say(`  ${line}`);
  say("\n  Ctrl+C stops; the same command goes on where it stopped.\n");
  let step = "";
  const thread = startDrillThread(store, order, {
    onProgress(progress) {
      if (progress.step === step) return;
      step = progress.step;
      say(`  ${step === "playing" ? "the drill is running 演练进行中" : `setting up 正在准备: ${step}`}`);
    },
    onDone: () => say("  The drill is over 演练结束. The pages stay open; --fresh plays it again."),
    onFailed(message) {
      process.stderr.write(`wuyang: the drill stopped: ${message}\n`);
    },
  });
  onStop(async () => {
    await thread.stop();
    await server.close();
    await store.close();
    unlock();
  });
}

/** `wuyang start --database city_…`: a loaded city, on its own clock. */
async function startCity(config: Config, database: string, processes: number): Promise<void> {
  const unlock = lockDataDir(config.dataDir);
  const [{ store, order }] = await Promise.all([openCityStore(config, database, processes), buildWeb()]);
  const logins = await drillLogins(config, store, order.scenario);
  const server = await openServer({ config, store, clock: "city", processes });
  say(`\n  Wuyang 无恙  ${server.url}\n`);
  say(`  演练 DRILL  ${orderText(order)}`);
  for (const line of logins) say(`  ${line}`);
  say("\n  Ctrl+C stops; the same command goes on where it stopped.\n");
  onStop(async () => {
    await server.close();
    await store.close();
    unlock();
  });
}

export function startCommand(): Command {
  return new Command("start")
    .description("start the server: a live drill, or an empty installation with --production")
    .option("--production", "an empty installation on the machine's clock")
    .option("--scenario <id>", "a folder of scenarios/", "heze-2022")
    .option("--seed <n>", "the same seed gives the same drill", wholeNumber, 1)
    .option("--scale <share>", "share of the city's villages, each at full size", share, 0.01)
    .option("--speed <minutes>", "virtual minutes a real second, from the first positive on", positiveNumber, 20)
    .option("--fresh", "forget an earlier run of the same drill")
    .option("--database <name>", "a city that «wuyang load» has loaded, instead of a drill")
    .option("--processes <n>", `${processesHelp}; with --production or --database`, processCount, 1)
    .action(async (options: Options) => {
      const config = readConfig(process.env);
      const { production, database, processes } = options;
      if (production) await startProduction(config, processes);
      else if (database !== undefined) await startCity(config, database, processes);
      else if (processes > 1)
        throw new Error("A drill runs in one process: --processes is for --production and --database.");
      else await startDrill(config, options);
    });
}
