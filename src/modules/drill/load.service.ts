import { areaRange } from "#kernel/area";
import { assert } from "#kernel/assert";
import { prngOf } from "#kernel/prng";
import { epochMs, type Clock, type Instant } from "#kernel/time";
import { movableClock } from "#platform/clocks";
import type { Ctx, Services } from "#platform/context";
import { nested, type Pool, type Sql } from "#platform/db";
import { setBounds } from "#platform/fence";
import { takeIndexes } from "#platform/indexes";
import { loadDigest } from "./auditor/load-digest.store.ts";
import type { ActorOf } from "./hand.ts";
import { chunkOf, indexedLater, loadChunks, planOf, type LoadChunk } from "./load.chunks.service.ts";
import type { LoadOrder, LoadReport } from "./load.model.ts";
import {
  claimChunk,
  databaseBytes,
  doneChunks,
  findLoad,
  insertLoad,
  isInUse,
  markChunk,
  markFinished,
  phaseSums,
  tableSizes,
  type StoredLoad,
} from "./load.store.ts";
import { buildLoadWorld, type LoadWorld } from "./load.world.service.ts";
import { setDrillClock } from "./run.store.ts";

/** What a load works with. */
export interface LoadSurroundings {
  readonly pool: Pool;
  readonly owner: Pool;
  readonly services: Services;
  readonly actorOf: ActorOf;
  /** The machine's own clock, for how long things take. */
  readonly wall: Clock;
}

/** A load that was begun, with all of its chunks. */
export interface OpenLoad {
  readonly world: LoadWorld;
  readonly chunks: readonly LoadChunk[];
}

function sameOrder(a: LoadOrder, b: LoadOrder): boolean {
  return (Object.keys(a) as (keyof LoadOrder)[]).every((key) => a[key] === b[key]);
}

/** An order as people write it. */
export function orderText(order: LoadOrder): string {
  const { scenario, seed, scale, days, until, visits, cases, contacts, tasks } = order;
  return `${scenario}, seed ${seed}, scale ${scale}, ${days} days of ${visits} visits a person until ${until}, ${cases} cases, ${contacts} contacts, ${tasks} tasks`;
}

/** Says whether the database is one that a load may write to: an empty one, or one that an earlier load began. spec: DRILL-12 */
export async function loadOf(sql: Sql): Promise<StoredLoad | "empty"> {
  const found = await findLoad(sql);
  if (found) return found;
  if (await isInUse(sql))
    throw new Error("This database holds something else than a synthetic city; no invented people go into it.");
  return "empty";
}

function refuseOther(found: StoredLoad, order: LoadOrder): void {
  if (!sameOrder(found.order, order))
    throw new Error(`This database holds another city (${orderText(found.order)}); --fresh begins anew.`);
}

/** How far the order's load has come in this database, before its city is built; throws where it may not be loaded. */
export async function standOf(
  order: LoadOrder,
  { owner }: LoadSurroundings,
): Promise<{ readonly finished: LoadReport | null; readonly bytes: number }> {
  return owner.transaction(async (sql) => {
    const found = await loadOf(sql);
    if (found !== "empty") refuseOther(found, order);
    return { finished: found === "empty" ? null : found.report, bytes: await databaseBytes(sql) };
  });
}

/** Begins the load of an order in a migrated database, or takes up the one that was begun. */
export async function openLoad(order: LoadOrder, { owner, wall }: LoadSurroundings): Promise<OpenLoad> {
  const world = await buildLoadWorld(order);
  const stored = await owner.transaction(async (sql) => {
    const found = await loadOf(sql);
    if (found !== "empty") return found;
    // In the transaction that begins the load, so that no kill can lose what the indexes were.
    const indexes = await takeIndexes(sql, indexedLater);
    const plan = planOf(world, loadChunks(world, indexes));
    await insertLoad(sql, { order, plan, indexes, now: wall.now() });
    return { order, plan, indexes, finishedAt: null, report: null };
  });
  refuseOther(stored, order);
  const chunks = loadChunks(world, stored.indexes);
  if (planOf(world, chunks) !== stored.plan)
    throw new Error("This load was begun by another version of the program; --fresh begins anew.");
  return { world, chunks };
}

/** The chunks a thread works on, without asking the database whether it may. */
export async function joinLoad(
  { order, areas }: Pick<LoadWorld, "order" | "areas">,
  { owner }: LoadSurroundings,
): Promise<OpenLoad> {
  const world = await buildLoadWorld(order, areas);
  const stored = await owner.transaction(findLoad);
  assert(stored, "the load was begun before its threads");
  return { world, chunks: loadChunks(world, stored.indexes) };
}

/** Which chunks are done already. */
export async function chunksDone({ owner }: LoadSurroundings): Promise<Map<number, number>> {
  return owner.transaction(doneChunks);
}

function ctxOf({ services, actorOf }: LoadSurroundings, world: LoadWorld, chunk: LoadChunk, no: number, sql: Sql): Ctx {
  return {
    actor: actorOf("system", ""),
    clock: movableClock(chunk.at === "opening" ? world.opening : world.end),
    // Keyed by the chunk, so that ids are the same whoever does it and whenever.
    prng: prngOf(world.seed, `load ${no}`),
    db: nested(sql),
    services,
    lang: "zh-CN",
  };
}

/** Does one chunk and marks it as done, in one transaction; returns how many rows it added. spec: DRILL-13 */
export async function runChunk(load: OpenLoad, around: LoadSurroundings, no: number): Promise<number> {
  const chunk = chunkOf(load.chunks, no);
  return (chunk.as === "owner" ? around.owner : around.pool).transaction(async (sql) => {
    // A crash of the machine may lose the last chunks, mark and all; no chunk need wait for the disk.
    await setBounds(sql, areaRange(""), "set local synchronous_commit = off");
    await claimChunk(sql, no, chunk.phase);
    const began = epochMs(around.wall.now());
    const rows = await chunk.run({ ctx: ctxOf(around, load.world, chunk, no, sql), sql });
    await markChunk(sql, no, rows, (epochMs(around.wall.now()) - began) / 1_000);
    return rows;
  });
}

/** Sets the city's clock, tidies the tables for reading and counts what is there. Done again after a kill. */
export async function finishLoad(load: OpenLoad, { owner, wall }: LoadSurroundings): Promise<LoadReport> {
  const { world } = load;
  const { sql, release } = await owner.connect();
  const { lo, hi } = areaRange("");
  try {
    await sql.run("select set_config('wuyang.lo', $1, false), set_config('wuyang.hi', $2, false)", [lo, hi]);
    // A first reader would otherwise write what the load left to be written, and wait for it.
    await sql.script("vacuum (analyze)");
    const { digest, counts } = await loadDigest(sql);
    const rowsOf = (name: string): number => counts.find((count) => count.name === name)?.rows ?? 0;
    const phases = await phaseSums(sql);
    const report: LoadReport = {
      order: world.order,
      people: rowsOf("person"),
      households: rowsOf("household"),
      visits: phases.filter(({ phase }) => /^visits \S+$/.test(phase)).reduce((sum, { rows }) => sum + rows, 0),
      phases,
      tables: (await tableSizes(sql)).map(({ name, bytes }) => ({ name, rows: rowsOf(name), bytes })),
      databaseBytes: await databaseBytes(sql),
      digest,
    };
    await owner.transaction(async (tx) => {
      await setDrillClock(tx, world.end);
      await markFinished(tx, wall.now(), report);
    });
    return report;
  } finally {
    await release();
  }
}

/** When the loaded city of a database stands, if it holds one that is finished. */
export async function loadedCity(
  sql: Sql,
): Promise<{ readonly order: LoadOrder; readonly finishedAt: Instant } | null> {
  const found = await findLoad(sql);
  if (!found) return null;
  if (found.finishedAt === null)
    throw new Error(`The city of this database is not loaded to its end (${orderText(found.order)}).`);
  return { order: found.order, finishedAt: found.finishedAt };
}
