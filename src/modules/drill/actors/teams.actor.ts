import { addMinutes } from "#kernel/time";
import { approveTask, listTasks, ownerTeams, submitTask, type Task } from "#modules/tasks";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";

/** Teams whose tasks are done by hand; the others' are completed by the work itself. */
const byHand = new Set<string>([
  "grid",
  "police",
  "publicInfo",
  "supplies",
  "sampling",
  "medical",
  "site",
  "command",
  "cdc",
  "tracing",
  "screening",
  "isolation",
]);
/** Tasks that a decision or a report closes, which no one ticks off by hand. */
const byOthers = new Set([
  "zoneProposal",
  "zoneReview",
  "zoneLift",
  "reportStatutory",
  "reportPreliminary",
  "coreTrack",
  "epiReport",
  "transferOut",
]);
const everyMin = 60;
const pageMax = 200;
const forgottenLateMin = 360;

/** When the team has done it: a visit's delay after it was given, much later when somebody forgot. */
function doneAt(hand: Hand, task: Task): string {
  const key = `${task.kind} ${task.areaCode} ${task.createdAt}`;
  const delay = hand.delay(hand.scenario.command.gridVisit, "taskDone", key);
  const forgotten = hand.chance(hand.scenario.mistakes.taskForgotten.value, "taskForgotten", key);
  const done = addMinutes(task.createdAt, delay);
  const late = addMinutes(task.dueAt, forgottenLateMin);
  return forgotten && late > done ? late : done;
}

async function walk(hand: Hand, item: DrillItem, ownTasks: ReadonlySet<string>): Promise<void> {
  hand.after(everyMin, "teams.walk", `${hand.minute + everyMin}`);
  if (hand.memory.firstPositiveMinute === null) return;
  for (const team of ownerTeams) {
    if (!byHand.has(team)) continue;
    const { items } = await listTasks(hand.ctx("duty", hand.scenario.areaCode, `tasks ${team} ${item.key}`), {
      team,
      state: "open",
      limit: pageMax,
    });
    for (const task of items) {
      if (byOthers.has(task.kind) || ownTasks.has(task.kind) || doneAt(hand, task) > hand.now) continue;
      const done = await submitTask(hand.ctx("duty", hand.scenario.areaCode, `submit ${task.id}`), {
        id: task.id,
        evidence: { note: "已办 / done on site" },
      });
      if (done.state === "submitted")
        await approveTask(hand.ctx("commander", hand.scenario.areaCode, `approve ${task.id}`), { id: task.id });
      hand.count("tasksDone");
    }
  }
}

/** Grid workers, police and the other teams do what their lists say, but for the tasks that a system's own work completes. */
export function teamsActor(ownTasks: readonly string[]): DrillActor {
  const own = new Set(ownTasks);
  return {
    name: "teams",
    items: { "teams.walk": (hand, item) => walk(hand, item, own) },
    begin: (hand) => hand.at(hand.minute + everyMin, "teams.walk", `${hand.minute + everyMin}`),
  };
}
