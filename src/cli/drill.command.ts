import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { SingleBar } from "cli-progress";
import { lockDataDir, readConfig } from "#platform/config";
import { openStore } from "#platform/store";
import { drillDatabase, playDrill, type DrillOrder } from "#server/drill";
import { share, wholeNumber } from "./options.ts";

const daysShownMax = 45;
const minutesPerDay = 1_440;

interface Options {
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  readonly fresh?: boolean;
  readonly out: string;
}

/** `wuyang drill`: plays a scenario to the all-clear without a browser and writes the report and the summary. */
async function drill(options: Options): Promise<void> {
  const config = readConfig(process.env);
  const unlock = lockDataDir(config.dataDir);
  const order: DrillOrder = { scenario: options.scenario, seed: options.seed, scale: options.scale, speed: null };
  const store = await openStore(config, { database: drillDatabase(order), fresh: options.fresh ?? false, poolSize: 4 });
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  const bar = new SingleBar({
    format: "{bar} day {value}  {shown}  infections {infections}  {step}",
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(daysShownMax, 0, { shown: "", infections: 0, step: "setting up" });
  const started = performance.now();
  try {
    const outcome = await playDrill(
      store.pool,
      order,
      (progress) =>
        bar.update(Math.min(daysShownMax, Math.floor(progress.minute / minutesPerDay)), {
          shown: progress.now,
          infections: progress.infections,
          step: progress.step,
        }),
      abort.signal,
    );
    bar.stop();
    if (!outcome) {
      process.stdout.write("Stopped. The same command goes on where it stopped.\n");
      return;
    }
    const folder = path.join(options.out, `${order.scenario}-${order.seed}-${order.scale}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "summary.json"), `${JSON.stringify(outcome.summary, null, 2)}\n`);
    writeFileSync(path.join(folder, "report.html"), outcome.report);
    const { summary } = outcome;
    const broken = Object.entries(summary.invariants).filter(([, count]) => count.broken > 0);
    process.stdout.write(
      `first positive ${summary.firstPositive}\ncommunity zero ${summary.communityZero}\nall clear      ${summary.allClear}\n` +
        `confirmed ${summary.total.confirmed}, asymptomatic ${summary.total.asymptomatic}\ndigest ${summary.digest}\n` +
        `${folder} in ${Math.round((performance.now() - started) / 1_000)} s\n`,
    );
    for (const [id, count] of broken) process.stdout.write(`${id} is broken on ${count.broken} of ${count.checked}\n`);
    if (broken.length > 0) process.exitCode = 1;
    if (summary.allClear === null) {
      process.stdout.write("The drill ended without an all-clear.\n");
      process.exitCode = 1;
    }
  } finally {
    bar.stop();
    await store.close();
    unlock();
  }
}

export function drillCommand(): Command {
  return new Command("drill")
    .description("play a scenario against the real system on a virtual clock, and score the response")
    .option("--scenario <id>", "a folder of scenarios/", "heze-2022")
    .option("--seed <n>", "the same seed gives the same drill", wholeNumber, 1)
    .option("--scale <share>", "share of the city's villages, each at full size", share, 0.05)
    .option("--fresh", "forget an earlier run of the same drill")
    .option("--out <folder>", "where the report and the summary go", "out")
    .action(drill);
}
