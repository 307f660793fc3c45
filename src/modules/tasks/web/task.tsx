import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { subjectPermissions } from "#domain/desk";
import type { Task } from "#domain/tasks";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";

/** What may be done with a task in each of its states. */
const stepsOf: Readonly<Record<string, readonly string[]>> = {
  open: ["startTask", "submitTask", "reassignTask"],
  started: ["submitTask", "reassignTask"],
  submitted: ["approveTask", "sendBackTask"],
  closed: ["reopenTask"],
  cancelled: ["reopenTask"],
};

/** One task: whose it is, by when, what may be done with it, and what happened to it and its record. */
export function TaskPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["task", id],
    queryFn: () => get<Task>(`/api/v1/tasks/${encodeURIComponent(id)}`),
    meta: { topics: ["tasks"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={8} />;
  const task = found.data;
  const mayRead = session?.permissions.includes(subjectPermissions[task.subjectType] ?? "") === true;
  const subject = mayRead ? [{ type: task.subjectType, id: task.subjectId }] : [];
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/tasks" search={{ state: "open" }}>
          {t("tasks.title")}
        </Link>
      </p>
      <header className="page-head">
        <h1>
          {wordFor(t, "task.kind", task.kind)} <StateWord group="enums.taskState" value={task.state} />
        </h1>
        <div className="page-actions">
          {(stepsOf[task.state] ?? []).map((step) => (
            <OperationButton key={step} operation={step} params={{ id: task.id }} />
          ))}
        </div>
      </header>
      <div className="columns">
        <Panel title={t("tasks.facts")}>
          <Facts
            rows={[
              [t("common.area"), <AreaPath key="a" code={task.areaCode} />],
              [t("tasks.team"), wordFor(t, "enums.team", task.ownerTeam)],
              [t("tasks.subject"), wordFor(t, "enums.subject", task.subjectType)],
              [t("tasks.dueAt"), <Moment key="d" at={task.dueAt} long />],
              [t("tasks.due"), <Due key="l" at={task.dueAt} doneAt={task.submittedAt ?? task.closedAt} />],
              [t("tasks.escalatedTo"), task.escalatedTo ? <AreaPath key="e" code={task.escalatedTo} /> : "–"],
              [t("tasks.reopened"), task.reopenedCount],
            ]}
          />
        </Panel>
        <Timeline subjects={[{ type: "task", id: task.id }, ...subject]} />
      </div>
    </div>
  );
}
