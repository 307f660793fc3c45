import { addDays, type Day } from "#kernel/time";
import type { LinkageProgress, LinkageRun, ProgressDay } from "./registers.model.ts";

/** Everything electronic within a week of being asked: what the city decided (the account, data). */
export const electronicTargetDays = 7;

/** How the reporters stood at the end of a day. spec: PEOPLE-16 */
export function progressOf(
  reporters: readonly { readonly askedOn: Day; readonly electronicSince: Day | null; readonly reporters: number }[],
  day: Day,
): ProgressDay {
  let asked = 0;
  let electronic = 0;
  let late = 0;
  for (const row of reporters) {
    if (row.askedOn > day) continue;
    asked += row.reporters;
    const isElectronic = row.electronicSince !== null && row.electronicSince <= day;
    if (isElectronic) electronic += row.reporters;
    else if (addDays(row.askedOn, electronicTargetDays) < day) late += row.reporters;
  }
  return { day, asked, electronic, share: asked === 0 ? 0 : electronic / asked, late };
}

const secondMs = 1_000;

/** A run with how fast it goes and how long it will take. */
export function paced(run: LinkageRun): LinkageProgress {
  const perSecond = run.workedMs === 0 || run.done === 0 ? null : (run.done * secondMs) / run.workedMs;
  const secondsLeft = run.state !== "running" || perSecond === null ? null : (run.total - run.done) / perSecond;
  return { ...run, perSecond, secondsLeft };
}
