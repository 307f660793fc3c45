import { openTasksOn } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import { rolesOfAccounts } from "#platform/accounts";
import { looksAt } from "#platform/audit";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { Doer, NextStep, Timeline, TimelineItem, TimelineQuery } from "./desk.model.ts";
import { detailOf, doerOf, subjectsOf, type Subject } from "./desk.rules.ts";
import { eventsOf } from "./timeline.store.ts";

const openShownMax = 20;
/** Sorts after every id that starts with a hexadecimal digit. */
const auditPrefix = "audit-";

/** What happened to records, latest first, by whom and why, and what is still to do on them. */
export const recordTimeline = useCase(
  { name: "desk.timeline", permission: "desk.timeline.read", kind: "read" },
  async (tx, query: TimelineQuery): Promise<Timeline> => {
    const limit = pageSize(query.limit);
    const asked = subjectsOf(query.subject, tx.actor.permissions);
    if (!asked.ok) throw new ProblemError(asked.refusal.code, asked.refusal.params);
    const key = cursorKey(query.cursor, 2);
    const before = key === null ? null : ([String(key[0]), String(key[1])] as const);
    const rows = await happened(tx, asked.value, before, limit + 1);
    const page = pageOf(rows, limit, (row) => [row.at, row.id]);
    return {
      items: await named(tx, page.items),
      next: page.next,
      open: before === null ? await nextSteps(tx, asked.value) : [],
    };
  },
);

interface Happening extends Omit<TimelineItem, "by"> {
  readonly actorId: string;
}

/** Events, and for who may read the audit the looks at personal data between them. */
async function happened(
  tx: Tx,
  subjects: readonly Subject[],
  before: readonly [string, string] | null,
  limit: number,
): Promise<Happening[]> {
  // An audit row's mark is no event's id: at one moment all events come before it.
  const eventBefore =
    before?.[1].startsWith(auditPrefix) === true
      ? ([before[0], "00000000-0000-0000-0000-000000000000"] as const)
      : before;
  const events = (await eventsOf(tx, subjects, eventBefore, limit)).map(({ data, ...row }): Happening => ({
    ...row,
    detail: detailOf(data),
  }));
  // spec: DESK-4
  if (!tx.actor.permissions.has("audit.log.read")) return events;
  const seqBefore = before?.[1].startsWith(auditPrefix) === true ? Number(before[1].slice(auditPrefix.length)) : null;
  const looks = await looksAt(tx.sql, {
    subjects,
    areaCode: tx.actor.areaCode,
    at: before?.[0] ?? null,
    seq: seqBefore,
    limit,
  });
  const shown = looks.map(({ seq, ...row }): Happening => ({
    ...row,
    id: `${auditPrefix}${seq}`,
    name: "desk.looked",
    cause: null,
    detail: {},
  }));
  return [...events, ...shown].toSorted(latestFirst).slice(0, limit);
}

function latestFirst(a: Happening, b: Happening): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  const audits = [a, b].map(({ id }) => id.startsWith(auditPrefix));
  if (audits[0] !== audits[1]) return audits[0] ? 1 : -1;
  if (audits[0]) return Number(b.id.slice(auditPrefix.length)) - Number(a.id.slice(auditPrefix.length));
  return a.id < b.id ? 1 : -1;
}

async function named(tx: Tx, rows: readonly Happening[]): Promise<TimelineItem[]> {
  const accounts = await rolesOfAccounts(tx.sql, [...new Set(rows.map(({ actorId }) => actorId))]);
  return rows.map(({ actorId, ...row }) => {
    const doer = accounts.get(actorId) ?? doerOf(actorId);
    const by: Doer = { roles: [...doer.roles], areaCode: doer.areaCode, own: actorId === tx.actor.id };
    return { ...row, by };
  });
}

async function nextSteps(tx: Tx, subjects: readonly Subject[]): Promise<NextStep[]> {
  if (!tx.actor.permissions.has("tasks.task.read")) return [];
  return openTasksOn(tx, subjects, openShownMax);
}
