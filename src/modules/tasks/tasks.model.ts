import Type, { type Static } from "typebox";
import { nullable, sorts } from "#domain/outbreaks";

/** The teams that own work; a person belongs to one or more of them. */
export const ownerTeams = [
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
export type OwnerTeam = (typeof ownerTeams)[number];

export const TaskState = Type.Union([
  Type.Literal("open"),
  Type.Literal("started"),
  Type.Literal("submitted"),
  Type.Literal("closed"),
  Type.Literal("cancelled"),
]);
export type TaskState = Static<typeof TaskState>;

export const Task = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  areaCode: Type.String(),
  ownerTeam: Type.String(),
  ownerAccount: nullable(Type.String()),
  subjectType: Type.String(),
  subjectId: Type.String(),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  state: TaskState,
  needsSecondCheck: Type.Boolean(),
  dueAt: Type.String(),
  createdAt: Type.String(),
  submittedAt: nullable(Type.String()),
  submittedBy: nullable(Type.String()),
  closedAt: nullable(Type.String()),
  escalatedLevel: Type.Integer(),
  escalatedTo: nullable(Type.String()),
  reopenedCount: Type.Integer(),
});
export type Task = Static<typeof Task>;

/** One task with how it went: who took it up, what was shown for it, who signed it off. */
export const TaskDetail = Type.Object({
  ...Task.properties,
  startedAt: nullable(Type.String()),
  startedBy: nullable(Type.String()),
  closedBy: nullable(Type.String()),
  evidence: nullable(
    Type.Object({ note: Type.Optional(Type.String()), files: Type.Optional(Type.Array(Type.String())) }),
  ),
});
export type TaskDetail = Static<typeof TaskDetail>;

export const TaskPage = Type.Object({ items: Type.Array(Task), next: nullable(Type.String()) });

export const TaskQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(TaskState),
  team: Type.Optional(Type.String({ maxLength: 40 })),
  overdue: Type.Optional(Type.Boolean()),
  /** By deadline, the earliest first (as it comes by itself) or the latest. */
  sort: sorts("due"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type TaskQuery = Static<typeof TaskQuery>;

/** What was done, as the doer shows it: a note and the names of attached files. */
export const Evidence = Type.Object({
  note: Type.String({ minLength: 1, maxLength: 2_000 }),
  files: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 })),
});
export type Evidence = Static<typeof Evidence>;

export const OverdueRow = Type.Object({
  team: Type.String(),
  areaCode: Type.String(),
  count: Type.Integer(),
  oldestDueAt: Type.String(),
});
export type OverdueRow = Static<typeof OverdueRow>;

/** A task as another module asks for it; params never hold a person's name or number. */
export interface NewTask {
  readonly outbreakId: string;
  readonly kind: string;
  readonly areaCode: string;
  readonly ownerTeam: OwnerTeam;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly dueAt: string;
  readonly needsSecondCheck?: boolean;
}

/** Which open tasks of a subject are meant. */
export interface TaskSubject {
  readonly subjectType: string;
  readonly subjectIds: readonly string[];
  /** All kinds when absent. */
  readonly kind?: string;
}
