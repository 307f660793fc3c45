import type { AreaCode } from "#kernel/area";
import type { Prng } from "#kernel/prng";
import type { Clock, Instant } from "#kernel/time";
import type { Bus, EventInput, StoredEvent } from "./events.ts";
import type { Database, Sql } from "./db.ts";
import type { ProcessFigures } from "./process.ts";
import type { Secrets } from "./secrets.ts";

export type Language = "zh-CN" | "en";

/** Who acts: an account with its roles and its jurisdiction. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** The empty code is everywhere. */
  readonly areaCode: AreaCode;
  readonly device?: string;
}

/** What the process offers to every use case. */
export interface Services {
  readonly bus: Bus;
  readonly secrets: Secrets;
  /** What the server's process knows of itself; absent where no server runs, as in a command. */
  readonly figures?: () => Promise<ProcessFigures>;
}

/** What a use case is called with. */
export interface Ctx {
  readonly actor: Actor;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly db: Database;
  /** A copy of the database for reports, where there is one; it answers from the database itself while it lags. */
  readonly replica?: Database;
  readonly services: Services;
  readonly lang: Language;
  /** Idempotency key made by the client. */
  readonly key?: string;
  /** The purpose of a personal read; kept in the audit. */
  readonly reason?: string;
  /** The event that caused this call. */
  readonly cause?: string;
  /** Told of the events of each use case once its transaction (or savepoint) is done. */
  readonly tap?: (events: readonly StoredEvent[]) => void;
}

/** An open transaction, whoever acts in it. */
export interface BareTx {
  readonly sql: Sql;
  readonly now: Instant;
  /** For the little that must be committed before this transaction goes on. */
  readonly db: Database;
}

/** One open transaction of one use case. */
export interface Tx extends Ctx, BareTx {
  newId(): string;
  emit(event: EventInput): Promise<void>;
  audit(entry: AuditEntry): Promise<void>;
  /** Puts a job into the queue with this transaction: it runs if and only if the transaction commits. */
  enqueue(job: JobInput): Promise<void>;
}

/** Work outside the database; its handler must stand being run twice. */
export interface JobInput {
  readonly name: string;
  readonly payload: object;
  /** Jobs of one key that have not started yet are one job. */
  readonly key?: string;
}

export interface AuditEntry {
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly areaCode?: AreaCode;
  /** How many people's data were read or changed. */
  readonly count?: number;
}
