import { areaAncestors } from "#modules/areas";
import { ProblemError } from "#kernel/errors";
import { bulkItemsMax } from "#kernel/limits";
import { addMinutes } from "#kernel/time";
import { assert } from "#kernel/assert";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { taskById } from "./desk.store.ts";
import type { Evidence, NewTask, Task, TaskQuery, TaskSubject } from "./tasks.model.ts";
import { escalationLevel, escalationStepMinutes, nextState, type TaskAction } from "./tasks.rules.ts";
import {
  closeBySubject,
  insertTasks,
  lateTasks,
  lockTask,
  markEscalated,
  overdueByOwner,
  pageTasks,
  taskArea,
  updateTask,
  type TaskChange,
} from "./tasks.store.ts";

/** Makes tasks inside another module's transaction; returns their ids in the same order. */
export async function createTasks(tx: Tx, tasks: readonly NewTask[]): Promise<string[]> {
  assert(tasks.length <= bulkItemsMax, "too many tasks in one call");
  if (tasks.length === 0) return [];
  return insertTasks(tx, tasks);
}

/** Closes the open tasks of subjects whose work another module has seen done; returns how many. */
export async function completeTasks(tx: Tx, subject: TaskSubject & { readonly evidence: Evidence }): Promise<number> {
  return closeBySubject(tx, subject, "closed", subject.evidence);
}

/** Cancels the open tasks of subjects whose reason has gone (a zone was lifted); returns how many. */
export async function cancelTasks(tx: Tx, subject: TaskSubject): Promise<number> {
  return closeBySubject(tx, subject, "cancelled", null);
}

/** Overdue counts by owner and area, the largest first. */
export async function overdueSummary(tx: Tx, areaCode: string, limit: number) {
  return overdueByOwner(tx, areaCode, limit);
}

const escalateBatchMax = 2_000;

/** Carries late tasks up the area tree; run by the clock. */
export async function escalateDue(tx: Tx): Promise<void> {
  const late = await lateTasks(tx, addMinutes(tx.now, -escalationStepMinutes), escalateBatchMax);
  if (late.length === 0) return;
  const ancestors = await areaAncestors(tx, [...new Set(late.map((task) => task.area_code))]);
  const rows = late.map((task) => {
    // Nearest first: town, county, city.
    const up = ancestors.get(task.area_code) ?? [];
    const level = escalationLevel(task.due_at, tx.now, up.length);
    return { id: task.id, level, to: up[level - 1] ?? task.area_code };
  });
  await markEscalated(tx, rows);
}

async function areaOfTask(input: { id: string }, tx: Tx): Promise<string> {
  const area = await taskArea(tx, input.id);
  if (area === undefined) throw new ProblemError("record.notFound", { what: "task" });
  return area;
}

function changeOf(
  action: TaskAction,
  state: Task["state"],
  actorId: string,
  input: { evidence?: Evidence; account?: string },
): TaskChange {
  return {
    state,
    ...(action === "start" ? { startedBy: actorId } : {}),
    ...(action === "submit" ? { submittedBy: actorId } : {}),
    ...(state === "closed" ? { closedBy: actorId } : {}),
    ...(action === "sendBack" || action === "reopen" ? { reopen: true } : {}),
    ...(input.evidence ? { evidence: input.evidence } : {}),
    ...(input.account ? { ownerAccount: input.account } : {}),
  };
}

/** Takes a task one step inside another module's transaction, by the same rules as on the task's own page. */
export async function actOnTask(
  tx: Tx,
  action: TaskAction,
  input: { id: string; evidence?: Evidence; account?: string },
): Promise<Task> {
  const task = await lockTask(tx, input.id);
  if (!task) throw new ProblemError("record.notFound", { what: "task" });
  const next = nextState(task, action, tx.actor.id);
  if (!next.ok) throw new ProblemError(next.refusal.code, next.refusal.params);
  await updateTask(tx, task.id, changeOf(action, next.value, tx.actor.id, input));
  await tx.emit({
    name: `tasks.${action}`,
    areaCode: task.areaCode,
    subjectType: "task",
    subjectId: task.id,
    data: { kind: task.kind, from: task.state, to: next.value },
  });
  const changed = await lockTask(tx, input.id);
  assert(changed, "a task does not vanish while it is locked");
  return changed;
}

interface TaskInput {
  readonly id: string;
}

export const startTask = useCase(
  { name: "tasks.start", permission: "tasks.task.work", kind: "write", area: areaOfTask },
  (tx, input: TaskInput) => actOnTask(tx, "start", input),
);
export const submitTask = useCase(
  { name: "tasks.submit", permission: "tasks.task.work", kind: "write", area: areaOfTask },
  (tx, input: TaskInput & { evidence: Evidence }) => actOnTask(tx, "submit", input),
);
export const approveTask = useCase(
  { name: "tasks.approve", permission: "tasks.task.check", kind: "write", area: areaOfTask },
  (tx, input: TaskInput & { evidence?: Evidence }) => actOnTask(tx, "approve", input),
);
export const sendBackTask = useCase(
  { name: "tasks.sendBack", permission: "tasks.task.check", kind: "write", area: areaOfTask },
  (tx, input: TaskInput & { evidence: Evidence }) => actOnTask(tx, "sendBack", input),
);
export const reopenTask = useCase(
  { name: "tasks.reopen", permission: "tasks.task.check", kind: "write", area: areaOfTask },
  (tx, input: TaskInput & { evidence: Evidence }) => actOnTask(tx, "reopen", input),
);
export const reassignTask = useCase(
  { name: "tasks.reassign", permission: "tasks.task.check", kind: "write", area: areaOfTask },
  (tx, input: TaskInput & { account: string }) => actOnTask(tx, "reassign", input),
);

/** One task of the reader's area. */
export const getTask = useCase(
  { name: "tasks.get", permission: "tasks.task.read", kind: "read" },
  async (tx, input: TaskInput): Promise<Task> => {
    const task = await taskById(tx, input.id);
    if (!task) throw new ProblemError("record.notFound", { what: "task" });
    return task;
  },
);

export const listTasks = useCase(
  { name: "tasks.list", permission: "tasks.task.read", kind: "read" },
  (tx, query: TaskQuery) => pageTasks(tx, query),
);

const overdueRowsMax = 200;
export const listOverdue = useCase(
  {
    name: "tasks.overdue",
    permission: "tasks.task.read",
    kind: "read",
    area: (input: { areaCode?: string }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, input) => overdueByOwner(tx, input.areaCode ?? tx.actor.areaCode, overdueRowsMax),
);
