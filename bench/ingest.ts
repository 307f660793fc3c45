import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import { CopyWriter } from "#platform/copy";
import type { BenchWorld } from "./load.ts";
import { logIn, password, serve } from "./serve.ts";
import { randomOf } from "./visits.city.ts";

const sender = fileURLToPath(new URL("ingest.sender.ts", import.meta.url));

/** What a sender says when it is done. */
export interface Sent {
  readonly recorded: number;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
}

export interface SendPlan {
  readonly rows: number;
  readonly batch: number;
  readonly connections: number;
  readonly people: number;
  readonly venues: number;
  readonly seed: number;
  /** 0 for as fast as it goes. */
  readonly perSecond: number;
  /** The day of the scans, 2022-07-22 where none is named. */
  readonly day?: string;
}

/** Sends scans from another process. */
export async function send(base: string, cookie: string, plan: SendPlan): Promise<Sent> {
  const { rows, batch, connections, people, venues, seed, perSecond } = plan;
  const numbers = [rows, batch, connections, people, venues, seed, perSecond].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [
    sender,
    base,
    cookie,
    plan.day ?? ingestDay,
    ...numbers,
  ]);
  return JSON.parse(stdout) as Sent;
}

const ingestDay = "2022-07-22";
/** The day's first second as the store counts them, from 2020-01-01 UTC on. */
const firstSecond = (Date.parse(ingestDay) - Date.parse("2020-01-01")) / 1_000;
/** The moment at which scans arrive. */
export const ingestAt = `${ingestDay}T13:00:00.000Z`;

/** The login of the gateway that sends scans. */
export const gateway = "gateway";

/** The account that may send scans. */
export async function addGateway(world: BenchWorld): Promise<void> {
  const { sql, release } = await world.owner.connect();
  const id = "00000000-0000-7000-8000-0000000000aa";
  await createAccount(
    sql,
    { id, login: gateway, password, name: gateway, roles: ["dataManager"], areaCode: "3717" },
    wallClock.now(),
  );
  await release();
}

/** Serves the bench's database on the day that scans arrive for, with an account that may send them. */
export async function ingestServer(
  world: BenchWorld,
): Promise<{ base: string; cookie: string; stop: () => Promise<void> }> {
  await addGateway(world);
  const { base, stop } = await serve(world, ingestAt);
  return { base, stop, cookie: await logIn(base, gateway) };
}

/** Venues V1 … of the city, as the gateways name them. */
export async function addVenues(world: BenchWorld, venues: number): Promise<void> {
  const { sql, release } = await world.owner.connect();
  await sql.run(
    `insert into venue (id, code, area_code, kind, name, name_en, created_at)
     select gen_random_uuid(), 'V' || n, '371721123201', 'shop', 'V' || n, 'V' || n, '2022-07-01' from generate_series(1, $1::int) n`,
    [venues],
  );
  await sql.script("vacuum analyze venue");
  await release();
}

/** Fills the day with visits before any scan arrives, as it is at the evening's peak; their indexes are made afterwards. */
export async function holdDay(world: BenchWorld, rows: number, plan: SendPlan): Promise<void> {
  const { sql, release } = await world.owner.connect();
  await sql.run("select wuyang.begin_visit_load($1)", [ingestDay]);
  await sql.run(
    `insert into visit_load_${ingestDay.replaceAll("-", "")} (day, venue_no, person_id, s)
     select $1, 1 + floor(random() * random() * $2)::int, 1 + n % $3::int,
            $5::int + floor(random() * 43200 / $6::int)::int * $6 + n / $3 from generate_series(0, $4::int - 1) n`,
    // Nobody comes twice in one second: each round of all people has seconds of its own.
    [ingestDay, plan.venues, plan.people, rows, firstSecond, Math.ceil(rows / plan.people)],
  );
  await sql.run("select wuyang.end_visit_load($1)", [ingestDay]);
  await release();
}

/**
 * The same rows by COPY alone, in the same batches: what the store itself bears. They go into a table with the same two
 * indexes, or into the day itself where it holds visits already.
 */
export async function copyAlone(world: BenchWorld, plan: SendPlan, into: "own" | "day" = "own"): Promise<number> {
  const random = randomOf(plan.seed + 1);
  const { sql, release } = await world.owner.connect();
  const table = into === "day" ? "visit" : "ingest_base";
  if (into === "own") await sql.script("create table ingest_base (like visit including indexes)");
  const day = Date.parse(`${ingestDay}T00:00:00.000Z`);
  const began = performance.now();
  for (let sent = 0; sent < plan.rows; sent += plan.batch) {
    const writer = new CopyWriter();
    for (let i = 0; i < plan.batch; i++) {
      writer.row(5);
      writer.date(day);
      writer.int4(1 + Math.floor(random() * random() * plan.venues));
      writer.int4(1 + Math.floor(random() * plan.people));
      writer.int4(firstSecond + Math.floor(random() * 43_200));
      writer.int4(null);
    }
    await sql.copyInBinary(`${table} (day, venue_no, person_id, s, len)`, [writer.end()]);
  }
  const perSecond = (plan.rows / (performance.now() - began)) * 1_000;
  if (into === "own") await sql.script("drop table ingest_base");
  await release();
  return perSecond;
}
