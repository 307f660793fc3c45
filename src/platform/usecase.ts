import { createHash } from "node:crypto";
import { areaRange, everywhere, isWithin, type AreaCode, type AreaRange } from "#kernel/area";
import { assert } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { uuidv7 } from "#kernel/ids";
import { enqueueJob } from "./jobs.ts";
import type { AuditEntry, Ctx, Tx } from "./context.ts";
import type { Sql } from "./db.ts";
import { boundsText, setBounds } from "./fence.ts";
import type { EventInput, StoredEvent } from "./events.ts";

/** The rules of one use case that hold before its own code runs. */
export interface UseCaseDef<I> {
  /** `module.verb`, as it stands in the audit. */
  readonly name: string;
  /** The permission the actor's role must hold. */
  readonly permission: string;
  readonly kind: "read" | "write";
  /** The area acted upon; it must lie in the actor's jurisdiction. Without it row-level security alone decides. */
  readonly area?: (input: I, tx: Tx) => AreaCode | Promise<AreaCode>;
  /** Reads people's data: needs a reason and is audited. */
  readonly personal?: true;
  /** A report: it may be answered from a copy of the database that is some seconds behind. Not for what is audited. */
  readonly replica?: true;
}

export type UseCase<I, O> = ((ctx: Ctx, input: I) => Promise<O>) & { readonly def: UseCaseDef<I> };

const reactionDepthMax = 24;

interface Depth {
  reactions: number;
}

function makeTx(ctx: Ctx, sql: Sql, range: AreaRange, stored: StoredEvent[], depth: Depth): Tx {
  const now = ctx.clock.now();
  const tx: Tx = {
    ...ctx,
    sql,
    now,
    newId: () => uuidv7(now, ctx.prng),
    emit: (event) => emit(tx, range, event, stored, depth),
    audit: (entry) => writeAudit(tx, entry),
    enqueue: (job) => enqueueJob(tx.sql, job),
  };
  return tx;
}

async function emit(tx: Tx, range: AreaRange, input: EventInput, stored: StoredEvent[], depth: Depth): Promise<void> {
  const event: StoredEvent = { ...input, id: tx.newId(), at: tx.now };
  const reactions = tx.services.bus.reactions(event.name);
  // An event and its reactions may touch areas outside the actor's own: a member of a tube lives elsewhere.
  await setBounds(tx.sql, everywhere);
  await tx.sql.run(
    `insert into event (id, at, name, outbreak_id, area_code, subject_type, subject_id, actor_id, actor_name, device, cause, data)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      event.id,
      event.at,
      event.name,
      event.outbreakId ?? null,
      event.areaCode,
      event.subjectType,
      event.subjectId,
      tx.actor.id,
      tx.actor.name,
      tx.actor.device ?? null,
      tx.cause ?? null,
      JSON.stringify(event.data),
    ],
  );
  await tx.sql.run("select pg_notify('wuyang', $1)", [event.name]);
  stored.push(event);
  assert(depth.reactions < reactionDepthMax, `reactions to ${event.name} go round in a circle`);
  depth.reactions += 1;
  const inner = makeTx({ ...tx, cause: event.id }, tx.sql, everywhere, stored, depth);
  for (const reaction of reactions) await reaction(inner, event as StoredEvent & { data: object });
  depth.reactions -= 1;
  if (depth.reactions === 0) await setBounds(tx.sql, range);
}

async function writeAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.sql.run(
    `insert into audit (at, actor_id, actor_name, action, subject_type, subject_id, area_code, reason, count)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tx.now,
      tx.actor.id,
      tx.actor.name,
      entry.action,
      entry.subjectType,
      entry.subjectId,
      entry.areaCode ?? tx.actor.areaCode,
      tx.reason ?? null,
      entry.count ?? 1,
    ],
  );
}

/** Replays the stored answer of a key, or claims the key for this request. */
async function claimKey(tx: Tx, key: string, name: string, input: unknown): Promise<{ replay: unknown } | null> {
  const hash = createHash("sha256")
    .update(name)
    .update(JSON.stringify(input) ?? "")
    .digest();
  const claimed = await tx.sql.run(
    `insert into idempotency (actor_id, key, use_case, request_hash, at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [tx.actor.id, key, name, hash, tx.now],
  );
  if (claimed === 1) return null;
  const row = await tx.sql.one<{ request_hash: Buffer; response: { value?: unknown } }>(
    "select request_hash, response from idempotency where actor_id = $1 and key = $2",
    [tx.actor.id, key],
  );
  if (!row.request_hash.equals(hash)) throw new ProblemError("key.reused");
  return { replay: row.response.value };
}

function checkPermission<I>(ctx: Ctx, def: UseCaseDef<I>): void {
  if (!ctx.actor.permissions.has(def.permission))
    throw new ProblemError("auth.forbidden", { permission: def.permission });
  if (def.personal && !ctx.reason) throw new ProblemError("auth.reasonRequired");
}

/**
 * Makes a use case: permission, one transaction, jurisdiction, idempotency, the work, audit.
 * Called inside an open transaction (a drill step) it works in a savepoint of it.
 */
export function useCase<I, O>(def: UseCaseDef<I>, work: (tx: Tx, input: I) => Promise<O>): UseCase<I, O> {
  assert(!def.replica || (def.kind === "read" && !def.personal), `${def.name} writes: a replica takes no writes`);
  async function call(ctx: Ctx, input: I): Promise<O> {
    // An inner use case would change the jurisdiction of the outer one's transaction.
    assert(!("sql" in ctx), `use case ${def.name} was called inside another: call the internal operation`);
    checkPermission(ctx, def);
    const stored: StoredEvent[] = [];
    const db = def.replica ? (ctx.replica ?? ctx.db) : ctx.db;
    const range = areaRange(ctx.actor.areaCode);
    const output = await db.transaction(async (sql) => {
      const tx = makeTx(ctx, sql, range, stored, { reactions: 0 });
      if (def.area) {
        const area = await def.area(input, tx);
        if (!isWithin(area, ctx.actor.areaCode)) throw new ProblemError("auth.outsideJurisdiction");
      }
      if (ctx.key !== undefined && def.kind === "write") {
        const claimed = await claimKey(tx, ctx.key, def.name, input);
        if (claimed) return claimed.replay as O;
      }
      const result = await work(tx, input);
      if (def.kind === "write" || def.personal)
        await writeAudit(tx, { action: def.name, subjectType: "useCase", subjectId: ctx.key ?? "" });
      if (ctx.key !== undefined && def.kind === "write")
        await sql.run("update idempotency set response = $3 where actor_id = $1 and key = $2", [
          ctx.actor.id,
          ctx.key,
          JSON.stringify({ value: result }),
        ]);
      return result;
    }, boundsText(range));
    if (stored.length > 0) ctx.tap?.(stored);
    return output;
  }
  return Object.assign(call, { def });
}

/** Runs one duty as the system itself, everywhere, in its own transaction; gives what it gives. */
export async function runDuty<T>(ctx: Ctx, run: (tx: Tx) => Promise<T>): Promise<T> {
  const stored: StoredEvent[] = [];
  const output = await ctx.db.transaction(
    (sql) => run(makeTx(ctx, sql, everywhere, stored, { reactions: 0 })),
    boundsText(everywhere),
  );
  if (stored.length > 0) ctx.tap?.(stored);
  return output;
}
