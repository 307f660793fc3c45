import { Link } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { wordFor } from "#web/i18n";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";

/** The fields of a task that the list shows; the API's own schema names them. */
interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly areaCode: string;
  readonly areaName?: string | null;
  readonly ownerTeam: string | null;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly dueAt: string | null;
  readonly state: string;
  readonly needsSecondCheck?: boolean | null;
  readonly escalatedLevel?: number | null;
  readonly closedAt?: string | null;
}

const states = ["open", "started", "submitted", "closed", "cancelled"] as const;
const teams = [
  "command",
  "cdc",
  "tracing",
  "screening",
  "sampling",
  "doorSampling",
  "courier",
  "lab",
  "isolation",
  "transport",
  "site",
  "grid",
  "police",
  "medical",
  "publicInfo",
  "supplies",
  "inspection",
] as const;

/** Where the page of a task's subject stands; subjects without a page of their own have no link. */
const subjectPages: Readonly<Record<string, string>> = {
  case: "/cases/$id",
  tube: "/tubes/$id",
  zone: "/zones/$id",
  round: "/rounds/$id",
};

function Subject(props: { readonly row: TaskRow }): ReactNode {
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

function TaskState(props: { readonly row: TaskRow }): ReactNode {
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

/** The work list of every team: what is due, to whom, and what is late. */
export function TasksPage(): ReactNode {
  const { t } = useTranslation();
  const columns: TableColumnsType<TaskRow> = [
    { title: t("tasks.kind"), key: "kind", fixed: "left", render: (_, row) => wordFor(t, "task.kind", row.kind) },
    { title: t("tasks.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.closedAt ?? null} /> },
    { title: t("tasks.dueAt"), key: "dueAt", render: (_, row) => <Moment at={row.dueAt} /> },
    { title: t("common.state"), key: "state", render: (_, row) => <TaskState row={row} /> },
    { title: t("tasks.team"), key: "team", render: (_, row) => wordFor(t, "enums.team", row.ownerTeam) },
    { title: t("common.area"), key: "area", render: (_, row) => row.areaName ?? row.areaCode },
    { title: t("tasks.subject"), key: "subject", render: (_, row) => <Subject row={row} /> },
  ];
  return (
    <ListPage<TaskRow>
      title={t("tasks.title")}
      intro={t("tasks.intro")}
      path="/api/v1/tasks"
      topics={["tasks"]}
      columns={columns}
      rowKey="id"
      states={{ group: "enums.taskState", values: ["overdue", ...states] }}
      filter={{ name: "team", label: t("tasks.team"), group: "enums.team", values: teams }}
      empty={t("tasks.empty")}
    />
  );
}
