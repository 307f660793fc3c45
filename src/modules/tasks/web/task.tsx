import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { subjectPermissions } from "#domain/desk";
import { actionsIn, type Task, type TaskAction, type TaskDetail } from "#domain/tasks";
import { get } from "#web/api";
import { wordFor } from "#web/i18n";
import { useSession } from "#web/session";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Timeline } from "#webx/timeline";

/** Where the page of a task's subject stands; subjects without a page of their own have no link. */
const subjectPages: Readonly<Record<string, string>> = {
  case: "/cases/$id",
  contact: "/contacts/$id",
  tube: "/tubes/$id",
  zone: "/zones/$id",
  round: "/rounds/$id",
  isolationSite: "/sites/$id",
  inspectionFinding: "/inspection/$id",
  arrival: "/inbound/$id",
  briefing: "/briefings/$id",
  supplyRequest: "/supplies/requests/$id",
};

/** What a task is about, with the way to its page. */
export function Subject(props: { readonly row: Task }): ReactNode {
  const { t } = useTranslation();
  const { subjectType, subjectId } = props.row;
  const word = wordFor(t, "enums.subject", subjectType);
  const to = subjectPages[subjectType];
  if (!to || !subjectId) return <>{word}</>;
  return (
    <Link to={to} params={{ id: subjectId }}>
      {word}
    </Link>
  );
}

/** A task's state with what makes it urgent. */
export function TaskState(props: { readonly row: Task }): ReactNode {
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

/** One task: what it is, by when and whose, what was shown for it, and the steps its state leaves open. */
export function TaskPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useQuery({
    queryKey: ["task", id],
    queryFn: () => get<TaskDetail>(`/api/v1/tasks/${encodeURIComponent(id)}`),
    meta: { topics: ["tasks"] },
  });
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/tasks">{t("tasks.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const task = found.data;
  const mayRead = session?.permissions.includes(subjectPermissions[task.subjectType] ?? "") === true;
  const subject = mayRead ? [{ type: task.subjectType, id: task.subjectId }] : [];
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/tasks">{t("tasks.title")}</Link>
      </p>
      <header className="page-head">
        <h1>
          {wordFor(t, "task.kind", task.kind)} <TaskState row={task} />
        </h1>
        <div className="page-actions">
          {actionsIn(task.state).map((action) => (
            <Step key={action} action={action} id={task.id} />
          ))}
        </div>
      </header>
      <div className="columns">
        <Panel title={t("tasks.facts")}>
          <TaskFacts task={task} />
        </Panel>
        <Panel title={t("tasks.shown")}>
          <Shown task={task} />
        </Panel>
        <Timeline subjects={[{ type: "task", id: task.id }, ...subject]} />
      </div>
    </div>
  );
}

function TaskFacts({ task }: { readonly task: TaskDetail }): ReactNode {
  const { t, i18n } = useTranslation();
  const figures = i18n.exists(`task.figures.${task.kind}`) ? t(`task.figures.${task.kind}`, task.params) : null;
  return (
    <Facts
      rows={[
        [t("tasks.due"), <Due key="d" at={task.dueAt} doneAt={task.submittedAt ?? task.closedAt} />],
        [t("tasks.dueAt"), <Moment key="a" at={task.dueAt} long />],
        [t("tasks.team"), wordFor(t, "enums.team", task.ownerTeam)],
        [t("tasks.account"), task.ownerAccount ?? t("tasks.nobody")],
        [t("common.area"), <AreaPath key="c" code={task.areaCode} />],
        [t("tasks.subject"), <Subject key="s" row={task} />],
        ...(figures === null ? [] : [[t("tasks.figures"), figures] as const]),
        [t("tasks.createdAt"), <Moment key="m" at={task.createdAt} long />],
        [t("tasks.second"), task.needsSecondCheck ? t("tasks.needed") : t("tasks.notNeeded")],
        [t("tasks.escalatedTo"), task.escalatedTo === null ? "–" : <AreaPath key="e" code={task.escalatedTo} />],
        [t("tasks.reopened"), task.reopenedCount],
      ]}
    />
  );
}

function Shown({ task }: { readonly task: TaskDetail }): ReactNode {
  const { t } = useTranslation();
  const { evidence } = task;
  return (
    <>
      <Facts
        rows={[
          [t("tasks.startedAt"), <Moment key="s" at={task.startedAt} long />],
          [t("tasks.submittedAt"), <Moment key="u" at={task.submittedAt} long />],
          [t("tasks.closedAt"), <Moment key="c" at={task.closedAt} long />],
        ]}
      />
      {evidence === null ? (
        <p className="muted">{t("tasks.noEvidence")}</p>
      ) : (
        <>
          <p>{evidence.note}</p>
          {evidence.files && evidence.files.length > 0 ? (
            <ul>
              {evidence.files.map((file) => (
                <li key={file}>{file}</li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </>
  );
}

function Step({ action, id }: { readonly action: TaskAction; readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const params = { id };
  switch (action) {
    case "start":
      return <OperationButton operation="startTask" params={params} confirm={t("tasks.confirm.start")} />;
    case "submit":
      return <OperationButton operation="submitTask" params={params} primary />;
    case "approve":
      return <OperationButton operation="approveTask" params={params} confirm={t("tasks.confirm.approve")} primary />;
    case "sendBack":
      return <OperationButton operation="sendBackTask" params={params} danger />;
    case "reopen":
      return <OperationButton operation="reopenTask" params={params} confirm={t("tasks.confirm.reopen")} danger />;
    case "reassign":
      return <OperationButton operation="reassignTask" params={params} />;
  }
}
