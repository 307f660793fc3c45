import { setTimeout as sleep } from "node:timers/promises";
import { assert, need } from "#kernel/assert";
import { prngOf } from "#kernel/prng";
import { addMinutes, dayOf, instantAt, minutesBetween, wallClock as wallClockOf, type Instant } from "#kernel/time";
import { movableClock } from "#platform/clocks";
import type { Ctx, Services, Tx } from "#platform/context";
import { nested, type Pool, type Sql } from "#platform/db";
import type { StoredEvent } from "#platform/events";
import { useCase } from "#platform/usecase";
import { chanceDraw, lognormalDraw } from "#sim/draws";
import type { ActorOf, DrillActor, DrillMemory, Hand, Places } from "./hand.ts";
import { createQueue, type DrillItem, type DrillQueue } from "./queue.rules.ts";
import { loadState, saveState, type SavedState } from "./run.store.ts";
import type { DrillWorld } from "./world.service.ts";

/** How far a drill has come, for a progress bar or a page. */
export interface DrillProgress {
  readonly minute: number;
  readonly now: Instant;
  readonly infections: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunnerOptions {
  readonly pool: Pool;
  readonly services: Services;
  readonly actorOf: ActorOf;
  readonly world: DrillWorld;
  readonly places: Places;
  readonly actors: readonly DrillActor[];
  readonly runId: string;
  readonly outbreakId: string;
  /** Virtual minutes a real second shows; null runs as fast as it can. */
  readonly speed: number | null;
  readonly onProgress: (progress: DrillProgress) => void;
  readonly signal: AbortSignal;
  readonly refreshStatistics: () => Promise<unknown>;
  /** True when the drill is over (the all-clear, or the last day). */
  readonly isOver: (hand: Hand) => Promise<boolean>;
}

const stepMinutesFast = 60;
const statisticsEveryMin = 180;
const itemsPerStepMax = 500_000;
const emptyMemory: DrillMemory = {
  firstPositiveMinute: null,
  rounds: {},
  labFreeAt: {},
  counts: {},
  waiting: {},
  lockedCounties: [],
  confinedFrom: {},
  zoneLevels: {},
  systems: {},
};

/** Runs an internal operation as the system; the drill's actors read with it what they would see on their screens. */
const asSystem = useCase(
  { name: "drill.system", permission: "drill.run.read", kind: "read" },
  (tx, run: (tx: Tx) => Promise<unknown>) => run(tx),
);

interface Runner {
  readonly hand: Hand;
  /** Handles what is due up to and including the minute, in one transaction that is already open. */
  step(until: number): Promise<void>;
  saved(): SavedState;
}

/** Puts the queue, the epidemic and the actors together over one open connection. */
function createRunner(options: RunnerOptions, sql: Sql, saved: SavedState | null): Runner {
  const { world, actors } = options;
  const { engine, scenario } = world;
  const memory: DrillMemory = saved?.memory ?? structuredClone(emptyMemory);
  const queue: DrillQueue = createQueue(saved?.items ?? []);
  if (saved) engine.restore(saved.engine);
  const db = nested(sql);
  const clock = movableClock(world.instantAt(engine.now));
  const heard: StoredEvent[] = [];
  let minute = engine.now;

  function ctx(role: string, areaCode: string, command: string, extra: { key?: string; reason?: string } = {}): Ctx {
    const prng = prngOf(world.seed, `${minute} ${command}`);
    return {
      actor: options.actorOf(role, areaCode),
      clock,
      prng,
      db,
      services: options.services,
      lang: "zh-CN",
      tap: (events) => heard.push(...events),
      ...extra,
    };
  }

  const hand: Hand = {
    seed: world.seed,
    scale: world.scale,
    scenario,
    protocol: world.protocol,
    outbreakId: options.outbreakId,
    city: world.city,
    engine,
    places: options.places,
    memory,
    get minute() {
      return minute;
    },
    get now() {
      return clock.now();
    },
    ctx,
    system: async <T>(command: string, run: (tx: Tx) => Promise<T>) =>
      (await asSystem(ctx("system", "", command), run)) as T,
    after: (delayMin, kind, key, data = null) =>
      queue.push({ minute: minute + Math.max(1, Math.round(delayMin)), kind, key, data }),
    at(when, kind, key, data = null) {
      assert(when >= minute, `${kind} was put into the past`);
      queue.push({ minute: Math.round(when), kind, key, data });
    },
    delay: (delay, purpose, key) =>
      Math.max(1, Math.round(lognormalDraw(world.seed, purpose, key, delay.medianMin, delay.p90Min))),
    chance: (probability, purpose, key) => chanceDraw(world.seed, purpose, key, probability),
    count(name, by = 1) {
      memory.counts[name] = (memory.counts[name] ?? 0) + by;
    },
    instantAt: world.instantAt,
    minuteOf: (at) => Math.round(minutesBetween(world.dayZero, at)),
    dayAt: (when) => dayOf(world.instantAt(when), scenario.timeZone),
    nextClock(time) {
      const today = hand.clockMinute(time);
      return today > minute ? today : hand.clockMinute(time, 1);
    },
    clockMinute(time, days = 0) {
      const [hours, minutes] = time.split(":").map(Number) as [number, number];
      return (Math.floor(minute / 1440) + days) * 1440 + hours * 60 + minutes;
    },
  };

  const handlers = new Map(actors.flatMap((actor) => Object.entries(actor.items)));

  /** Lets every actor hear the events of the call that is just over. */
  function hear(): void {
    for (const event of heard.splice(0)) for (const actor of actors) actor.events?.[event.name]?.(hand, event);
  }

  function moveTo(next: number): void {
    minute = next;
    clock.set(world.instantAt(next));
    for (const event of engine.advanceTo(next)) for (const actor of actors) actor.sim?.(hand, event);
  }

  async function step(until: number): Promise<void> {
    for (let handled = 0; ; handled++) {
      assert(handled < itemsPerStepMax, "the drill does not come to an end of its step");
      const item = queue.peek();
      const next = Math.min(item?.minute ?? Infinity, engine.nextEventMinute());
      if (next > until) break;
      moveTo(Math.max(next, minute));
      // The epidemic's own events of this minute may have put something earlier in order into the queue.
      const due = queue.peek();
      if (!due || due.minute > minute) continue;
      queue.pop();
      await need(handlers.get(due.kind), `no actor does ${due.kind}`)(hand, due);
      hear();
    }
    moveTo(until);
  }

  if (!saved) {
    for (const actor of actors) actor.begin?.(hand);
  }
  return { hand, step, saved: () => ({ memory, items: queue.items() as DrillItem[], engine: engine.snapshot() }) };
}

/** Waits until the wall clock has caught up with the drill's pace. */
async function keepPace(speed: number, startedMs: number, virtualMinutes: number, signal: AbortSignal): Promise<void> {
  const aheadMs = startedMs + (virtualMinutes / speed) * 1_000 - performance.now();
  if (aheadMs > 0) await sleep(aheadMs, undefined, { signal }).catch(() => undefined);
}

/**
 * Runs the drill to its end. Each step is one transaction that holds both the work and the memory, so a
 * kill at any moment loses at most one step, and the next start goes on to the same digest.
 */
export async function runSteps(options: RunnerOptions): Promise<void> {
  const { sql, release } = await options.pool.connect();
  try {
    // A drill runs a few hundred statements hundreds of thousands of times, always over the whole city: planning
    // each anew under row-level security would take as long as running it.
    await sql.script("set plan_cache_mode = force_generic_plan");
    const saved = await loadState(sql, options.runId);
    const runner = createRunner(options, sql, saved);
    // Nothing can be seen before the first positive, so the pace holds from there.
    let pace: { readonly fromMinute: number; readonly fromMs: number } | null = null;
    while (!options.signal.aborted) {
      await sql.script("begin");
      const slow = options.speed !== null && runner.hand.memory.firstPositiveMinute !== null;
      const stepMinutes = slow ? Math.max(1, Math.round(options.speed ?? 1)) : stepMinutesFast;
      const until = runner.hand.minute + stepMinutes;
      await runner.step(until);
      const over = await options.isOver(runner.hand);
      await saveState(sql, options.runId, until, options.world.instantAt(until), runner.saved());
      await sql.script("commit");
      const { hand } = runner;
      options.onProgress({
        minute: until,
        now: hand.now,
        infections: hand.engine.infectionCount,
        counts: hand.memory.counts,
      });
      if (over) return;
      if (Math.floor(until / statisticsEveryMin) > Math.floor((until - stepMinutes) / statisticsEveryMin))
        await options.refreshStatistics();
      if (slow && options.speed !== null) {
        pace ??= { fromMinute: until, fromMs: performance.now() };
        await keepPace(options.speed, pace.fromMs, until - pace.fromMinute, options.signal);
      }
    }
  } finally {
    await release();
  }
}

/** The instant of minute 0: local midnight of the drill's first day. */
export function dayZeroOf(day: string, timeZone: string): Instant {
  return instantAt(day, "00:00", timeZone);
}

/** The instant of a minute; drills run in zones without a change of offset inside the drill. */
export function instantOfMinute(dayZero: Instant, minute: number): Instant {
  return addMinutes(dayZero, minute);
}

/** The wall clock of the drill's zone, for logs of progress. */
export function shownTime(now: Instant, timeZone: string): string {
  const { day, time } = wallClockOf(now, timeZone);
  return `${day} ${time}`;
}
