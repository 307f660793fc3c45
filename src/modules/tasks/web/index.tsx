import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ownerTeams, type Task } from "#domain/tasks";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { type ListColumn, ListPage, type ListQuery } from "#webx/list";
import { Due, Moment } from "#webx/parts";
import { Subject, TaskState } from "./task.tsx";

export { TaskPage } from "./task.tsx";

const states = ["open", "started", "submitted", "closed", "cancelled"] as const;
/** Overdue is no state of a task but a question about its deadline. */
function spell(query: ListQuery): ListQuery {
  if (query["state"] !== "overdue") return query;
  return { ...query, state: undefined, overdue: "true" };
}

/** The work list of every team: what is due, to whom, and what is late. */
export function TasksPage(): ReactNode {
  const { t } = useTranslation();
  const columns: ListColumn<Task>[] = [
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
      topics={["tasks"]}
      columns={columns}
      rowKey="id"
      spell={spell}
      states={{ group: "enums.taskState", values: ["overdue", ...states] }}
      filter={{ name: "team", label: t("tasks.team"), group: "enums.team", values: ownerTeams }}
      empty={t("tasks.empty")}
    />
  );
}
