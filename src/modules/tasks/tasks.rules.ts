import { ok, refuse, type Result } from "#kernel/result";
import { minutesBetween, type Instant } from "#kernel/time";
import type { TaskState } from "./tasks.model.ts";

/** What a person can do with a task. */
const taskActions = ["start", "submit", "approve", "sendBack", "reopen", "reassign"] as const;
export type TaskAction = (typeof taskActions)[number];

const allowed: Readonly<Record<TaskAction, readonly TaskState[]>> = {
  start: ["open"],
  submit: ["open", "started"],
  approve: ["submitted"],
  sendBack: ["submitted"],
  reopen: ["closed", "cancelled"],
  reassign: ["open", "started"],
};

/** The actions a task's state leaves open; whose they are is the server's to say. spec: TASK-2 */
export function actionsIn(state: TaskState): TaskAction[] {
  return taskActions.filter((action) => allowed[action].includes(state));
}

export interface TaskFacts {
  readonly state: TaskState;
  readonly needsSecondCheck: boolean;
  readonly submittedBy: string | null;
}

/** The state a task goes to, or why the action is refused. */
export function nextState(task: TaskFacts, action: TaskAction, actorId: string): Result<TaskState> {
  // spec: TASK-2
  if (!allowed[action].includes(task.state)) return refuse("state.notAllowed", { state: task.state });
  // spec: TASK-3 (I12): who did the work does not sign it off.
  if ((action === "approve" || action === "sendBack") && task.submittedBy === actorId)
    return refuse("rule.refused", { rule: "TASK-3", why: "another person must check it / 须由他人核查" });
  switch (action) {
    case "start":
      return ok("started");
    case "submit":
      return ok(task.needsSecondCheck ? "submitted" : "closed");
    case "approve":
      return ok("closed");
    case "sendBack":
    case "reopen":
      return ok("open");
    case "reassign":
      return ok(task.state);
  }
}

/** A late task climbs one level of the area tree for every step it stays late (domain.md §5, 超期升级). */
export const escalationStepMinutes = 240;

/** How many levels up a task is by now: 0 while in time, 1 as soon as it is late. */
export function escalationLevel(dueAt: Instant, now: Instant, levelsMax: number): number {
  // spec: TASK-4
  const late = minutesBetween(dueAt, now);
  if (late <= 0) return 0;
  return Math.min(levelsMax, 1 + Math.floor(late / escalationStepMinutes));
}
