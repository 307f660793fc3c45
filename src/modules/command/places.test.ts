import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAreas, module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { locateCheckpoint, module as inbound, openCheckpoint } from "#modules/inbound";
import { addSites, module as isolation } from "#modules/isolation";
import { module as outbreaks } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as reports } from "#modules/reports";
import { module as screening, registerLabs, registerSites } from "#modules/screening";
import { module as sentinel, registerUnits } from "#modules/sentinel";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as venues, registerVenues } from "#modules/venues";
import { drawZone, module as zones, publishZone } from "#modules/zones";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { boardInside, boardLifting, boardPlaces, module, openResponse } from "./index.ts";

const modules = [
  areas,
  outbreaks,
  people,
  tasks,
  venues,
  screening,
  cases,
  tracing,
  isolation,
  zones,
  inbound,
  sentinel,
  reports,
  module,
];
const village = "371721102201";
const other = "371702001001";

function area(code: string, level: "city" | "county" | "town" | "village", nameEn: string) {
  const parents = { city: null, county: "3717", town: code.slice(0, 6), village: code.slice(0, 9) };
  const position = { lat: 35, lon: 115, position: "approximate" as const };
  return {
    code,
    parentCode: parents[level],
    level,
    kind: level,
    name: nameEn,
    nameEn,
    population: 1000,
    ...position,
    boundary: null,
  };
}

describe("places and countdown of the board on the real database", () => {
  let world: TestWorld;
  const city = () => world.ctx({ areaCode: "3717" });

  beforeAll(async () => {
    world = await testWorld({ modules, at: "2022-07-24T02:00:00.000Z" });
    await runDuty(world.ctx(), (tx) =>
      loadAreas(tx, [
        area("3717", "city", "Heze"),
        area("371702", "county", "Mudan"),
        area("371702001", "town", "Dongcheng"),
        area(other, "village", "Xi"),
        area("371721", "county", "Cao"),
        area("371721102", "town", "Panshi"),
        area(village, "village", "Qianhan"),
      ]),
    );
    await openResponse(world.ctx(), {
      name: "测试疫情",
      nameEn: "Test outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
      drill: true,
    });
    const site = (code: string, areaCode: string) => ({ code, areaCode, name: code, lat: 34.9, lon: 115.3 });
    await registerSites(city(), {
      areaCode: "3717",
      sites: [site("S1", village), site("S2", village), site("S3", other)],
    });
    const lab = (code: string, areaCode: string) => ({ code, areaCode, name: code, capacityTubesDay: 500 });
    await registerLabs(city(), { areaCode: "3717", labs: [lab("L1", "371721"), lab("L2", "371702")] });
    for (const areaCode of ["371721", "371702"]) {
      await openCheckpoint(city(), { areaCode, code: `R${areaCode}`, name: `R${areaCode}`, road: "G", kind: "road" });
    }
  });
  afterAll(() => world.close());

  it("CMD-9: far out a county's sites are one mark, inside it each is its own", async () => {
    const far = await boardPlaces(city(), { kind: "sampling" });
    expect(far.more).toBe(false);
    expect(far.items.map(({ id, nameEn, count, exact }) => [id, nameEn, count, exact])).toEqual([
      ["371702", "Mudan", 1, false],
      ["371721", "Cao", 2, false],
    ]);
    const near = await boardPlaces(city(), { kind: "sampling", areaCode: "371721" });
    expect(near.items.map(({ name, lat, exact }) => [name, lat, exact])).toEqual([
      ["S1", 34.9, true],
      ["S2", 34.9, true],
    ]);
    await world.sql.run("update site set state = 'closed' where code = 'S2'");
    expect((await boardPlaces(city(), { kind: "sampling", areaCode: "371721" })).items).toHaveLength(1);
  });

  it("CMD-9: a county sees its own places and no others, and nobody without the permission any", async () => {
    const cao = world.ctx({ areaCode: "371721" });
    const named = async (kind: "sampling" | "laboratory" | "checkpoint") =>
      (await boardPlaces(cao, { kind })).items.map(({ name }) => name);
    expect(await named("sampling")).toEqual(["S1"]);
    expect(await named("laboratory")).toEqual(["L1"]);
    expect(await named("checkpoint")).toEqual(["R371721"]);
    for (const areaCode of ["371702", "3717"]) {
      await expect(boardPlaces(cao, { kind: "sampling", areaCode })).rejects.toMatchObject({
        code: "auth.outsideJurisdiction",
      });
    }
    const stranger = world.ctx({ areaCode: "3717", permissions: ["screening.round.read"] });
    await expect(boardPlaces(stranger, { kind: "laboratory" })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(boardLifting(stranger, {})).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("CMD-9: laboratories and checkpoints stand where they are, and in the middle of their area while nobody says where", async () => {
    const shown = async (kind: "laboratory" | "checkpoint") =>
      (await boardPlaces(city(), { kind, areaCode: "371721" })).items.map(({ lat, lon, exact }) => [lat, lon, exact]);
    expect(await shown("laboratory")).toEqual([[35, 115, false]]);
    expect(await shown("checkpoint")).toEqual([[35, 115, false]]);
    const lab = { code: "L1", areaCode: "371721", name: "L1", capacityTubesDay: 500, lat: 34.82, lon: 115.54 };
    await registerLabs(city(), { areaCode: "3717", labs: [lab] });
    const { id } = await world.sql.one<{ id: string }>("select id from inbound_checkpoint where code = 'R371721'");
    await locateCheckpoint(city(), { id, lat: 34.9, lon: 115.6 });
    expect(await shown("laboratory")).toEqual([[34.82, 115.54, true]]);
    expect(await shown("checkpoint")).toEqual([[34.9, 115.6, true]]);
    await expect(locateCheckpoint(city(), { id, lat: 34.9 })).rejects.toMatchObject({ fields: [{ pointer: "/lon" }] });
    await expect(
      locateCheckpoint(world.ctx({ areaCode: "371702" }), { id, lat: 34.9, lon: 115.6 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/notFound|outsideJurisdiction/) as string });
    await locateCheckpoint(city(), { id });
    expect(await shown("checkpoint")).toEqual([[35, 115, false]]);
  });

  it("CMD-10: says what stands in villages before a zone is drawn over them, and only of the reader's own", async () => {
    await addSites(city(), {
      sites: [
        { kind: "central", areaCode: village, name: "Q1", rooms: { single: 3 } },
        { kind: "hospital", areaCode: "371721", name: "H1", rooms: { ward: 1 } },
      ],
    });
    await registerUnits(city(), { units: [{ areaCode: village, code: "C1", kind: "villageClinic", name: "C1" }] });
    const shops = ["a", "b"].map((code) => ({ code, areaCode: village, kind: "shop", name: code }));
    await registerVenues(city(), { areaCode: "3717", venues: shops });
    const answer = await boardInside(city(), { villages: [village] });
    const told = Object.fromEntries(
      answer.groups.map(({ kind, count, unknown }) => [kind, unknown === 0 ? count : [count, unknown]]),
    );
    expect(told).toEqual({
      quarantine: 1,
      hospital: [0, 1],
      care: 1,
      sampling: 1,
      laboratory: 1,
      checkpoint: [0, 1],
      post: 0,
    });
    // The laboratory is known by its county and its point alone.
    expect(
      answer.groups.flatMap(({ items }) => items.filter(({ byPoint }) => byPoint).map(({ name }) => name)),
    ).toEqual(["L1"]);
    expect(answer.venues).toEqual([{ kind: "shop", count: 2 }]);
    await expect(boardInside(world.ctx({ areaCode: "371702" }), { villages: [village] })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
  });

  it("CMD-9, ZONE-H-LIFT: zones count down to their lifting, the nearest first, each in its own area", async () => {
    const draw = async (unitCode: string, level: "high" | "medium"): Promise<string> => {
      const { id } = await drawZone(city(), {
        areaCode: unitCode,
        unit: "village",
        unitCode,
        level,
        name: unitCode,
        reason: "test",
      });
      await publishZone(city(), { id });
      return id;
    };
    const first = await draw(village, "high");
    world.clock.set("2022-07-26T02:00:00.000Z");
    const second = await draw(other, "high");
    const { items, total } = await boardLifting(city(), {});
    expect(total).toBe(2);
    expect(
      items.map(({ id, cleanDays, daysNeeded, expected, to }) => [id, cleanDays, daysNeeded, expected, to]),
    ).toEqual([
      [first, 2, 7, "2022-07-31", "medium"],
      [second, 0, 7, "2022-08-02", "medium"],
    ]);
    expect(items[0]?.missing.map(({ id }) => id)).toEqual(["cleanDays", "lastDayRound"]);
    const own = await boardLifting(world.ctx({ areaCode: "371702" }), {});
    expect([own.total, own.items.map(({ id }) => id)]).toEqual([1, [second]]);
    await world.sql.run("update zone set level = 'low' where id = $1", [first]);
    expect((await boardLifting(city(), {})).items.map(({ id }) => id)).toEqual([second]);
  });
});
