import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerPeople } from "#modules/people";
import { registerVenues } from "#modules/venues";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { modules } from "#server/modules";
import { findPersonByKey, searchRecords } from "./index.ts";

const home = "371721123201";
const enter = useCase({ name: "test.enter", permission: "people.person.write", kind: "write" }, (tx, phone: string) =>
  registerPeople(tx, {
    register: "test",
    people: [{ areaCode: home, name: "李四", idKind: "other", idNumber: "ZX55021", phone }],
  }),
);

describe("search", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao'),
       ('371721123', '371721', 'town', 'town', '楼庄镇', 'Louzhuang'), ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan')`,
    );
    const shop = { kind: "shop", name: "楼庄小卖部", nameEn: "Louzhuang shop" };
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "V1", areaCode: "371721123", ...shop },
        { code: "V2", areaCode: "371702", ...shop },
      ],
    });
  });
  afterAll(() => world.close());

  const found = async (q: string, areaCode: string, permissions: readonly string[]) =>
    (await searchRecords(world.ctx({ areaCode, permissions: ["desk.search.read", ...permissions] }), { q })).map(
      ({ kind, name, areaCode: area }) => `${kind} ${name} ${area}`,
    );

  it("DESK-7: finds by name in the reader's area, each kind only for who may read it", async () => {
    const both = ["areas.area.read", "venues.venue.read"];
    expect(await found("louzhuang", "371721", both)).toEqual([
      "area Louzhuang 371721123",
      "venue Louzhuang shop 371721123",
    ]);
    expect(await found("楼庄", "371721", ["venues.venue.read"])).toEqual(["venue Louzhuang shop 371721123"]);
    expect(await found("楼庄", "371721", [])).toEqual([]);
    expect(await found("V2", "371721", both)).toEqual([]);
    expect(await found("%%", "3717", both)).toEqual([]);
  });

  it("DESK-7: finds a person only by a whole number, for a purpose, and keeps the look", async () => {
    await enter(world.ctx(), "13812345678");
    const ask = (key: string, reason?: string) =>
      findPersonByKey(world.ctx({ areaCode: "371721", ...(reason === undefined ? {} : { reason }) }), { key });
    await expect(ask("13812345678")).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect(await ask("1381234567", "流调")).toEqual([]);
    expect(await world.sql.many("select 1 from audit where action = 'people.read'")).toHaveLength(0);
    const person = { name: "李四", areaCode: home, caseIds: [], contactIds: [] };
    for (const key of ["13812345678", " zx-55021 "]) expect(await ask(key, "流调")).toMatchObject([person]);
    expect(await world.sql.many("select distinct area_code, reason from audit where action = 'people.read'")).toEqual([
      { area_code: home, reason: "流调" },
    ]);
    const other = world.ctx({ areaCode: "371702", reason: "流调" });
    expect(await findPersonByKey(other, { key: "13812345678" })).toEqual([]);
  });
});
