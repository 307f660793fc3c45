import { expect } from "vitest";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import {
  askNeeds,
  gridFigures,
  gridTally,
  listDoorItems,
  listDoorLists,
  listGrids,
  listNeeds,
  listReachable,
  listStreets,
  listWorkers,
  makeDoorList,
  module as grid,
  moveNeeds,
  recordOutreach,
  recordStreets,
  recordVisits,
  registerReachable,
  registerWorkers,
  renderText,
  setLanes,
  cutGrids,
  dueReachable,
} from "#modules/grid";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as screening, openRound, recordAbsences } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { drawZone, module as zones, publishZone } from "#modules/zones";
import type { ModuleDef } from "#platform/module";
import type { TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const village = "371721100201";
const modules: readonly ModuleDef[] = [
  areas,
  outbreaks,
  people,
  tasks,
  screening,
  cases,
  tracing,
  isolation,
  zones,
  grid,
];

/** A village of so many one-person households, cut into grids, with a worker of the village. */
async function begin(world: TestWorld, households: number): Promise<void> {
  world.clock.set("2022-07-26T00:30:00.000Z");
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('371721', null, 'county', 'county', '曹县', 'Cao County'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
       ('371721100201', '371721100', 'village', 'village', '前韩村', 'Qianhan')`,
  );
  await world.sql.run(
    `insert into household (id, area_code, address, register, ref) select i, $1, i || '号', 'test', i::text from generate_series(1, $2::int) i`,
    [village, households],
  );
  await world.sql.run(
    `insert into person (id, area_code, household_id, name, sex, register, ref, registered_at)
     select i, $1, i, '人' || i, 'unknown', 'test', i::text, '2022-07-01T00:00:00Z' from generate_series(1, $2::int) i`,
    [village, households],
  );
  const opened = { name: "菏泽", nameEn: "Heze", areaCode: "371721", timeZone: "Asia/Shanghai" };
  await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
  await cutGrids(world.ctx(), { areaCode: "371721" });
  const cadre = { areaCode: village, no: "C1", name: "干部", role: "cadre" as const };
  await registerWorkers(world.ctx(), { workers: [cadre] });
}

async function closeVillage(world: TestWorld): Promise<void> {
  const drawn = {
    areaCode: village,
    unit: "village" as const,
    unitCode: village,
    name: "前韩村",
    level: "high" as const,
  };
  const { id } = await drawZone(world.ctx(), { ...drawn, reason: "first case" });
  await publishZone(world.ctx(), { id });
}

const tally = useCase({ name: "probe.tally", permission: "grid.grid.read", kind: "read" }, (tx, _input: null) =>
  gridTally(tx),
);

/** The module's hourly duty, as the bus runs it. */
async function duties(world: TestWorld): Promise<void> {
  const run: ((tx: Parameters<Parameters<typeof runDuty>[1]>[0]) => Promise<void>)[] = [];
  const every = (_minutes: number, _name: string, duty: (typeof run)[number]) => void run.push(duty);
  grid.register({ on: () => undefined, every } as never);
  for (const duty of run) await runDuty(world.ctx(), duty);
}

/** The rows of the account that grid work carries. */
export const rows: readonly HezeRow[] = [
  {
    row: "Reaching everyone (双扫双敲)",
    figures: { untested: 40, roughSleepers: 6, wastePickers: 9 },
    modules,
    async play(world, figures) {
      await begin(world, 300);
      const untested = Number(figures["untested"]);
      const { roundId } = await openRound(world.ctx(), { areaCode: "371721" });
      const absences = Array.from({ length: 300 - untested }, (_, i) => ({ personId: i + 1, reason: "away" as const }));
      await recordAbsences(world.ctx(), { roundId, people: absences });
      const made = await makeDoorList(world.ctx(), { kind: "untested", areaCode: "371721", roundId });
      expect(made.items).toBe(untested);
      const doors = (await listDoorItems(world.ctx(), { areaCode: village, limit: 200 })).items;
      expect(doors).toHaveLength(untested);
      const at = world.clock.now();
      const visits = doors.map(({ id }) => ({
        itemId: id,
        outcome: "done" as const,
        at,
        workerNo: "C1",
        proof: { method: "qr" as const },
      }));
      expect(await recordVisits(world.ctx(), { visits })).toMatchObject({ counted: untested, refused: [] });
      expect((await listDoorLists(world.ctx(), {})).items).toMatchObject([{ state: "closed", done: untested }]);
      const named = (kind: "roughSleeper" | "wastePicker", count: number) =>
        Array.from({ length: count }, (_, i) => ({
          areaCode: village,
          kind,
          called: `${kind}${i}`,
          usualPlace: "车站",
        }));
      const sleepers = Number(figures["roughSleepers"]);
      const pickers = Number(figures["wastePickers"]);
      const all = [...named("roughSleeper", sleepers), ...named("wastePicker", pickers)];
      await registerReachable(world.ctx(), { people: all });
      const ctx = world.ctx({ reason: "outreach" });
      expect((await listReachable(ctx, { state: "roughSleeper" })).items).toHaveLength(sleepers);
      const due = (await dueReachable(ctx, { areaCode: "371721", roundId })).items;
      expect(due.map((person) => person.called)).toHaveLength(sleepers + pickers);
      const meetings = due.map(({ id }) => ({ id, outcome: "tested" as const, at }));
      await recordOutreach(world.ctx(), { meetings });
      expect((await dueReachable(ctx, { areaCode: "371721", roundId })).items).toEqual([]);
    },
  },
  {
    row: "Grid work (网格化)",
    figures: { households: 3_000, householdsPerGrid: 300, lanes: 24 },
    modules,
    async play(world, figures) {
      const households = Number(figures["households"]);
      await begin(world, households);
      const grids = (await listGrids(world.ctx(), { areaCode: village })).items;
      expect(grids).toHaveLength(households / Number(figures["householdsPerGrid"]));
      const roles = ["gridWorker", "volunteer"] as const;
      const workers = grids.flatMap(({ code }) =>
        roles.map((role) => ({ areaCode: village, gridCode: code, no: `${role}${code.slice(-2)}`, name: "员", role })),
      );
      await registerWorkers(world.ctx(), { workers });
      expect((await listWorkers(world.ctx(), { areaCode: village })).items).toHaveLength(workers.length + 1);
      const made = await makeDoorList(world.ctx(), { kind: "sweep", areaCode: "371721" });
      expect(made.items).toBe(households);
      // Every lane of the village is walked, or the round says which is missing.
      const lanes = Array.from({ length: Number(figures["lanes"]) }, (_, i) => `${i + 1}巷`);
      await setLanes(world.ctx(), { areaCode: village, lanes });
      await closeVillage(world);
      await duties(world);
      const [round] = (await listStreets(world.ctx(), { kind: "patrol" })).items;
      const part = await recordStreets(world.ctx(), { rounds: [{ id: round?.id ?? "", lanes: lanes.slice(1) }] });
      expect(part).toMatchObject({ done: 0, partial: 1 });
      expect((await listStreets(world.ctx(), { kind: "patrol" })).items[0]?.lanesMissing).toEqual([lanes[0]]);
      expect(await gridFigures(world.ctx(), {})).toMatchObject({ grids: grids.length, doorsOpen: households });
    },
  },
  {
    row: "Street work",
    figures: { roundsADay: 2, requests: 30 },
    modules,
    async play(world, figures) {
      await begin(world, 300);
      await closeVillage(world);
      await duties(world);
      world.clock.set("2022-07-26T09:00:00.000Z");
      await duties(world);
      const rounds = (await listStreets(world.ctx(), { kind: "disinfection" })).items;
      expect(rounds.map((one) => one.half)).toHaveLength(Number(figures["roundsADay"]));
      await recordStreets(world.ctx(), { rounds: rounds.map(({ id }) => ({ id })) });
      // Supplies are carried to every home, and requests for masks and alcohol are answered.
      expect((await listNeeds(world.ctx(), { kind: "food", limit: 200 })).items).toHaveLength(200);
      const requests = Number(figures["requests"]);
      const needs = Array.from({ length: requests }, (_, i) => ({
        areaCode: village,
        kind: "mask" as const,
        householdId: i + 1,
        ref: `${i}`,
      }));
      expect(await askNeeds(world.ctx(), { needs })).toMatchObject({ taken: requests });
      const asked = (await listNeeds(world.ctx(), { kind: "mask", state: "asked" })).items;
      const ids = asked.map((need) => need.id);
      expect(await moveNeeds(world.ctx(), { ids, to: "delivered" })).toMatchObject({ moved: requests });
      expect(await moveNeeds(world.ctx(), { ids, to: "confirmed", confirmedBy: "household" })).toMatchObject({
        moved: requests,
      });
      const leaflet = await renderText(world.ctx(), { template: "zoneLeaflet", areaCode: village });
      const spoken = await renderText(world.ctx(), { template: "zoneLoudspeaker", areaCode: village, format: "text" });
      expect(String(leaflet.text)).toContain("Qianhan is a high-risk area");
      expect(String(spoken.text)).toContain("high-risk area");
      // The morning's disinfection was written down in the evening: late, and counted so.
      const stands = await tally(world.ctx(), null);
      expect(stands.in).toBe(2 * 2 + 300 + requests);
      expect(stands.late).toBe(2);
    },
  },
];
