import { Command } from "commander";
import { SingleBar } from "cli-progress";
import { takeLinkage, workRun } from "#modules/people";
import { wallClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import type { Ctx } from "#platform/context";
import { openStore } from "#platform/store";
import { makeServices, systemCtx } from "#server/start";
import { areaOption } from "./area.option.ts";

interface LinkOptions {
  readonly register: string;
  readonly area: string;
  readonly database?: string;
}

/** Compares everything that waits in a register in this process, and says how far it is; Ctrl+C leaves the rest for the next time. */
async function link(options: LinkOptions): Promise<void> {
  const config = readConfig(process.env);
  const store = await openStore(config, options.database === undefined ? {} : { database: options.database });
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  process.once("SIGTERM", () => abort.abort());
  try {
    const system = systemCtx(store.pool, makeServices(config), wallClock);
    const actor = { ...system.actor, id: "command-line", name: "command line", areaCode: options.area };
    const outcome = await linkWithBar({ ...system, actor }, options.register, abort.signal);
    process.stdout.write(`${outcome}\n`);
  } finally {
    await store.close();
  }
}

async function linkWithBar(ctx: Ctx, code: string, signal: AbortSignal): Promise<string> {
  const run = await takeLinkage(ctx, { code });
  const bar = new SingleBar({
    format:
      "{bar} {percentage} %  {value} of {total}  {pace}/s, {left} s left  linked {linked}, to review {review}, not matched {unmatched}",
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    hideCursor: true,
    stream: process.stderr,
  });
  let last = run;
  const shown = ({ perSecond, secondsLeft, linked, review, unmatched }: typeof run) => ({
    pace: Math.round(perSecond ?? 0),
    left: secondsLeft === null ? "?" : Math.round(secondsLeft),
    linked,
    review,
    unmatched,
  });
  bar.start(run.total, run.done, shown(run));
  const end = await workRun(ctx, run.no, {
    signal,
    onProgress(progress) {
      last = progress;
      bar.setTotal(progress.total);
      bar.update(progress.done, shown(progress));
    },
  }).finally(() => bar.stop());
  if (end === "busy") return "Another process compares this register; the page of the registers shows how far it is.";
  const sum = `${last.done} of ${last.total} compared: ${last.linked} linked, ${last.review} to review, ${last.unmatched} not matched.`;
  if (end === "stopped") return `${sum} Stopped. The same command goes on where it stopped.`;
  return end === "cancelled" ? `${sum} It was cancelled; what it decided stays.` : sum;
}

/** `wuyang people …`: the registers of people. */
export function peopleCommand(): Command {
  const people = new Command("people").description("the registers of people");
  people
    .command("link")
    .description("compare everything that waits in a register with the register of people")
    .requiredOption("--register <code>", "the register")
    .option("--area <code>", "only entries of this area, and only people of it", areaOption, "")
    .option("--database <name>", "a database other than the installation's own (a drill's)")
    .action(link);
  return people;
}
