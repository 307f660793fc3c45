import { areaRange } from "#kernel/area";
import { prngOf } from "#kernel/prng";
import { movableClock } from "#platform/clocks";
import type { Ctx } from "#platform/context";
import { openPool, type Pool } from "#platform/db";
import { createBus } from "#platform/events";
import { migrate } from "#platform/migrate";
import type { ModuleDef } from "#platform/module";
import { secretsOf } from "#platform/secrets";
import { runDuty } from "#platform/usecase";
import { addSites } from "#modules/isolation";
import { registerMembersBulk, registerPostsBulk, registerTeamsBulk } from "#modules/teams";
import { forceOf, type ForceFigures, type ForceVillage } from "../src/modules/drill/systems/teams.force.ts";

/** The people on the line in Heze, as the account counts them. */
export const hezeForce: ForceFigures = {
  teams: { branch: 1_242, group: 3_490, service: 7_100, emergency: 2_500, task: 1_700 },
  members: 161_000,
  reportingHome: 38_000,
  volunteers: 145_000,
  posts: 25_000,
};

const counties = ["02", "03", "04", "05", "21", "22", "23", "24", "25", "26", "28"] as const;
const townsPerCounty = 19;
const villagesPerTown = 28;
const peoplePerVillage = 1_500;

/** Villages about as many as Heze has: 11 counties of 19 towns of 28 villages. */
export function benchVillages(): ForceVillage[] {
  return counties.flatMap((county) =>
    Array.from({ length: townsPerCounty * villagesPerTown }, (_, i) => ({
      code: `3717${county}${100 + Math.floor(i / villagesPerTown)}${200 + (i % villagesPerTown)}`,
      people: peoplePerVillage,
    })),
  );
}

/** How long each part of a load took. */
export interface Loaded {
  readonly what: string;
  readonly rows: number;
  readonly seconds: number;
}

/** Loads the whole force of a city through the module's own bulk operations. */
export async function loadForce(ctx: Ctx, villages: readonly ForceVillage[], figures: ForceFigures): Promise<Loaded[]> {
  const force = forceOf(villages, figures, 1);
  const loaded: Loaded[] = [];
  await runDuty(ctx, async (tx) => {
    const timed = async (what: string, work: () => Promise<{ added: number }>): Promise<void> => {
      const start = performance.now();
      const { added } = await work();
      loaded.push({ what, rows: added, seconds: (performance.now() - start) / 1_000 });
    };
    await timed("teams", () => registerTeamsBulk(tx, force.teams()));
    await timed("members", () => registerMembersBulk(tx, force.members()));
    await timed("posts", () => registerPostsBulk(tx, force.posts()));
  });
  return loaded;
}

const bedsPerWard = 20;
const hezeSites = { sites: 215, rooms: 30_306, fangcangBeds: [2_000, 2_000, 1_000] } as const;

/** Loads the quarantine sites with their rooms, each in a village, and the three phases of the fangcang hospital. */
export async function loadSites(ctx: Ctx, villages: readonly ForceVillage[]): Promise<Loaded[]> {
  const { sites, rooms, fangcangBeds } = hezeSites;
  const upTo = (i: number): number => Math.floor((rooms * i) / sites);
  const everyVillages = Math.floor(villages.length / sites);
  const codeOf = (i: number): string => villages[i * everyVillages]?.code ?? "";
  const central = Array.from({ length: sites }, (_, i) => ({
    kind: "central" as const,
    areaCode: codeOf(i),
    name: `隔离点${i + 1}`,
    rooms: { single: upTo(i + 1) - upTo(i) },
  }));
  const fangcang = fangcangBeds.map((beds, i) => ({
    kind: "fangcang" as const,
    areaCode: codeOf(i),
    name: `方舱${i + 1}期`,
    phase: i + 1,
    rooms: { ward: beds / bedsPerWard, bedsPerWard },
  }));
  const timed = async (what: string, rows: number, list: Parameters<typeof addSites>[1]["sites"]): Promise<Loaded> => {
    const start = performance.now();
    await addSites(ctx, { sites: list });
    return { what, rows, seconds: (performance.now() - start) / 1_000 };
  };
  return [
    await timed("rooms in 215 sites", rooms, central),
    await timed(
      "beds of the fangcang",
      fangcangBeds.reduce((sum, beds) => sum + beds, 0),
      fangcang,
    ),
  ];
}

/** A fresh migrated database with modules on it, as the composition root would build them. */
export interface BenchWorld {
  readonly owner: Pool;
  readonly pool: Pool;
  /** A context with every permission of the modules over an area. */
  ctx(areaCode: string): Ctx;
  /** Counts the planner's statistics anew, as autovacuum does after a load. */
  analyze(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database at `url` as its owner and as the application. */
export async function benchWorld(url: string, modules: readonly ModuleDef[], connections = 2): Promise<BenchWorld> {
  const owner = openPool(url, { size: 2 });
  await migrate(owner);
  const pool = openPool(url, { role: "wuyang_app", size: connections });
  const bus = createBus();
  for (const module of modules) module.register(bus);
  const permissions = new Set(modules.flatMap((module) => module.permissions));
  const clock = movableClock("2022-07-24T12:00:00.000Z");
  const services = { bus, secrets: secretsOf(Buffer.alloc(32, 7)) };
  // One stream for all contexts: the ids of two must not be the same.
  const prng = prngOf(1, "bench");
  return {
    owner,
    pool,
    ctx: (areaCode) => ({
      actor: { id: "bench", name: "bench", roles: [], permissions, areaCode },
      clock,
      prng,
      db: pool,
      services,
      lang: "en",
    }),
    async analyze() {
      const { sql, release } = await owner.connect();
      await sql.script("vacuum analyze");
      await release();
    },
    async close() {
      await pool.close();
      await owner.close();
    },
  };
}

/** The bounds of an area, for the raw statement that a list is compared with. */
export function boundsOf(areaCode: string): readonly [string, string] {
  const { lo, hi } = areaRange(areaCode);
  return [lo, hi];
}
