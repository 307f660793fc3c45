import { everywhere, type AreaRange } from "#kernel/area";
import { assert } from "#kernel/assert";
import { getClocks, getCurve } from "#modules/command";
import { outbreakById, listOutbreaks } from "#modules/outbreaks";
import { figuresReconcile } from "#modules/reports";
import { listRounds } from "#modules/screening";
import type { Ctx } from "#platform/context";
import type { Pool } from "#platform/db";
import { setBounds } from "#platform/fence";
import { runDuty } from "#platform/usecase";
import { outcomeDigest } from "./auditor/digest.store.ts";
import { checkInvariants } from "./auditor/invariants.store.ts";
import type { DayFigure, DrillSummary, RoundFigure, SystemFigure } from "./drill.model.ts";
import type { DrillWorld } from "./world.service.ts";

const pageMax = 200;

async function roundsOf(ctx: Ctx): Promise<RoundFigure[]> {
  const rounds: RoundFigure[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRounds>> = await listRounds(ctx, {
      kind: "area",
      limit: pageMax,
      ...(cursor ? { cursor } : {}),
    });
    for (const round of page.items)
      rounds.push({
        no: round.no,
        areaCode: round.areaCode,
        openedAt: round.openedAt,
        closedAt: round.closedAt,
        due: round.due,
        sampled: round.sampled,
        positives: round.communityPositives,
      });
    cursor = page.next;
  } while (cursor !== null);
  return rounds.toSorted((a, b) => (a.openedAt + a.areaCode < b.openedAt + b.areaCode ? -1 : 1));
}

/** Each system's own counts, asked as the system itself, everywhere. */
async function systemsOf(ctx: Ctx, world: DrillWorld): Promise<Record<string, SystemFigure>> {
  const found: Record<string, SystemFigure> = {};
  for (const { system } of world.systems) found[system.name] = await runDuty(ctx, system.tally);
  return found;
}

function peakOf(days: readonly DayFigure[]): DrillSummary["peak"] {
  const found = days.filter((day) => day.confirmed + day.asymptomatic > 0);
  const most = found.toSorted(
    (a, b) => b.confirmed + b.asymptomatic - (a.confirmed + a.asymptomatic) || (a.date < b.date ? -1 : 1),
  )[0];
  return most ? { date: most.date, new: most.confirmed + most.asymptomatic } : null;
}

/** Infections before the first positive was found: what no response could have prevented. */
function infectedBefore(world: DrillWorld, firstPositive: string | null): number {
  if (firstPositive === null) return world.engine.infectionCount;
  return world.engine.truth().filter((infection) => world.instantAt(infection.minute) < firstPositive).length;
}

/** Counts, clocks, rounds, invariants and the digest of a drill as it stands; nothing is tuned to look like what happened. */
export async function summarise(
  ctx: Ctx,
  pool: Pool,
  world: DrillWorld,
  counts: Readonly<Record<string, number>>,
  county: AreaRange,
): Promise<DrillSummary> {
  const [card] = (await listOutbreaks(ctx, { limit: 1 })).items;
  assert(card, "a drill has its outbreak");
  const outbreak = await runDuty(ctx, (tx) => outbreakById(tx, card.id));
  const curve = await getCurve(ctx, {});
  const days = curve.map((day): DayFigure => ({
    date: day.day,
    confirmed: day.byReport.confirmed,
    asymptomatic: day.byReport.asymptomatic,
    real: day.real ? day.real.confirmed + day.real.asymptomatic : null,
  }));
  const clocks = await getClocks(ctx, {});
  const now = ctx.clock.now();
  const invariants = await pool.transaction((sql) => checkInvariants(sql, now, county));
  // The frozen figures add up among themselves above; here they are held against the ledger and the records.
  await runDuty(ctx, async (tx) => {
    const { checked, broken } = await figuresReconcile(tx);
    invariants.I7 = { checked: invariants.I7.checked + checked, broken: invariants.I7.broken + broken.length };
  });
  const digest = await pool.transaction(async (sql) => {
    await setBounds(sql, everywhere);
    return outcomeDigest(sql, world.engine.digest());
  });
  return {
    scenario: world.scenario.id,
    seed: world.seed,
    scale: world.scale,
    protocol: `${outbreak.protocolId} ${outbreak.protocolVersion}`,
    people: world.city.personCount,
    firstPositive: outbreak.firstPositiveAt,
    communityZero: outbreak.communityZeroAt,
    allClear: outbreak.allClearAt,
    peak: peakOf(days),
    total: {
      confirmed: days.reduce((sum, day) => sum + day.confirmed, 0),
      asymptomatic: days.reduce((sum, day) => sum + day.asymptomatic, 0),
    },
    clocks: Object.fromEntries(
      clocks.map(({ arrow, n, medianMin, p90Min, inTimeShare }) => [arrow, { n, medianMin, p90Min, inTimeShare }]),
    ),
    invariants,
    systems: await systemsOf(ctx, world),
    rounds: await roundsOf(ctx),
    days,
    counts,
    truth: {
      infections: world.engine.infectionCount,
      beforeFirstPositive: infectedBefore(world, outbreak.firstPositiveAt),
    },
    digest,
  };
}
