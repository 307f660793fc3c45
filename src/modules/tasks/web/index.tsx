export { TaskPage } from "./task.tsx";
import { Link } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ownerTeams, type Task } from "#domain/tasks";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { ListPage, type ListQuery } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";

const states = ["open", "started", "submitted", "closed", "cancelled"] as const;
/** Where the page of a task's subject stands; subjects without a page of their own have no link. */
const subjectPages: Readonly<Record<string, string>> = {
  case: "/cases/$id",
  tube: "/tubes/$id",
  zone: "/zones/$id",
  round: "/rounds/$id",
};

function Subject(props: { readonly row: Task }): ReactNode {
  const { t } = useTranslation();
  const { subjectType, subjectId } = props.row;
  const word = wordFor(t, "enums.subject", subjectType);
  const to = subjectType ? subjectPages[subjectType] : undefined;
  if (!to || !subjectId) return <>{word}</>;
  return (
    <Link to={to} params={{ id: subjectId }}>
      {word}
    </Link>
  );
}

function TaskState(props: { readonly row: Task }): ReactNode {
  const { t } = useTranslation();
  const { row } = props;
  return (
    <>
      <StateWord group="enums.taskState" value={row.state} />
      {row.escalatedLevel ? <span className="flag"> {t("tasks.escalated", { level: row.escalatedLevel })}</span> : null}
      {row.needsSecondCheck && row.state === "submitted" ? (
        <span className="flag"> {t("tasks.secondCheck")}</span>
      ) : null}
    </>
  );
}

/** Overdue is no state of a task but a question about its deadline. */
function spell(query: ListQuery): ListQuery {
  if (query["state"] !== "overdue") return query;
  return { ...query, state: undefined, overdue: "true" };
}

/** The work list of every team: what is due, to whom, and what is late. */
export function TasksPage(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<Task> = [
    { title: t("tasks.kind"), key: "kind", fixed: "left", render: (_, row) => wordFor(t, "task.kind", row.kind) },
    {
      title: t("tasks.due"),
      key: "due",
      render: (_, row) => <Due at={row.dueAt} doneAt={row.submittedAt ?? row.closedAt} />,
    },
    { title: t("tasks.dueAt"), key: "dueAt", render: (_, row) => <Moment at={row.dueAt} /> },
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
