import { areaRange } from "#kernel/area";
import { prngOf } from "#kernel/prng";
import { uuidv7 } from "#kernel/ids";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import { movableClock } from "#platform/clocks";
import type { Ctx, Services } from "#platform/context";
import { nested, type Pool } from "#platform/db";
import { runDueDuties } from "#platform/ticks";
import { runDuty } from "#platform/usecase";
import { commandActor } from "./actors/command.actor.ts";
import { doorActor } from "./actors/door.actor.ts";
import { feedbackActor } from "./actors/feedback.actor.ts";
import { teamsActor } from "./actors/teams.actor.ts";
import { medicalActor } from "./actors/medical.actor.ts";
import { samplingActor } from "./actors/sampling.actor.ts";
import { tracingActor } from "./actors/tracing.actor.ts";
import { transportActor } from "./actors/transport.actor.ts";
import { tubesActor } from "./actors/tubes.actor.ts";
import type { DrillSummary } from "./drill.model.ts";
import type { ActorOf, DrillActor, Hand } from "./hand.ts";
import { drillReport } from "./report.html.ts";
import { findOrCreateRun, finishRun, loadState, markSetup } from "./run.store.ts";
import { runSteps } from "./runner.service.ts";
import { readPlaces, setupParts } from "./setup.service.ts";
import { summarise } from "./summary.service.ts";
import { buildWorld, type DrillWorld } from "./world.service.ts";

/** How far a drill has come. */
export interface DrillProgress {
  readonly step: string;
  readonly minute: number;
  readonly now: string;
  readonly infections: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface DrillOutcome {
  readonly summary: DrillSummary;
  /** The whole drill as one printable page. */
  readonly report: string;
}

export interface DrillRequest {
  readonly pool: Pool;
  readonly services: Services;
  readonly actorOf: ActorOf;
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  readonly speed: number | null;
  readonly onProgress: (progress: DrillProgress) => void;
  readonly signal: AbortSignal;
  /** Keeps the database's plans fit for tables that grow fast; done by the owner, between steps. */
  readonly refreshStatistics: () => Promise<unknown>;
}

const dutyEveryMin = 30;
/** A drill that has not come to its all-clear by then has failed. */
const dayMax = 90;
const minutesPerDay = 1_440;
const afterAllClearMin = 60;

/** The system's own repeating duties, at the drill's pace. */
const dutiesActor: DrillActor = {
  name: "duties",
  items: {
    "duties.run": async (hand, item) => {
      hand.after(dutyEveryMin, "duties.run", `${hand.minute + dutyEveryMin}`);
      await runDueDuties(hand.ctx("system", "", `duties ${item.key}`));
    },
  },
  begin: (hand) => hand.at(hand.minute + dutyEveryMin, "duties.run", `${hand.minute + dutyEveryMin}`),
};

/** Who acts in every drill; feedback first, so that controls hold before anybody else hears of an event. */
const loopActors: readonly DrillActor[] = [
  feedbackActor,
  samplingActor,
  tubesActor,
  doorActor,
  medicalActor,
  tracingActor,
  transportActor,
  commandActor,
  dutiesActor,
];

/** The loop's actors, then those of the systems the scenario plays; their tasks are not ticked off by others. */
function actorsOf({ systems }: DrillWorld): DrillActor[] {
  const ownTasks = systems.flatMap(({ system }) => system.ownTasks);
  return [...loopActors, teamsActor(ownTasks), ...systems.map(({ system, section }) => system.actor(section))];
}

/** Sets the city up part by part; what a killed start had finished is not done again. */
async function setUp(request: DrillRequest, world: DrillWorld, runId: string, done: number): Promise<void> {
  const parts = setupParts(world);
  for (const [i, part] of parts.entries()) {
    if (i < done) continue;
    request.onProgress({
      step: part.name,
      minute: 0,
      now: world.dayZero,
      infections: 0,
      counts: { part: i, parts: parts.length },
    });
    // A part and the mark that it is done are one transaction: a kill between them would do it twice.
    await request.pool.transaction(async (sql) => {
      await part.run({ ...systemCtx(request, world, `setup ${i}`), db: nested(sql) }, world);
      await markSetup(sql, runId, i + 1);
    });
    if (request.signal.aborted) return;
  }
  if (done < parts.length) await request.refreshStatistics();
}

function systemCtx(request: DrillRequest, world: DrillWorld, command: string): Ctx {
  return {
    actor: request.actorOf("system", ""),
    clock: movableClock(world.dayZero),
    prng: prngOf(world.seed, command),
    db: request.pool,
    services: request.services,
    lang: "zh-CN",
  };
}

/** Over an hour after the all-clear, so that the last events are told; or when the last day has come. */
async function isOver(hand: Hand): Promise<boolean> {
  if (hand.minute >= dayMax * minutesPerDay) return true;
  const outbreak = await hand.system(`isOver ${hand.minute}`, findCurrentOutbreak);
  return (
    outbreak !== undefined &&
    outbreak.allClearAt !== null &&
    hand.minuteOf(outbreak.allClearAt) + afterAllClearMin <= hand.minute
  );
}

/**
 * Runs a drill to its end on its own database: sets the city up, plays it, audits it and writes the summary.
 * Called again after a kill it goes on; null when it was asked to stop. A finished drill gives its outcome again.
 */
export async function runDrill(request: DrillRequest): Promise<DrillOutcome | null> {
  const { pool, scenario, seed, scale } = request;
  const world = await buildWorld(scenario, seed, scale);
  const id = uuidv7(world.dayZero, prngOf(seed, "run"));
  const run = await pool.transaction((sql) =>
    findOrCreateRun(sql, { scenario, seed, scale }, { id, protocol: world.protocol.id, now: world.dayZero, minute: 0 }),
  );
  await setUp(request, world, run.id, run.setupDone);
  if (request.signal.aborted) return null;
  const ctx = systemCtx(request, world, "places");
  const places = await readPlaces(ctx, world);
  const { id: outbreakId } = await runDuty(ctx, currentOutbreak);
  if (run.finishedAt === null)
    await runSteps({
      pool,
      services: request.services,
      actorOf: request.actorOf,
      world,
      actors: actorsOf(world),
      places,
      runId: run.id,
      outbreakId,
      speed: request.speed,
      onProgress: (progress) => request.onProgress({ step: "playing", ...progress }),
      signal: request.signal,
      refreshStatistics: request.refreshStatistics,
      isOver,
    });
  if (request.signal.aborted) return null;
  return outcomeOf(request, world, run.id);
}

async function outcomeOf(request: DrillRequest, world: DrillWorld, runId: string): Promise<DrillOutcome> {
  const saved = await request.pool.transaction((sql) => loadState(sql, runId));
  if (saved) world.engine.restore(saved.engine);
  const end = movableClock(world.instantAt(world.engine.now));
  const ctx: Ctx = { ...systemCtx(request, world, "outcome"), clock: end };
  const county = areaRange(world.scenario.firstPositive.areaCode.slice(0, 6));
  const summary = await summarise(ctx, request.pool, world, saved?.memory.counts ?? {}, county);
  await request.pool.transaction((sql) => finishRun(sql, runId, end.now(), summary));
  const report = await runDuty(ctx, (tx) => drillReport(tx, summary, world));
  return { summary, report };
}
