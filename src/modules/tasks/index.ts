export { module } from "./tasks.module.ts";
export { lateByKind, overdueByCounty, type LateKind } from "./tasks.figures.ts";
export {
  openTasksOn,
  openTasksOfKinds,
  sentBackNotices,
  taskNotices,
  type NoticeKey,
  type TaskNotice,
} from "./desk.store.ts";
export type { Evidence, NewTask, OverdueRow, OwnerTeam, Task, TaskQuery, TaskSubject } from "./tasks.model.ts";
export {
  actOnTask,
  approveTask,
  cancelTask,
  cancelTasks,
  completeTasks,
  createTasks,
  escalateDue,
  getTask,
  listOverdue,
  listTasks,
  overdueSummary,
  reassignTask,
  reopenTask,
  sendBackTask,
  startTask,
  submitTask,
} from "./tasks.service.ts";
export { createTasksBulk, type BulkTask } from "./loads.store.ts";
export { openByKind } from "./tasks.store.ts";
export { ownerTeams } from "./tasks.model.ts";
