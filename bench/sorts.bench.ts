import { importOfficialAreas } from "#modules/areas";
import { openResponse } from "#modules/command";
import type { Ctx } from "#platform/context";
import type { Route } from "#platform/http";
import type { Page } from "#platform/paging";
import { allPermissions, modules } from "#server/modules";
import { fillLists } from "../tests/setup/rows.ts";
import { benchVillages, benchWorld, type BenchWorld } from "./load.ts";
import { measure } from "./measure.ts";
import { onServer } from "./program.ts";

/**
 * Fills the tables behind every list that sorts (the largest with so many rows, others with fewer by nature) and measures
 * a first and a second page in each order, both ways, for a village's reader, a county's and the city's.
 * Run: node bench/sorts.bench.ts [rows] [runs] [only]
 */

const rows = Number(process.argv[2] ?? 200_000);
const runs = Number(process.argv[3] ?? 9);
const only = process.argv[4];
const pageSize = 50;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const readers = { village: benchVillages()[2_000]?.code ?? "", county: "371721", city: "3717" };
const needed: Readonly<Record<string, object>> = { listReleases: { group: "contacts" } };

interface Sorted {
  readonly route: Route;
  readonly sorts: readonly string[];
}

function sortedRoutes(): Sorted[] {
  return modules
    .flatMap((module) => module.routes)
    .flatMap((route) => {
      const query = route.query as { readonly properties?: { readonly sort?: { readonly enum?: readonly string[] } } };
      const sorts = query?.properties?.sort?.enum ?? [];
      return sorts.length > 0 && (only === undefined || route.operationId === only) ? [{ route, sorts }] : [];
    });
}

/** A reader with every permission, the server's own among them. */
function permitted(world: BenchWorld, areaCode: string): Ctx {
  const ctx = world.ctx(areaCode);
  return { ...ctx, actor: { ...ctx.actor, permissions: new Set(allPermissions(modules)) } };
}

/** Milliseconds of a first page and of the one after it. */
async function pages(world: BenchWorld, { route }: Sorted, sort: string, areaCode: string): Promise<[number, number]> {
  const ctx = { ...permitted(world, areaCode), reason: "bench" };
  const ask = async (cursor?: string): Promise<Page<object>> =>
    (await route.handler(ctx, {
      params: { id: roundId },
      query: { limit: pageSize, sort, ...needed[route.operationId], ...(cursor === undefined ? {} : { cursor }) },
      body: undefined,
    })) as Page<object>;
  const first = await measure(() => ask(), runs);
  const { next } = await ask();
  const second = next === null ? first : await measure(() => ask(next), runs);
  return [first.median, second.median];
}

let roundId = "";

async function run(url: string): Promise<void> {
  const world = await benchWorld(url, modules);
  const ctx = permitted(world, "");
  await importOfficialAreas(ctx, { code: "3717" });
  const { id } = await openResponse(ctx, {
    name: "b",
    nameEn: "b",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const { sql, release } = await world.owner.connect();
  const started = performance.now();
  await fillLists(
    sql,
    rows,
    benchVillages().map(({ code }) => code),
    id,
  );
  roundId = (await sql.one<{ id: string }>("select round_id::text as id from coverage limit 1")).id;
  await release();
  await world.analyze();
  print(`filled with ${rows} rows for the largest in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  print(
    `${"list and order".padEnd(36)}${Object.keys(readers)
      .map((who) => `${who} first/next`.padStart(22))
      .join("")} (median ms)`,
  );
  for (const sorted of sortedRoutes())
    for (const sort of sorted.sorts) {
      const cells: string[] = [];
      for (const areaCode of Object.values(readers)) {
        const [first, next] = await pages(world, sorted, sort, areaCode);
        cells.push(`${first.toFixed(1)} / ${next.toFixed(1)}`.padStart(22));
      }
      print(`${`${sorted.route.operationId} ${sort}`.padEnd(36)}${cells.join("")}`);
    }
  await world.close();
}

await onServer(run, { throwAway: true });
