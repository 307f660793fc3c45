import type { Bus } from "#platform/events";
import type { FindingAction } from "./domain.ts";
import { followTask } from "./findings.service.ts";

/** What a step of a task is for its finding. */
const stepsOf: Readonly<Record<string, FindingAction>> = {
  "tasks.submit": "rectify",
  "tasks.approve": "close",
  "tasks.sendBack": "sendBack",
  "tasks.reopen": "reopen",
};

/** A finding follows its task, whether the step was taken on the finding's page or in the list of tasks. */
export function react(bus: Bus): void {
  for (const [name, action] of Object.entries(stepsOf))
    bus.on<{ kind: string }>(name, "inspection", (tx, event) =>
      followTask(tx, event.subjectId, event.data.kind, action),
    );
}
