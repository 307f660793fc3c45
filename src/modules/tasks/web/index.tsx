import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ownerTeams, type OverdueRow, type Task } from "#domain/tasks";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { FiguresTable } from "#webx/figures-table";
import { ListPage, type ListQuery } from "#webx/list";
import { Due, Moment } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { Subject, TaskState } from "./task.tsx";
import type { Column } from "#webx/rows";

/** The page of one task, fetched when it is opened. */
export async function loadTaskPage(): Promise<() => ReactNode> {
  return (await import("./task.tsx")).TaskPage;
}

const states = ["open", "started", "submitted", "closed", "cancelled"] as const;
/** Overdue is no state of a task but a question about its deadline. */
function spell(query: ListQuery): ListQuery {
  if (query["state"] !== "overdue") return query;
  return { ...query, state: undefined, overdue: "true" };
}

/** The work list of every team, and who is late with how much. */
export function TasksPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "tasks", label: t("tasks.title"), render: () => <TaskList /> },
        { key: "overdue", label: t("tasks.overdue.title"), render: () => <OverdueTable /> },
      ]}
    />
  );
}

/** Who is late with how many tasks, the most first. */
function OverdueTable(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<OverdueRow>[] = [
    {
      title: t("tasks.team"),
      key: "team",
      fixed: "left",
      render: (_, row) => (
        <Link to="/tasks" search={{ state: "overdue", by: row.team, areaCode: row.areaCode }}>
          {wordFor(t, "enums.team", row.team)}
        </Link>
      ),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    {
      title: t("tasks.overdue.count"),
      key: "count",
      align: "right",
      order: (row) => row.count,
      render: (_, row) => numberText(row.count),
    },
    {
      title: t("tasks.overdue.oldest"),
      key: "oldest",
      order: (row) => row.oldestDueAt,
      render: (_, row) => <Due at={row.oldestDueAt} />,
    },
  ];
  return (
    <FiguresTable<OverdueRow>
      title={t("tasks.overdue.title")}
      intro={t("tasks.overdue.intro")}
      path="/api/v1/tasks/overdue"
      topics={["tasks"]}
      columns={columns}
      rowKey={(row) => `${row.team} ${row.areaCode}`}
      empty={t("tasks.overdue.empty")}
    />
  );
}

function step(row: Task, action: "start" | "approve"): Promise<unknown> {
  return post(`/api/v1/tasks/${encodeURIComponent(row.id)}/${action}`, undefined, { key: newKey() });
}

/** The work list of every team: what is due, to whom, and what is late. */
function TaskList(): ReactNode {
  const { t } = useTranslation();
  const nameOf = (row: Task): string =>
    `${wordFor(t, "task.kind", row.kind)} ${wordFor(t, "enums.team", row.ownerTeam)}`;
  const columns: Column<Task>[] = [
    {
      title: t("tasks.kind"),
      key: "kind",
      fixed: "left",
      render: (_, row) => (
        <Link to="/tasks/$id" params={{ id: row.id }}>
          {wordFor(t, "task.kind", row.kind)}
        </Link>
      ),
    },
    {
      title: t("tasks.due"),
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.submittedAt ?? row.closedAt} />,
    },
    { title: t("tasks.dueAt"), key: "dueAt", sortBy: "due", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("common.state"), key: "state", render: (_, row) => <TaskState row={row} /> },
    { title: t("tasks.team"), key: "team", render: (_, row) => wordFor(t, "enums.team", row.ownerTeam) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("tasks.subject"), key: "subject", render: (_, row) => <Subject row={row} /> },
  ];
  return (
    <ListPage<Task>
      title={t("tasks.title")}
      intro={t("tasks.intro")}
      path="/api/v1/tasks"
      usual="due"
      topics={["tasks"]}
      columns={columns}
      rowKey="id"
      spell={spell}
      states={{ group: "enums.taskState", values: ["overdue", ...states] }}
      filter={{ name: "team", label: t("tasks.team"), group: "enums.team", values: ownerTeams }}
      empty={t("tasks.empty")}
      bulk={[
        {
          key: "start",
          label: t("tasks.bulk.start"),
          operation: "startTask",
          confirm: (count) => t("tasks.bulk.startConfirm", { count }),
          may: (row) => row.state === "open",
          name: nameOf,
          send: (row) => step(row, "start"),
        },
        {
          key: "approve",
          label: t("tasks.bulk.approve"),
          operation: "approveTask",
          confirm: (count) => t("tasks.bulk.approveConfirm", { count }),
          may: (row) => row.state === "submitted",
          name: nameOf,
          send: (row) => step(row, "approve"),
        },
      ]}
    />
  );
}
