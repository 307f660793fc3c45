import { expect } from "vitest";
import { addHours } from "#kernel/time";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import {
  addSites,
  capacity,
  checkSite,
  expectHomecomings,
  finishConversion,
  handOverHome,
  isolationLifeTally,
  listDuties,
  listHomecomings,
  listRooms,
  listSiteLives,
  module as isolation,
  nameDuties,
  openBeds,
  openSite,
  orderConversion,
  outlook,
  receiveHome,
  siteRecord,
} from "#modules/isolation";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import { module as people, registerPeopleBulk } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const modules = [areas, outbreaks, people, tasks, cases, isolation];
const figure = (figures: HezeRow["figures"], name: string): number => Number(figures[name]);
const page = { limit: 200 };

async function begin(world: TestWorld): Promise<void> {
  await runDuty(world.ctx(), async (tx) => {
    const where = { name: "菏泽", nameEn: "Heze", areaCode: "3717", timeZone: "Asia/Shanghai" };
    await startOutbreak(tx, { ...where, protocolId: "covid-19.cn-9", drill: true });
  });
}

/** Parts that add up to a whole. */
function parts(total: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => Math.floor((total * (i + 1)) / count) - Math.floor((total * i) / count),
  );
}

/** Converts, checks by another person, names leader and officer, and opens. */
async function bringToOpen(world: TestWorld, siteId: string, beds?: number): Promise<void> {
  await orderConversion(world.ctx(), { siteId });
  await finishConversion(world.ctx(), { siteId });
  const open = (): Promise<unknown> => openSite(world.ctx(), { siteId, ...(beds === undefined ? {} : { beds }) });
  await expect(open()).rejects.toMatchObject({ params: { rule: "ISO-24" } });
  const { checks } = await siteRecord(world.ctx(), { siteId });
  await checkSite(world.ctx({ name: "checker" }), { siteId, items: checks.map(({ item }) => ({ item, met: true })) });
  await expect(open()).rejects.toMatchObject({ params: { rule: "ISO-25" } });
  await nameDuties(world.ctx(), {
    duties: [
      { siteId, role: "countyLeader", name: "甲" },
      { siteId, role: "disciplineOfficer", name: "乙" },
    ],
  });
  await open();
}

async function sites(world: TestWorld, figures: HezeRow["figures"]): Promise<void> {
  await begin(world);
  const [all, rooms] = [figure(figures, "sites"), figure(figures, "rooms")];
  const [emergency, converted] = [figure(figures, "converted"), figure(figures, "convertedRooms")];
  const standing = parts(rooms - converted, all - emergency).map((single, i) => ({
    kind: "central" as const,
    areaCode: `3717${["02", "03", "21", "22", "23", "24", "25", "26", "28"][i % 9]}`,
    name: `隔离点${i + 1}`,
    rooms: { single },
  }));
  const planned = parts(converted, emergency).map((single, i) => ({
    kind: "central" as const,
    areaCode: "371721",
    name: `应急隔离点${i + 1}`,
    emergency: true,
    state: "planned" as const,
    rooms: { single },
  }));
  const { siteIds } = await addSites(world.ctx(), { sites: [...standing, ...planned] });
  for (const siteId of siteIds.slice(-emergency)) await orderConversion(world.ctx(), { siteId });
  const before = (await outlook(world.ctx(), {})).items.find((row) => row.areaCode === "" && row.kind === "central");
  expect(before).toMatchObject({ free: rooms - converted, inHand: converted });
  for (const siteId of siteIds.slice(-emergency)) await bringToOpenOrdered(world, siteId);
  expect((await capacity(world.ctx(), {})).items).toMatchObject([{ kind: "central", sites: all, rooms }]);
  const first = await listSiteLives(world.ctx(), { life: "opened", ...page });
  const rest = await listSiteLives(world.ctx(), { life: "opened", ...page, cursor: first.next ?? "" });
  expect(first.items.length + rest.items.length).toBe(all);
  // At each site one county leader answers and one discipline officer is stationed.
  await nameDuties(world.ctx(), {
    duties: siteIds.flatMap((siteId, i) => [
      { siteId, role: "countyLeader" as const, name: `县级领导${i % 20}` },
      { siteId, role: "disciplineOfficer" as const, name: `纪检干部${i}` },
    ]),
  });
  expect((await listDuties(world.ctx(), { role: "countyLeader", ...page })).items).toHaveLength(200);
  const started = performance.now();
  expect((await listRooms(world.ctx(), page)).items).toHaveLength(200);
  expect(performance.now() - started).toBeLessThan(1_000);
}

async function bringToOpenOrdered(world: TestWorld, siteId: string): Promise<void> {
  await finishConversion(world.ctx(), { siteId });
  const { checks } = await siteRecord(world.ctx(), { siteId });
  await checkSite(world.ctx({ name: "checker" }), { siteId, items: checks.map(({ item }) => ({ item, met: true })) });
  await nameDuties(world.ctx(), {
    duties: [
      { siteId, role: "countyLeader", name: "甲" },
      { siteId, role: "disciplineOfficer", name: "乙" },
    ],
  });
  await openSite(world.ctx(), { siteId });
}

async function fangcang(world: TestWorld, figures: HezeRow["figures"]): Promise<void> {
  await begin(world);
  const phases = [1, 2, 3].map((phase) => ({
    kind: "fangcang" as const,
    areaCode: "371721",
    name: `方舱医院${phase}期`,
    phase,
    state: "planned" as const,
    rooms: { ward: figure(figures, `phase${phase}`) / 20, bedsPerWard: 20 },
  }));
  const { siteIds } = await addSites(world.ctx(), { sites: phases });
  const [one = "", two = "", three = ""] = siteIds;
  await bringToOpen(world, one, figure(figures, "admitted"));
  await openBeds(world.ctx(), { siteId: one, beds: figure(figures, "phase1") });
  await world.sql.run(
    "update bed set state = 'inUse' where id in (select id from bed where site_id = $1 order by id limit $2)",
    [one, figure(figures, "admitted")],
  );
  const ordered = await orderConversion(world.ctx(), { siteId: two });
  expect(ordered.lifeDueAt).toBe(addHours(world.clock.now(), figure(figures, "buildHours")));
  await orderConversion(world.ctx(), { siteId: three });
  const lives = (await listSiteLives(world.ctx(), { kind: "fangcang" })).items;
  expect(lives.map((site) => [site.phase, site.beds, site.inUse, site.life])).toEqual([
    [1, figure(figures, "phase1"), figure(figures, "admitted"), "opened"],
    [2, figure(figures, "phase2"), 0, "converting"],
    [3, figure(figures, "phase3"), 0, "converting"],
  ]);
  const [city] = (await outlook(world.ctx(), {})).items;
  expect(city).toMatchObject({
    free: figure(figures, "phase1") - figure(figures, "admitted"),
    inHand: figure(figures, "phase2") + figure(figures, "phase3"),
  });
}

/** The account gives no number of the people met; one from each of the city's nine counties and districts stands for them. */
async function release(world: TestWorld): Promise<void> {
  await begin(world);
  const counties = ["02", "03", "21", "22", "23", "24", "25", "26", "28"];
  await runDuty(world.ctx(), async (tx) => {
    await registerPeopleBulk(
      tx,
      counties.map((code, i) => ({
        id: i + 1,
        areaCode: `3717${code}101001`,
        householdId: null,
        name: `返家人员${i + 1}`,
        sex: "unknown" as const,
        birthDate: "1990-01-01",
        ref: `heze:${i + 1}`,
        idKind: "other" as const,
        idNumber: `HEZE${i + 1}`,
      })),
    );
  });
  const expectedAt = addHours(world.clock.now(), 3);
  const { homecomingIds } = await expectHomecomings(world.ctx(), {
    people: counties.map((_, i) => ({ personId: i + 1, expectedAt, fromPlace: "济南" })),
  });
  const village = world.ctx({ areaCode: "371721101001", name: "village" });
  expect((await listHomecomings(village, {})).items).toMatchObject([{ origin: "outside", state: "expected" }]);
  await handOverHome(world.ctx({ name: "escort" }), { homecomingIds });
  await receiveHome(world.ctx({ name: "communities" }), { homecomingIds });
  await runDuty(world.ctx(), async (tx) => {
    expect(await isolationLifeTally(tx)).toMatchObject({ done: counties.length, late: 0, open: 0 });
  });
}

export const rows: readonly HezeRow[] = [
  {
    row: "Quarantine sites (集中隔离点)",
    figures: { sites: 215, rooms: 30_306, converted: 4, convertedRooms: 4_264 },
    modules,
    play: sites,
  },
  {
    row: "Fangcang hospital (方舱医院)",
    figures: { phase1: 2_000, admitted: 245, phase2: 2_000, phase3: 1_000, buildHours: 24 },
    modules,
    play: fangcang,
  },
  { row: "Release", figures: {}, modules, play: release },
];
