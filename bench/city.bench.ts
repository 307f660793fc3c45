import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { listRooms, listSites, module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { callUp, listMembers, listPosts, listTeams, mobilisation, module as teams } from "#modules/teams";
import { benchVillages, benchWorld, boundsOf, hezeForce, loadForce, loadSites, type BenchWorld } from "./load.ts";
import { measure, once, printTable, type Line } from "./measure.ts";
import { onServer } from "./program.ts";

/**
 * Loads a whole city's force and places (306,000 members, 16,032 teams, 25,000 posts, 215 sites with 30,306 rooms, 5,000
 * fangcang beds) into a fresh embedded PostgreSQL in a temporary folder, and measures what lists take for a village's
 * reader, a county's, the city's and the country's, beside the bare indexed statement for the same page.
 * Run: node bench/city.bench.ts [runs]
 */

const runs = Number(process.argv[2] ?? 200);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const pageRows = 50;

async function lines(world: BenchWorld): Promise<Line[]> {
  const { sql, release } = await world.owner.connect();
  const table: Line[] = [];
  const readers = { village: benchVillages()[2_000]?.code ?? "", county: "371721", city: "3717", country: "" };
  const lists = {
    members: { list: listMembers, table: "team_member" },
    teams: { list: listTeams, table: "team" },
    posts: { list: listPosts, table: "team_post" },
  } as const;
  const places = [
    { what: "rooms", list: listRooms, bare: "select * from room where area_code >= $1 and area_code < $2" },
    { what: "sites", list: listSites, bare: "select * from isolation_site where area_code >= $1 and area_code < $2" },
  ] as const;
  for (const [who, areaCode] of Object.entries(readers)) {
    const ctx = world.ctx(areaCode);
    for (const [what, one] of Object.entries(lists)) {
      const bare = `select * from ${one.table} where area_code >= $1 and area_code < $2 order by area_code, code || '' limit ${pageRows}`;
      const baseline = await measure(() => sql.many(bare, boundsOf(areaCode)), runs);
      const measured = await measure(() => one.list(ctx, { limit: pageRows }), runs);
      table.push({ what, who, measured, baseline });
    }
    for (const one of places)
      table.push({
        what: one.what,
        who,
        measured: await measure(() => one.list(ctx, { limit: pageRows }), runs),
        baseline: await measure(
          () => sql.many(`${one.bare} order by area_code, id::text limit ${pageRows}`, boundsOf(areaCode)),
          runs,
        ),
      });
    const byState = `select * from team_member where state = 'calledUp' and area_code >= $1 and area_code < $2 order by area_code, code || '' limit ${pageRows}`;
    table.push({
      what: "members called up",
      who,
      measured: await measure(() => listMembers(ctx, { state: "calledUp", limit: pageRows }), runs),
      baseline: await measure(() => sql.many(byState, boundsOf(areaCode)), runs),
    });
    const scan = `select area_code, kind, state, count(*) from team_member where area_code >= $1 and area_code < $2 group by 1, 2, 3`;
    table.push({
      what: "mobilisation (vs a scan)",
      who,
      measured: await measure(() => mobilisation(ctx, {}), Math.min(runs, 50)),
      baseline: await measure(() => sql.many(scan, boundsOf(areaCode)), Math.min(runs, 50)),
    });
  }
  await release();
  return table;
}

async function run(url: string): Promise<void> {
  const world = await benchWorld(url, [areas, outbreaks, people, tasks, teams, screening, cases, isolation]);
  await openOutbreak(world.ctx(""), {
    name: "b",
    nameEn: "b",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const force = await loadForce(world.ctx(""), benchVillages(), hezeForce);
  const loads = [...force, ...(await loadSites(world.ctx(""), benchVillages()))];
  for (const { what, rows, seconds } of loads)
    print(`loaded ${rows} ${what} in ${seconds.toFixed(1)} s (${Math.round(rows / seconds)} rows/s)`);
  print(`loaded all in ${loads.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)} s`);
  await world.analyze();
  const called = await once(() => callUp(world.ctx("3717"), { areaCode: "3717", reason: "bench" }));
  print(`call-up of everybody in one command: ${(called / 1_000).toFixed(1)} s`);
  await world.analyze();
  printTable(await lines(world));
  await world.close();
}

await onServer(run, { throwAway: true });
