import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people, openRegister } from "#modules/people";
import { testWorld, type TestWorld } from "#platform/testing";
import { until } from "./processes.ts";

const counties = 12;
const perCounty = 4_000;
const entries = counties * perCounty;
const mainFile = path.join(import.meta.dirname, "..", "src", "cli", "main.ts");

let world: TestWorld;
let folder = "";

/** Starts the command as somebody would. */
function command() {
  const env = { DATABASE_URL: world.url, DATA_DIR: folder, WUYANG_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
  const child = spawn(process.execPath, [mainFile, "people", "link", "--register", "BIG"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.resume();
  return { child, text: () => text, ended: once(child, "exit") as Promise<[number | null]> };
}

const decided = async (): Promise<number> =>
  (
    await world.sql.one<{ n: number }>(
      "select (select count(*) from person_link) + (select count(*) from person_open) as n",
    )
  ).n;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-link-"));
  world = await testWorld({ modules: [areas, outbreaks, people] });
  const opened = { name: "菏泽", nameEn: "Heze", areaCode: "37", timeZone: "Asia/Shanghai" };
  await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
  await openRegister(world.ctx(), { code: "BIG", kind: "population", owner: "公安局", areaCode: "37" });
  // Every other entry is somebody's whom the register of people knows by number.
  await world.sql.script(
    `insert into person (area_code, name, sex, birth_date, id_kind, id_hash, id_enc, register, registered_at)
     select '3717' || lpad((i % ${counties})::text, 2, '0') || '100201', '王' || i, 'male', '1990-01-01', 'other',
       int8send(i), int8send(i), 'hukou', '2022-07-24' from generate_series(1::bigint, ${entries / 2}) i;
     insert into person_entry (register, ref, area_code, name, sex, address, id_state, id_kind, id_hash, id_enc, received_at)
     select 'BIG', i, '3717' || lpad((i % ${counties})::text, 2, '0') || '100201', '王' || i, 'male', '', 'valid', 'other',
       int8send(i), int8send(i), '2022-07-24' from generate_series(1::bigint, ${entries}) i;
     insert into person_entry_count (register, area_code, entries)
     select register, area_code, count(*) from person_entry group by 1, 2`,
  );
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("wuyang people link", () => {
  it("is killed in the middle, and the same command goes on: every entry is decided once", async () => {
    const first = command();
    await until("the first county is done", async () => (await decided()) > 0);
    first.child.kill("SIGKILL");
    await first.ended;
    const half = await decided();
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(entries);
    expect(await world.sql.many("select state, done from person_link_run")).toEqual([{ state: "running", done: half }]);
    const second = command();
    const [code] = await second.ended;
    expect([code, second.text()]).toEqual([
      0,
      `${entries} of ${entries} compared: ${entries / 2} linked, 0 to review, ${entries / 2} not matched.\n`,
    ]);
    expect(await world.sql.one("select count(distinct entry_no)::int as n from person_link")).toEqual({
      n: entries / 2,
    });
    expect(await world.sql.one("select count(distinct entry_no)::int as n from person_open")).toEqual({
      n: entries / 2,
    });
    expect(await world.sql.many("select state, done from person_link_run")).toEqual([{ state: "done", done: entries }]);
  });
});
