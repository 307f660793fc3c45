import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get } from "./api.ts";
import { HeldList } from "./held-list.tsx";
import { wordFor } from "./i18n.ts";
import { OperationButton } from "./operation.tsx";
import { Moment, Nothing, Panel, ProblemNotice, StateWord, Waiting } from "./parts.tsx";
import { Rows, type Column } from "./rows.tsx";
import { durationText, numberText } from "./time.ts";

const refetchMs = 30_000;

/** Something that is done by the clock. */
export interface Duty {
  readonly name: string;
  readonly everyMinutes: number;
  readonly lastAt: string | null;
  readonly nextAt: string | null;
  readonly failedAt: string | null;
  readonly failure: string | null;
}

interface Job {
  readonly id: number;
  readonly task: string;
  readonly state: string;
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly runAt: string;
  readonly failure: string | null;
}

/** How many jobs there are by their state. */
export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly retrying: number;
  readonly failed: number;
  readonly oldestAt: string | null;
}

/** The jobs that are not done, the failed ones first, each to be tried again. */
export function JobsPanel({ counts }: { readonly counts: JobCounts }): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["list", "/api/v1/jobs"],
    queryFn: () => get<{ readonly items: readonly Job[] }>("/api/v1/jobs"),
    refetchInterval: refetchMs,
  });
  const columns: Column<Job>[] = [
    { title: t("admin.health.job"), key: "task", render: (_, row) => <code>{row.task}</code> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="admin.values.jobState" value={row.state} />,
    },
    {
      title: t("admin.health.attempts"),
      key: "attempts",
      align: "right",
      render: (_, row) => `${row.attempts} / ${row.attemptsMax}`,
    },
    { title: t("admin.health.runAt"), key: "runAt", render: (_, row) => <Moment at={row.runAt} long /> },
    { title: t("admin.health.failure"), key: "failure", className: "wrap", render: (_, row) => row.failure ?? "–" },
    {
      key: "act",
      render: (_, row) =>
        row.state === "failed" ? (
          <OperationButton operation="retryJob" params={{ id: row.id }} confirm={t("admin.health.retryConfirm")} />
        ) : null,
    },
  ];
  return (
    <Panel title={t("admin.health.jobs")}>
      <dl className="figure-strip">
        {(["waiting", "running", "retrying", "failed"] as const).map((state) => (
          <div key={state}>
            <dt>{wordFor(t, "admin.values.jobState", state)}</dt>
            <dd>{numberText(counts[state])}</dd>
          </div>
        ))}
        <div>
          <dt>{t("admin.health.oldestJob")}</dt>
          <dd>
            <Moment at={counts.oldestAt} />
          </dd>
        </div>
      </dl>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={2} /> : null}
      {found.data && found.data.items.length === 0 ? <Nothing text={t("admin.health.jobsNone")} /> : null}
      {found.data && found.data.items.length > 0 ? (
        <HeldList<Job>
          name="jobs"
          title={t("admin.health.jobs")}
          columns={columns}
          rows={found.data.items}
          rowKey={(row) => String(row.id)}
          empty={t("admin.health.jobsNone")}
          bare
        />
      ) : null}
    </Panel>
  );
}

/** What runs by the clock: when last, when next, and what failed. */
export function DutiesPanel({ duties }: { readonly duties: readonly Duty[] }): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Duty>[] = [
    {
      title: t("admin.health.duty"),
      key: "name",
      order: (row) => row.name,
      render: (_, row) => <code>{row.name}</code>,
    },
    {
      title: t("admin.health.every"),
      key: "every",
      order: (row) => row.everyMinutes,
      render: (_, row) => durationText(t, row.everyMinutes),
    },
    {
      title: t("admin.health.lastAt"),
      key: "last",
      order: (row) => row.lastAt,
      render: (_, row) => <Moment at={row.lastAt} />,
    },
    {
      title: t("admin.health.nextAt"),
      key: "next",
      order: (row) => row.nextAt,
      render: (_, row) => (row.nextAt === null ? t("admin.health.never") : <Moment at={row.nextAt} />),
    },
    {
      title: t("admin.health.failedAt"),
      key: "failed",
      order: (row) => row.failedAt,
      render: (_, row) =>
        row.failedAt === null ? (
          "–"
        ) : (
          <strong className="due-late">
            <Moment at={row.failedAt} /> {row.failure}
          </strong>
        ),
    },
  ];
  return (
    <Panel title={t("admin.health.duties")}>
      <p className="muted">{t("admin.health.dutiesOn")}</p>
      <Rows<Duty> bare columns={columns} rows={duties} rowKey="name" empty={t("admin.health.dutiesNone")} />
    </Panel>
  );
}
