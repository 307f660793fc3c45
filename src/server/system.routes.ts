import Type, { type Static } from "typebox";
import { sorts } from "#domain/outbreaks";
import { defineRoute, type Route } from "#platform/http";
import { routeClasses } from "#platform/latency";
import { jobList, recordBackup, retryQueuedJob, searchAudit, systemHealth, verifySeals } from "./admin.service.ts";

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Moment = Type.String({ format: "date-time", maxLength: 40 });
const Area = Type.String({ maxLength: 20 });
const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
const tag = "accounts";

const AuditLine = Type.Object({
  seq: Type.Integer(),
  at: Type.String(),
  actorName: Type.String(),
  action: Type.String(),
  subjectType: Type.String(),
  subjectId: Type.String(),
  areaCode: Type.String(),
  reason: nullable(Type.String()),
  count: Type.Integer(),
});
const JobShape = Type.Object({
  id: Type.Integer(),
  task: Type.String(),
  state: Type.String({ enum: ["waiting", "running", "retrying", "failed"] }),
  attempts: Type.Integer(),
  attemptsMax: Type.Integer(),
  runAt: Type.String(),
  addedAt: Type.String(),
  takenAt: nullable(Type.String()),
  failure: nullable(Type.String()),
});
const Backup = Type.Object({ at: Type.String(), by: Type.String(), note: Type.String() });
const ProcessShape = Type.Object({
  name: Type.String(),
  startedAt: Type.String(),
  memoryBytes: Type.Number(),
  loopLagMs: nullable(Type.Number()),
  pool: Type.Object({
    most: Type.Integer(),
    open: Type.Integer(),
    free: Type.Integer(),
    waiting: Type.Integer(),
  }),
  latencies: Type.Array(
    Type.Object({
      kind: Type.String({ enum: [...routeClasses] }),
      requests: Type.Integer(),
      p50: nullable(Type.Number()),
      p95: nullable(Type.Number()),
      p99: nullable(Type.Number()),
    }),
  ),
  disk: nullable(Type.Object({ freeBytes: Type.Number(), totalBytes: Type.Number() })),
});
const Health = Type.Object({
  databaseVersion: Type.String(),
  databaseBytes: Type.Number(),
  growthPerDay: nullable(Type.Number()),
  migrations: Type.Object({ applied: Type.Integer(), missing: Type.Integer() }),
  audit: Type.Object({ rows: Type.Number(), unsealed: Type.Number(), sealedAt: nullable(Type.String()) }),
  sessions: Type.Integer(),
  connections: Type.Integer(),
  connectionsMax: Type.Integer(),
  oldestTransactionAt: nullable(Type.String()),
  largestTables: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Number(), rows: Type.Number() })),
  jobs: Type.Object({
    waiting: Type.Integer(),
    running: Type.Integer(),
    retrying: Type.Integer(),
    failed: Type.Integer(),
    oldestAt: nullable(Type.String()),
  }),
  duties: Type.Array(
    Type.Object({
      name: Type.String(),
      everyMinutes: Type.Number(),
      lastAt: nullable(Type.String()),
      nextAt: nullable(Type.String()),
      failedAt: nullable(Type.String()),
      failure: nullable(Type.String()),
    }),
  ),
  standbys: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.String(),
      syncState: Type.String(),
      behindBytes: nullable(Type.Number()),
      behindSeconds: nullable(Type.Number()),
    }),
  ),
  backup: nullable(Backup),
  archivedAt: nullable(Type.String()),
  /** The process that answers, for itself alone; null where no server runs. */
  process: nullable(ProcessShape),
});

/** The audit, and how the installation stands: its database, its queue, its duties and the process that answers. */
export const systemRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/api/v1/audit",
    operationId: "searchAudit",
    tag,
    permission: searchAudit.def.permission,
    summary: "The audit of an area, the latest first",
    query: Type.Object({
      areaCode: Type.Optional(Area),
      actor: Type.Optional(Type.String({ maxLength: 100 })),
      action: Type.Optional(Type.String({ maxLength: 100 })),
      from: Type.Optional(Moment),
      to: Type.Optional(Moment),
      reasoned: Type.Optional(Type.Boolean()),
      sort: sorts("at"),
      ...paging,
    }),
    response: Type.Object({ items: Type.Array(AuditLine), next: nullable(Type.String()) }),
    handler: (ctx, { query }) => searchAudit(ctx, query),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/audit/verdict",
    operationId: "verifyAudit",
    tag,
    permission: "audit.log.verify",
    summary: "Recompute every seal of the audit",
    response: Type.Object({
      blocks: Type.Integer(),
      rows: Type.Integer(),
      unsealed: Type.Integer(),
      brokenBlock: nullable(Type.Integer()),
    }),
    handler: (ctx) => verifySeals(ctx),
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/health",
    operationId: "systemHealth",
    tag,
    permission: systemHealth.def.permission,
    summary: "How the installation stands",
    response: Health,
    handler: (ctx) => systemHealth(ctx, undefined) as Promise<Static<typeof Health>>,
  }),
  defineRoute({
    method: "GET",
    url: "/api/v1/jobs",
    operationId: "listJobs",
    tag,
    permission: jobList.def.permission,
    summary: "The queue's jobs, the failed first, without what they were told",
    response: Type.Object({ items: Type.Array(JobShape) }),
    handler: (ctx) => jobList(ctx, undefined),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/jobs/:id/retry",
    operationId: "retryJob",
    tag,
    permission: retryQueuedJob.def.permission,
    summary: "Give a failed job all its attempts again",
    params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
    response: Type.Object({ id: Type.Integer() }),
    handler: (ctx, { params }) => retryQueuedJob(ctx, params),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/health/backup",
    operationId: "recordBackup",
    tag,
    permission: recordBackup.def.permission,
    summary: "Note that a backup was made and where it lies",
    body: Type.Object(
      { at: Type.Optional(Moment), note: Type.String({ minLength: 2, maxLength: 200 }) },
      { additionalProperties: false },
    ),
    response: Backup,
    handler: (ctx, { body }) => recordBackup(ctx, body),
  }),
];
