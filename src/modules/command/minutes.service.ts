import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { briefingById } from "./command.store.ts";
import type { Minutes, WriteMinutes } from "./orders.model.ts";
import { commandDefaults } from "./orders.rules.ts";
import { allMinutes, insertMinutes, newestMinutes } from "./orders.store.ts";

/** A briefing that was held wants its minutes; somebody of the command post writes them. spec: MIN-1 */
export async function askForMinutes(tx: Tx, outbreak: Outbreak, briefingId: string, no: number): Promise<void> {
  const { minutesHours } = outbreak.protocol.command ?? commandDefaults;
  await createTasks(tx, [
    {
      outbreakId: outbreak.id,
      kind: "writeMinutes",
      areaCode: outbreak.areaCode,
      ownerTeam: "command",
      subjectType: "briefing",
      subjectId: briefingId,
      params: { no },
      dueAt: addHours(tx.now, minutesHours),
    },
  ]);
}

/** Writes the minutes of a briefing, or corrects them by a new version. spec: MIN-1, MIN-2 */
export const writeMinutes = useCase(
  {
    name: "command.writeMinutes",
    permission: "command.briefing.write",
    kind: "write",
    area: async (_input: WriteMinutes & { readonly id: string }, tx) => (await currentOutbreak(tx)).areaCode,
  },
  async (tx, { id, present, text }): Promise<Minutes> => {
    const outbreak = await currentOutbreak(tx);
    const briefing = await briefingById(tx, id);
    if (briefing === undefined) throw new ProblemError("record.notFound", { what: "briefing" });
    const last = await newestMinutes(tx, id);
    const { minutesHours } = outbreak.protocol.command ?? commandDefaults;
    const row: Minutes = {
      version: (last?.version ?? 0) + 1,
      present,
      text,
      dueAt: addHours(briefing.heldAt, minutesHours),
      writtenAt: tx.now,
      writtenBy: tx.actor.id,
    };
    await insertMinutes(tx, { briefingId: id, outbreakId: outbreak.id, ...row });
    await completeTasks(tx, {
      subjectType: "briefing",
      subjectIds: [id],
      kind: "writeMinutes",
      evidence: { note: `version ${row.version}` },
    });
    return row;
  },
);

/** Every version of a briefing's minutes, the first first. */
export const listMinutes = useCase(
  { name: "command.listMinutes", permission: "command.briefing.read", kind: "read" },
  (tx, { id }: { id: string }): Promise<Minutes[]> => allMinutes(tx, id),
);
