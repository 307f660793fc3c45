import { writeFileSync } from "node:fs";
import { openOutbreak } from "#modules/outbreaks";
import {
  compareArrivals,
  listEntries,
  listReview,
  listSources,
  openRegister,
  registerPeople,
  takeLinkage,
  workRun,
  type NewEntry,
} from "#modules/people";
import { runDuty } from "#platform/usecase";
import { modules } from "#server/modules";
import { cpuMeter, cpuText, type Cpu } from "./cpu.ts";
import { benchVillages, benchWorld, type BenchWorld } from "./load.ts";
import { measure, seconds } from "./measure.ts";
import { entryOf, personOf, registerCity, registerKinds, rowsOf, type RegisterCity } from "./register.city.ts";
import { lineOf, rowOf, runText, type Row } from "./report.ts";
import { entriesOf, loadAreas, loadPeople, takeRows } from "./register.load.ts";
import { onServer, option } from "./program.ts";

/**
 * Links three registers of a city (together about twice as many rows as it has people) with its people, beside the bare join
 * by identity number of the same rows, and tells what was right by the generator's own knowledge.
 * Run: node bench/register.bench.ts [--people 500000] [--json FILE]
 */

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const peoplePerVillage = 1_500;
const dayRows = 20_000;
const newPeople = 2_000;
const listRuns = 100;

function row(...figure: Parameters<typeof rowOf>): Row {
  const made = rowOf(...figure);
  print(lineOf(made));
  return made;
}

/** The bare join of the same registers by the hash of the identity number: nothing is compared, scored or stored. */
async function bareJoin(world: BenchWorld): Promise<number> {
  const { sql, release } = await world.owner.connect();
  const took = await seconds(() =>
    sql.many("select count(*) from person_entry e join person p on p.id_hash = e.id_hash"),
  );
  await release();
  return took;
}

async function link(world: BenchWorld, code: string, meter: () => Cpu): Promise<void> {
  const ctx = world.ctx("");
  const { no, total } = await takeLinkage(ctx, { code });
  let said = performance.now();
  const took = await seconds(async () => {
    await workRun(ctx, no, {
      onProgress({ done, perSecond, secondsLeft }) {
        if (performance.now() - said < 10_000) return;
        said = performance.now();
        print(
          `    ${code} ${((100 * done) / total).toFixed(0)} %, ${Math.round(perSecond ?? 0)}/s, ${Math.round(secondsLeft ?? 0)} s left`,
        );
      },
    });
  });
  print(`  ${code}: ${total} entries in ${took.toFixed(1)} s, ${Math.round(total / took)}/s; ${cpuText(meter())}`);
}

export interface Truth {
  readonly how: string;
  readonly entries: number;
  readonly right: number;
}

/** Links and reviews by how they came about, and in how many the true person is the one linked, or among those shown. */
export async function judged(world: Pick<BenchWorld, "owner">): Promise<Truth[]> {
  const { sql, release } = await world.owner.connect();
  const rows = await sql.many<Truth>(
    `with truth as (select no, split_part(ref, '-', 1)::bigint as person from person_entry)
     select l.how, count(*)::int as entries, (count(*) filter (where l.person_id = t.person))::int as right
     from person_link l join truth t on t.no = l.entry_no where l.undone_at is null group by l.how
     union all
     select case when o.state = 'review' then 'review' when t.person = 0 then 'unmatched, of nobody' else 'unmatched, of somebody' end,
       count(*)::int, (count(*) filter (where exists (select 1 from person_candidate c where c.entry_no = o.entry_no and c.person_id = t.person)
         or (t.person = 0 and o.state = 'new')))::int
     from person_open o join truth t on t.no = o.entry_no group by 1 order by 1`,
  );
  await release();
  return rows;
}

/** Rows that bear the number of somebody else at home, and how many of them were linked to the owner of the number. */
export async function copiedNumbers(
  world: Pick<BenchWorld, "owner">,
): Promise<{ readonly rows: number; readonly linked: number }> {
  const { sql, release } = await world.owner.connect();
  const found = await sql.one<{ rows: number; linked: number }>(
    `select count(*)::int as rows, count(l.entry_no)::int as linked
     from person_entry e join person p on p.id_hash = e.id_hash and p.id <> split_part(e.ref, '-', 1)::bigint
     left join person_link l on l.entry_no = e.no and l.undone_at is null and l.how = 'exactId'`,
  );
  await release();
  return found;
}

/** A day later: new rows of a register, and people who register at last. */
async function increment(world: BenchWorld, city: RegisterCity): Promise<Row[]> {
  const kind = registerKinds[1];
  if (!kind) return [];
  const from = rowsOf(city, kind);
  await takeRows(world, entriesOf(city, kind, from, from + dayRows));
  const run = await takeLinkage(world.ctx(""), { code: kind.code });
  const took = await seconds(() => workRun(world.ctx(""), run.no));
  // Strangers of the first register come to live here: each is whom an entry waited for.
  const people: Omit<NewEntry, "register">[] = [];
  for (let i = 0; people.length < newPeople && i < from; i++) {
    const { register: _from, ...entry } = entryOf(city, kind, i);
    if (!entry.ref.startsWith("0-") || entry.idNumber === undefined) continue;
    people.push({ ...entry, ref: `N${i}` });
  }
  await runDuty(world.ctx(""), (tx) => registerPeople(tx, { register: "LATE", people }));
  const before = await linkedCount(world);
  const compared = await seconds(() => runDuty(world.ctx(""), compareArrivals));
  const found = (await linkedCount(world)) - before;
  print(`  of ${people.length} people who registered later ${found} entries were linked in ${compared.toFixed(1)} s`);
  return [
    row("register.link.increment", run.total / took, "entries/s"),
    row("register.arrivals", people.length / compared, "people/s"),
  ];
}

async function linkedCount(world: BenchWorld): Promise<number> {
  const { items } = await listSources(world.ctx(""), {});
  return items.reduce((sum, { linked }) => sum + linked, 0);
}

/** What a village's, a county's and the city's reader wait for. */
async function lists(world: BenchWorld, city: RegisterCity): Promise<Row[]> {
  const village = city.villages[Math.floor(city.villages.length / 2)] ?? "";
  const rows: Row[] = [];
  for (const [who, areaCode] of [
    ["village", village],
    ["county", village.slice(0, 6)],
    ["city", "3717"],
  ] as const) {
    const ctx = { ...world.ctx(areaCode), reason: "bench" };
    const asked = {
      entries: () => listEntries(ctx, { limit: 50 }),
      "entries.new": () => listEntries(ctx, { limit: 50, state: "new" }),
      "entries.linked": () => listEntries(ctx, { limit: 50, state: "linked" }),
      review: () => listReview(ctx, { limit: 20 }),
      sources: () => listSources(ctx, { limit: 50 }),
    };
    for (const [what, list] of Object.entries(asked))
      rows.push(row(`register.${what}.${who}.p95`, (await measure(list, listRuns)).p95, "ms"));
  }
  return rows;
}

/** Loads a city with three registers, links them, and measures what follows. */
export async function registerLink(world: BenchWorld, people: number): Promise<Row[]> {
  const villages = benchVillages()
    .slice(0, Math.max(1, Math.ceil(people / peoplePerVillage)))
    .map(({ code }) => code);
  const city = registerCity(1, people, villages);
  await loadAreas(world, villages);
  await openOutbreak(world.ctx(""), {
    name: "b",
    nameEn: "b",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  print(
    `  ${people} people in ${city.households} households, such as ${personOf(city, 0).name}, loaded in ${(await seconds(() => loadPeople(world, city))).toFixed(0)} s`,
  );
  const rows: Row[] = [];
  let taken = 0;
  let takenS = 0;
  const meter = await cpuMeter(world);
  for (const kind of registerKinds) {
    await openRegister(world.ctx(""), { code: kind.code, kind: kind.kind, owner: kind.code, areaCode: "3717" });
    const took = await takeRows(world, entriesOf(city, kind));
    taken += took.rows;
    takenS += took.seconds;
  }
  rows.push(row("register.take", taken / takenS, "rows/s"));
  print(`  ${cpuText(meter())}, the making of the rows included`);
  await world.analyze();
  meter();
  const bare = await bareJoin(world);
  print(`  bare join; ${cpuText(meter())}`);
  const linkS = await seconds(async () => {
    for (const { code } of registerKinds) await link(world, code, meter);
  });
  rows.push(row("register.link.s", linkS, "s", bare, "bare hash join by number"));
  rows.push(row("register.link", taken / linkS, "entries/s"));
  const truth = await judged(world);
  for (const { how, entries, right } of truth)
    print(`  ${how.padEnd(24)} ${String(entries).padStart(10)}   right ${((100 * right) / entries).toFixed(3)} %`);
  const of = (how: string): Truth => truth.find((one) => one.how === how) ?? { how, entries: 0, right: 0 };
  const exact = of("exactId");
  const copied = await copiedNumbers(world);
  print(
    `  of ${copied.rows} rows with the number of somebody else at home ${copied.linked} were linked to the number's owner, the others were reviewed`,
  );
  rows.push(row("register.exactId.wrong", exact.entries - exact.right - copied.linked, "links"));
  rows.push(row("register.review.right", of("review").right / Math.max(1, of("review").entries), "share"));
  print(`  memory of this process ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MB`);
  await world.analyze();
  return [...rows, ...(await lists(world, city)), ...(await increment(world, city))];
}

async function main(): Promise<void> {
  const people = Number(option("people", "500000"));
  const json = option("json", "");
  await onServer(async (url) => {
    const world = await benchWorld(url, modules, 4);
    const rows = await registerLink(world, people);
    await world.close();
    if (json !== "") writeFileSync(json, runText(people, rows));
  });
}

if (import.meta.main) await main();
