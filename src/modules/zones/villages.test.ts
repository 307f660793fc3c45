import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { drawVillages, drawZone, listZones, module, previewVillages } from "./index.ts";

const one = "371721100201";
const two = "371721100202";
const storePeople = useCase(
  { name: "probe.people", permission: "people.person.write", kind: "write" },
  (tx, births: readonly string[]) =>
    registerPeople(tx, {
      register: "test",
      people: births.map((birthDate, i) => ({
        ref: String(i),
        areaCode: one,
        name: "测试",
        sex: "female" as const,
        birthDate,
        household: String(i % 2),
      })),
    }),
);

let world: TestWorld;
beforeEach(async () => {
  world = await testWorld({
    modules: [areas, outbreaks, people, tasks, screening, cases, module],
    at: "2022-07-24T00:00:00.000Z",
  });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
     ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao'),
     ('371721100', '371721', 'town', 'town', '曹城', 'Caocheng'),
     ('${one}', '371721100', 'village', 'village', '甲村', ''), ('${two}', '371721100', 'village', 'village', '乙村', '')`,
  );
  await openOutbreak(world.ctx(), {
    name: "测试",
    nameEn: "Test",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  await storePeople(world.ctx(), ["1950-01-01", "1990-01-01", "2015-01-01"]);
});
afterEach(() => world.close());

const wish = { villages: [one, two], level: "high" as const, reason: "two finds", publish: true };

describe("zones over several villages", () => {
  it("says before what publishing does after, and keeps nothing of the preview", async () => {
    const preview = await previewVillages(world.ctx(), wish);
    expect((await listZones(world.ctx(), {})).items).toEqual([]);
    expect(preview.inside).toEqual({ people: 3, households: 2, elderly: 1, cases: 0 });
    expect(preview.tasks.length).toBeGreaterThan(0);
    expect(await world.sql.one("select count(*)::int as n from task")).toEqual({ n: 0 });
    const done = await drawVillages(world.ctx(), wish);
    expect(done.tasks).toEqual(preview.tasks);
    expect(done.inside).toEqual(preview.inside);
    expect(done.zones.map(({ unitCode, state, level }) => [unitCode, state, level])).toEqual([
      [one, "published", "high"],
      [two, "published", "high"],
    ]);
  });

  it("proposes without publishing, and asks the right of who publishes", async () => {
    const may = world.ctx({ permissions: ["zones.zone.write", "zones.zone.read"] });
    await expect(drawVillages(may, wish)).rejects.toMatchObject({ code: "auth.forbidden" });
    const proposed = await drawVillages(may, { ...wish, publish: false });
    expect(proposed.zones.map(({ state }) => state)).toEqual(["proposed", "proposed"]);
  });

  it("draws all or none: one that has a zone already refuses the whole choice", async () => {
    await drawVillages(world.ctx(), { ...wish, villages: [two] });
    await expect(drawVillages(world.ctx(), wish)).rejects.toMatchObject({ code: "record.duplicate" });
    expect((await listZones(world.ctx(), {})).items).toHaveLength(1);
  });

  it("ZONE-7: a preview names the zones it meets and what they mean, and counts only what is left to draw", async () => {
    const drawn = await drawVillages(world.ctx(), { ...wish, villages: [two], level: "medium" });
    const venue = { unit: "venue" as const, unitCode: "V1", name: "集市", level: "medium" as const, reason: "stay" };
    const market = await drawZone(world.ctx(), { ...venue, areaCode: one });
    const asked = await previewVillages(world.ctx(), wish);
    expect(asked.overlaps.map(({ id, meaning, level, state }) => [id, meaning, level, state])).toEqual([
      [market.id, "unitInside", "medium", "proposed"],
      [drawn.zones[0]?.id, "raise", "medium", "published"],
    ]);
    expect(asked.zones.map(({ unitCode }) => unitCode)).toEqual([one]);
    expect(asked.inside.people).toBe(3);
    const again = await previewVillages(world.ctx(), { ...wish, villages: [two], level: "medium" });
    expect(again).toMatchObject({ zones: [], tasks: [], inside: { people: 0 }, overlaps: [{ meaning: "same" }] });
    expect((await listZones(world.ctx(), {})).items).toHaveLength(2);
    // Another county's zones are not told.
    const other = world.ctx({ areaCode: "371722" });
    await expect(previewVillages(other, wish)).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
  });

  it("refuses a village of another county, and what is no village", async () => {
    const other = world.ctx({ areaCode: "371722" });
    await expect(drawVillages(other, wish)).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await expect(drawVillages(world.ctx(), { ...wish, villages: ["371721100"] })).rejects.toMatchObject({
      code: "request.invalid",
    });
  });
});
