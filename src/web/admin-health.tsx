import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DutiesPanel, JobsPanel, type Duty, type JobCounts } from "./admin-health-work.tsx";
import { get } from "./api.ts";
import { Facts } from "./facts.tsx";
import { wordFor } from "./i18n.ts";
import { OperationButton } from "./operation.tsx";
import { Moment, Panel, ProblemNotice, Waiting } from "./parts.tsx";
import { Rows, type Column } from "./rows.tsx";
import { numberText } from "./time.ts";

interface Latency {
  readonly kind: string;
  readonly requests: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

interface ProcessFigures {
  readonly name: string;
  readonly startedAt: string;
  readonly memoryBytes: number;
  readonly loopLagMs: number | null;
  readonly pool: { readonly most: number; readonly open: number; readonly free: number; readonly waiting: number };
  readonly latencies: readonly Latency[];
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
}

interface Standby {
  readonly name: string;
  readonly state: string;
  readonly syncState: string;
  readonly behindBytes: number | null;
  readonly behindSeconds: number | null;
}

interface Health {
  readonly databaseVersion: string;
  readonly databaseBytes: number;
  readonly growthPerDay: number | null;
  readonly migrations: { readonly applied: number; readonly missing: number };
  readonly audit: { readonly rows: number; readonly unsealed: number; readonly sealedAt: string | null };
  readonly sessions: number;
  readonly connections: number;
  readonly connectionsMax: number;
  readonly oldestTransactionAt: string | null;
  readonly largestTables: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[];
  readonly jobs: JobCounts;
  readonly duties: readonly Duty[];
  readonly standbys: readonly Standby[];
  readonly backup: { readonly at: string; readonly by: string; readonly note: string } | null;
  readonly archivedAt: string | null;
  readonly process: ProcessFigures | null;
}

const megabyte = 1_000_000;
const gigabyte = 1_000_000_000;
const connectionsWarnShare = 0.8;
const unsealedWarn = 100_000;
const diskWarnShare = 0.1;
const backupWarnDays = 7;
const standbyWarnSeconds = 60;
const refetchMs = 30_000;
const dayMs = 86_400_000;

function sizeText(t: TFunction, bytes: number): string {
  return bytes < gigabyte
    ? t("admin.health.mb", { mb: numberText(Math.round(bytes / megabyte)) })
    : t("admin.health.gb", { gb: (bytes / gigabyte).toFixed(1) });
}

/** What does not stand well, in plain words and with what to do. */
function warningsOf(t: TFunction, health: Health): string[] {
  const { disk } = health.process ?? { disk: null };
  const backupDays = health.backup ? (Date.now() - Date.parse(health.backup.at)) / dayMs : null;
  const late = health.standbys.filter(({ behindSeconds }) => (behindSeconds ?? 0) > standbyWarnSeconds);
  const failing = health.duties.filter(({ failedAt }) => failedAt !== null);
  const found: readonly (readonly [boolean, () => string])[] = [
    [health.migrations.missing > 0, () => t("admin.health.warn.migrations", { count: health.migrations.missing })],
    [
      health.connections > connectionsWarnShare * health.connectionsMax,
      () => t("admin.health.warn.connections", { count: health.connections, most: health.connectionsMax }),
    ],
    [
      health.audit.unsealed > unsealedWarn,
      () => t("admin.health.warn.unsealed", { count: numberText(health.audit.unsealed) }),
    ],
    [health.jobs.failed > 0, () => t("admin.health.warn.jobs", { count: health.jobs.failed })],
    [failing.length > 0, () => t("admin.health.warn.duties", { names: failing.map(({ name }) => name).join(", ") })],
    [
      disk !== null && disk.freeBytes < diskWarnShare * disk.totalBytes,
      () => t("admin.health.warn.disk", { free: sizeText(t, disk?.freeBytes ?? 0) }),
    ],
    [late.length > 0, () => t("admin.health.warn.standby", { names: late.map(({ name }) => name).join(", ") })],
    [
      backupDays !== null && backupDays > backupWarnDays,
      () => t("admin.health.warn.backup", { days: Math.floor(backupDays ?? 0) }),
    ],
  ];
  return found.flatMap(([isSo, say]) => (isSo ? [say()] : []));
}

/** How the installation stands, and in plain words what to do where it does not stand well. */
export function HealthPage(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["health"],
    queryFn: () => get<Health>("/api/v1/health"),
    refetchInterval: refetchMs,
  });
  const health = found.data;
  const warnings = health ? warningsOf(t, health) : [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("admin.health.title")}</h1>
          <p className="page-intro">{t("admin.health.intro")}</p>
        </div>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={8} /> : null}
      {health && warnings.length === 0 ? <Alert type="success" showIcon title={t("admin.health.well")} /> : null}
      {warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} />
      ))}
      {health ? <Parts health={health} /> : null}
    </div>
  );
}

function Parts({ health }: { readonly health: Health }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <div className="columns">
        <DatabasePanel health={health} />
        {health.process ? <ProcessPanel figures={health.process} /> : null}
        <SafetyPanel health={health} />
      </div>
      {health.process ? <LatencyPanel figures={health.process} /> : null}
      <JobsPanel counts={health.jobs} />
      <DutiesPanel duties={health.duties} />
      <Panel title={t("admin.health.tables")}>
        <Rows
          bare
          rowKey="name"
          rows={health.largestTables}
          columns={[
            { title: t("admin.health.table"), key: "name", render: (_, row) => <code>{row.name}</code> },
            {
              title: t("admin.health.rows"),
              key: "rows",
              align: "right",
              order: (row) => row.rows,
              render: (_, row) => numberText(Math.round(row.rows)),
            },
            {
              title: t("admin.health.size"),
              key: "bytes",
              align: "right",
              order: (row) => row.bytes,
              render: (_, row) => sizeText(t, row.bytes),
            },
          ]}
        />
      </Panel>
    </>
  );
}

function DatabasePanel({ health }: { readonly health: Health }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t("admin.health.database")}>
      <Facts
        rows={[
          [t("admin.health.version"), `PostgreSQL ${health.databaseVersion}`],
          [t("admin.health.size"), sizeText(t, health.databaseBytes)],
          [
            t("admin.health.growth"),
            health.growthPerDay === null
              ? t("admin.health.growthUnknown")
              : t("admin.health.perDay", { size: sizeText(t, Math.max(0, health.growthPerDay)) }),
          ],
          [t("admin.health.migrations"), `${health.migrations.applied} / ${health.migrations.missing}`],
          [
            t("admin.health.connections"),
            t("admin.health.ofMost", { count: health.connections, most: health.connectionsMax }),
          ],
          [t("admin.health.oldest"), <Moment key="o" at={health.oldestTransactionAt} long />],
          [t("admin.health.sessions"), numberText(health.sessions)],
        ]}
      />
    </Panel>
  );
}

/** What keeps the data safe: the seals of the audit, standbys, backups. */
function SafetyPanel({ health }: { readonly health: Health }): ReactNode {
  const { t } = useTranslation();
  const { backup } = health;
  const standby = (one: Standby): string =>
    [
      one.name,
      one.state,
      one.syncState,
      one.behindSeconds === null ? "" : t("admin.health.behind", { seconds: one.behindSeconds.toFixed(1) }),
      one.behindBytes === null ? "" : sizeText(t, one.behindBytes),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <Panel title={t("admin.health.safety")} side={<OperationButton operation="recordBackup" />}>
      <Facts
        rows={[
          [
            t("admin.health.backup"),
            backup === null ? (
              t("admin.health.backupUnknown")
            ) : (
              <span key="b">
                <Moment at={backup.at} long /> · {backup.by} · {backup.note}
              </span>
            ),
          ],
          [t("admin.health.archived"), <Moment key="a" at={health.archivedAt} long />],
          [
            t("admin.health.standbys"),
            health.standbys.length === 0 ? t("admin.health.standbyNone") : health.standbys.map(standby).join("; "),
          ],
          [t("admin.health.auditRows"), numberText(health.audit.rows)],
          [t("admin.health.unsealed"), numberText(health.audit.unsealed)],
          [t("admin.health.sealedAt"), <Moment key="s" at={health.audit.sealedAt} long />],
        ]}
      />
    </Panel>
  );
}

/** The process that answered: of several, the others have figures of their own. */
function ProcessPanel({ figures }: { readonly figures: ProcessFigures }): ReactNode {
  const { t } = useTranslation();
  const { pool, disk } = figures;
  return (
    <Panel title={t("admin.health.process")}>
      <p className="muted">{t("admin.health.processOwn")}</p>
      <Facts
        rows={[
          [t("admin.health.processName"), <code key="n">{figures.name}</code>],
          [t("admin.health.startedAt"), <Moment key="s" at={figures.startedAt} long />],
          [t("admin.health.memory"), sizeText(t, figures.memoryBytes)],
          [
            t("admin.health.lag"),
            figures.loopLagMs === null ? "–" : t("admin.health.ms", { ms: figures.loopLagMs.toFixed(1) }),
          ],
          [
            t("admin.health.pool"),
            t("admin.health.poolUse", {
              busy: pool.open - pool.free,
              most: pool.most,
              waiting: pool.waiting,
            }),
          ],
          [
            t("admin.health.disk"),
            disk === null
              ? "–"
              : t("admin.health.diskFree", { free: sizeText(t, disk.freeBytes), total: sizeText(t, disk.totalBytes) }),
          ],
        ]}
      />
    </Panel>
  );
}

function LatencyPanel({ figures }: { readonly figures: ProcessFigures }): ReactNode {
  const { t } = useTranslation();
  const ms = (value: number | null): string =>
    value === null ? "–" : t("admin.health.ms", { ms: value < 10 ? value.toFixed(1) : numberText(Math.round(value)) });
  const share = (key: "p50" | "p95" | "p99"): Column<Latency> => ({
    title: t(`admin.health.${key}`),
    key,
    align: "right",
    order: (row) => row[key],
    render: (_, row) => ms(row[key]),
  });
  return (
    <Panel title={t("admin.health.latency")}>
      <p className="muted">{t("admin.health.latencyOf", { name: figures.name })}</p>
      <Rows<Latency>
        bare
        rowKey="kind"
        rows={figures.latencies}
        empty={t("admin.health.latencyNone")}
        columns={[
          {
            title: t("admin.health.kind"),
            key: "kind",
            render: (_, row) => wordFor(t, "admin.values.routeClass", row.kind),
          },
          {
            title: t("admin.health.requests"),
            key: "requests",
            align: "right",
            order: (row) => row.requests,
            render: (_, row) => numberText(row.requests),
          },
          share("p50"),
          share("p95"),
          share("p99"),
        ]}
      />
    </Panel>
  );
}
