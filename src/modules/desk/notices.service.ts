import { findCurrentOutbreak } from "#modules/outbreaks";
import { sentBackNotices, taskNotices, type NoticeKey, type TaskNotice } from "#modules/tasks";
import { addHours, addMinutes, parseInstant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { unreadMax, type MarkRead, type Notice, type NoticePage, type NoticeQuery } from "./desk.model.ts";
import { briefingSoon, noticeEvents, taskNoticeKind, teamsOf } from "./desk.rules.ts";
import { eventNotices, keepRead, keepSeen, readAmong, seenUntil, type EventNotice } from "./notices.store.ts";

/** Older than this it is no news: the work lists still show it. */
const windowHours = 48;
const soonMinutes = 60;

/** What came in for the reader's teams and area, latest first, and how much of it is unread. */
export const listNotices = useCase(
  { name: "desk.listNotices", permission: "desk.notice.read", kind: "read" },
  async (tx, query: NoticeQuery): Promise<NoticePage> => {
    const limit = pageSize(query.limit);
    const key = cursorKey(query.cursor, 2);
    const before = key === null ? null : { at: String(key[0]), id: String(key[1]) };
    const page = pageOf(await cameIn(tx, { since: windowStart(tx), before, limit: limit + 1 }), limit, (row) => [
      row.at,
      row.id,
    ]);
    return { items: await withRead(tx, page.items), next: page.next, unread: await unread(tx), now: tx.now };
  },
);

function windowStart(tx: Tx): string {
  return addHours(tx.now, -windowHours);
}

interface Window {
  readonly since: string;
  readonly before: NoticeKey | null;
  readonly limit: number;
}

type Fresh = Omit<Notice, "read">;

/** Everything that calls, latest first. spec: DESK-5 */
async function cameIn(tx: Tx, window: Window): Promise<Fresh[]> {
  const rows = [
    ...(await fromTasks(tx, window)),
    ...(await fromEvents(tx, window)),
    ...(await fromBriefing(tx, window)),
  ];
  return rows
    .toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
    .slice(0, window.limit);
}

async function fromTasks(tx: Tx, window: Window): Promise<Fresh[]> {
  if (!tx.actor.permissions.has("tasks.task.read")) return [];
  // Who may check others' work also hears what was carried up to their area.
  const escalatedTo = tx.actor.permissions.has("tasks.task.check") ? tx.actor.areaCode : null;
  const teams = teamsOf(tx.actor.roles);
  const rows = await taskNotices(tx, { teams, escalatedTo, soonMinutes, ...window });
  const back = await sentBackNotices(tx, { teams, ...window });
  return [...rows.map(taskNotice), ...back.map((row): Fresh => ({ ...row, kind: "sentBack", level: null }))];
}

function taskNotice(row: TaskNotice): Fresh {
  const { id, at, areaCode, subjectType, subjectId, dueAt, taskId, kind: taskKind } = row;
  return {
    id,
    at,
    kind: taskNoticeKind(row.stage, taskKind),
    areaCode,
    subjectType,
    subjectId,
    taskId,
    taskKind,
    level: null,
    dueAt,
  };
}

async function fromEvents(tx: Tx, window: Window): Promise<Fresh[]> {
  const names = Object.keys(noticeEvents).filter((name) =>
    tx.actor.permissions.has(noticeEvents[name]?.permission ?? ""),
  );
  const rows = await eventNotices(tx, names, window.since, window.before, window.limit);
  return rows.map(eventNotice);
}

function eventNotice({ name, ...row }: EventNotice): Fresh {
  return { ...row, kind: noticeEvents[name]?.kind ?? "task", taskId: null, taskKind: null, dueAt: null };
}

async function fromBriefing(tx: Tx, window: Window): Promise<Fresh[]> {
  if (!tx.actor.permissions.has("command.briefing.read")) return [];
  const outbreak = await findCurrentOutbreak(tx);
  const dueAt = outbreak ? briefingSoon(tx.now, outbreak.timeZone, soonMinutes) : null;
  if (!outbreak || dueAt === null) return [];
  const at = addMinutes(dueAt, -soonMinutes);
  const id = `briefing:${dueAt}`;
  if (window.before && (at > window.before.at || (at === window.before.at && id >= window.before.id))) return [];
  const { areaCode } = outbreak;
  return [
    {
      id,
      at,
      kind: "briefing",
      areaCode,
      subjectType: "briefing",
      subjectId: "",
      taskId: null,
      taskKind: null,
      level: null,
      dueAt,
    },
  ];
}

async function withRead(tx: Tx, rows: readonly Fresh[]): Promise<Notice[]> {
  const until = await seenUntil(tx);
  const single = await readAmong(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, read: (until !== null && row.at <= until) || single.has(row.id) }));
}

/** How many are unread, up to one more than is ever shown. spec: DESK-6 */
async function unread(tx: Tx): Promise<number> {
  const until = await seenUntil(tx);
  const start = windowStart(tx);
  const since = until !== null && until > start ? until : start;
  const rows = await cameIn(tx, { since, before: null, limit: (unreadMax + 1) * 2 });
  const single = await readAmong(
    tx,
    rows.map(({ id }) => id),
  );
  return Math.min(unreadMax + 1, rows.filter(({ id, at }) => at > since && !single.has(id)).length);
}

/** Notes what the reader has read. spec: DESK-6 */
export const markNoticesRead = useCase(
  { name: "desk.markRead", permission: "desk.notice.write", kind: "write" },
  async (tx, input: MarkRead): Promise<{ unread: number }> => {
    const until = input.until === undefined ? null : parseInstant(input.until);
    // A moment still to come would hide what has not come in yet.
    if (until !== null) await keepSeen(tx, until < tx.now ? until : tx.now);
    if (input.notices) await keepRead(tx, input.notices, windowStart(tx));
    return { unread: await unread(tx) };
  },
);
