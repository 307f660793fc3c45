import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { prngOf } from "#kernel/prng";
import { addMinutes, type Clock } from "#kernel/time";
import { openOutbreak, module as outbreaks } from "#modules/outbreaks";
import type { Ctx } from "#platform/context";
import { openPool, type Pool } from "#platform/db";
import { startEmbedded } from "#platform/embedded";
import { createBus } from "#platform/events";
import { migrate } from "#platform/migrate";
import { secretsOf } from "#platform/secrets";
import {
  closeRound,
  handOverBoxes,
  openRound,
  receiveBoxes,
  registerLabs,
  registerSites,
  reportResults,
  uploadTubes,
  module,
} from "./index.ts";

/**
 * How many people a second go through upload, hand-over, receipt and results on one connection, beside
 * a bare COPY of the same swabs. Run: node src/modules/screening/screening.bench.ts [people] [rounds]
 */

const people = Number(process.argv[2] ?? 400_000);
const rounds = Number(process.argv[3] ?? 3);
const villagesCount = 5_000;
const uploadSize = 5_000;
const poolSize = 20;

const seconds = (from: bigint): number => Number(process.hrtime.bigint() - from) / 1e9;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function villageOf(person: number): string {
  const village = Math.floor(((person - 1) * villagesCount) / people);
  return `3717${String(10 + (village % 11))}${String(100 + (Math.floor(village / 11) % 20))}${String(200 + (Math.floor(village / 220) % 700))}`;
}

async function fill(pool: Pool): Promise<void> {
  await pool.transaction(async (sql) => {
    function* rows(): Generator<readonly (string | number)[]> {
      for (let id = 1; id <= people; id++)
        yield [id, villageOf(id), "n", "unknown", "bench", id, "2022-07-01T00:00:00Z"];
    }
    await sql.copyIn("person (id, area_code, name, sex, register, ref, registered_at)", rows());
  });
  const { sql, release } = await pool.connect();
  await sql.script("analyze person");
  await release();
}

async function bareCopy(pool: Pool): Promise<number> {
  return pool.transaction(async (sql) => {
    await sql.script("create temp table bare (like sample including indexes) on commit drop");
    const start = process.hrtime.bigint();
    for (let from = 1; from <= people; from += uploadSize) {
      function* rows(): Generator<readonly (string | number)[]> {
        for (let id = from; id < from + uploadSize && id <= people; id++)
          yield [
            "00000000-0000-0000-0000-000000000001",
            id,
            Math.floor(id / poolSize),
            "2022-07-24T01:00:00Z",
            villageOf(id),
          ];
      }
      await sql.copyIn("bare (round_id, person_id, tube_id, at, area_code)", rows());
    }
    return people / seconds(start);
  });
}

interface Stage {
  readonly name: string;
  readonly seconds: number;
}

async function oneRound(ctx: Ctx, siteId: string, labId: string, no: number): Promise<Stage[]> {
  const stages: Stage[] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = process.hrtime.bigint();
    const out = await work();
    stages.push({ name, seconds: seconds(start) });
    return out;
  };
  const round = await timed("open", () => openRound(ctx, { areaCode: "3717", areaType: "urban" }));
  const at = ctx.clock.now();
  const boxes: { code: string; seal: string; counted: number }[] = [];
  const barcodes: string[] = [];
  await timed("uploadTubes", async () => {
    for (let from = 1; from <= people; from += uploadSize) {
      const tubes = [];
      for (let first = from; first < from + uploadSize && first <= people; first += poolSize) {
        const barcode = `${no}-${first}`;
        barcodes.push(barcode);
        const personIds = Array.from({ length: Math.min(poolSize, people - first + 1) }, (_, i) => first + i);
        tubes.push({ barcode, kind: "pool" as const, personIds, at });
      }
      const code = `B${no}-${from}`;
      boxes.push({ code, seal: code, counted: tubes.length });
      const answer = await uploadTubes(ctx, { roundId: round.roundId, siteId, box: code, tubes });
      if (answer.bad.length > 0) throw new Error("the bench uploads good rows only");
    }
  });
  await timed("handOverBoxes", async () => {
    for (let i = 0; i < boxes.length; i += 10)
      await handOverBoxes(ctx, {
        siteId,
        courier: "driver",
        boxes: boxes.slice(i, i + 10).map(({ code, seal }) => ({ code, seal })),
      });
  });
  await timed("receiveBoxes", async () => {
    for (let i = 0; i < boxes.length; i += 10)
      await receiveBoxes(ctx, {
        labId,
        courier: "driver",
        boxes: boxes.slice(i, i + 10).map(({ code, counted }) => ({ code, counted })),
      });
  });
  await timed("reportResults", async () => {
    for (let i = 0; i < barcodes.length; i += 1_000)
      await reportResults(ctx, {
        labId,
        results: barcodes
          .slice(i, i + 1_000)
          .map((barcode, j) => ({ barcode, result: j === 500 ? ("positive" as const) : ("negative" as const) })),
      });
  });
  await timed("close", () => closeRound(ctx, { roundId: round.roundId }));
  return stages;
}

async function run(url: string): Promise<void> {
  const owner = openPool(url, { size: 2 });
  await migrate(owner);
  await fill(owner);
  const bare = await bareCopy(owner);
  print(`bare COPY with the table's two keys: ${Math.round(bare)} people/s`);
  const pool = openPool(url, { role: "wuyang_app", size: 2 });
  const bus = createBus();
  module.register(bus);
  let now = "2022-07-24T00:00:00.000Z";
  const clock: Clock = { now: () => now };
  const permissions = new Set([...module.permissions, ...outbreaks.permissions]);
  const ctx: Ctx = {
    actor: { id: "bench", name: "bench", roles: [], permissions, areaCode: "" },
    clock,
    prng: prngOf(1, "bench"),
    db: pool,
    services: { bus, secrets: secretsOf(Buffer.alloc(32, 7)) },
    lang: "en",
  };
  await openOutbreak(ctx, {
    name: "b",
    nameEn: "b",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const sites = await registerSites(ctx, { areaCode: "3717", sites: [{ code: "S", areaCode: "371710", name: "S" }] });
  const labs = await registerLabs(ctx, {
    areaCode: "3717",
    labs: [{ code: "L", areaCode: "3717", name: "L", capacityTubesDay: 100_000 }],
  });
  for (let no = 1; no <= rounds; no++) {
    const stages = await oneRound(ctx, sites["S"] ?? "", labs["L"] ?? "", no);
    const total = stages.reduce((sum, stage) => sum + stage.seconds, 0);
    const rates = stages.map((stage) => `${stage.name} ${Math.round(people / stage.seconds)}`).join(", ");
    print(
      `round ${no}, people/s: ${rates}; whole loop ${Math.round(people / total)} (${(people / total / bare).toFixed(2)} of the bare COPY)`,
    );
    now = addMinutes(now, 24 * 60);
  }
  await pool.close();
  await owner.close();
}

const folder = mkdtempSync(path.join(tmpdir(), "wuyang-bench-"));
chmodSync(folder, 0o755);
const server = await startEmbedded({ folder: path.join(folder, "pg"), throwAway: true });
try {
  await run(server.url("postgres"));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
