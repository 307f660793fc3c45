import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { asIfSpread, testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import type { NewPerson } from "./domain.ts";
import {
  addEntries,
  compareArrivals,
  linkEntries,
  listReview,
  module,
  openRegister,
  registerPeople,
  startLinkage,
  takeLinkage,
} from "./index.ts";

const village = "371721100201";

const register = useCase(
  { name: "test.people", permission: "people.person.write", kind: "write" },
  (tx, people: readonly NewPerson[]) => registerPeople(tx, { register: "hukou", people }),
);

const wang = { name: "王小明", birthDate: "1990-03-07", sex: "male", areaCode: village } as const;

describe("registers where the people are spread over machines", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: "2022-07-24T02:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en)
       select code, null, 'village', 'village', code, code from unnest($1::text[]) code`,
      [[village, "3717", "371721", "371721100"]],
    );
    const opened = { name: "菏泽疫情", nameEn: "Heze outbreak", areaCode: "3717", timeZone: "Asia/Shanghai" };
    await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
    await openRegister(world.ctx(), { code: "TRADE", kind: "trade", owner: "trade", areaCode: "3717" });
  });
  afterAll(() => world.close());

  it("PEOPLE-19: a comparison is refused, who registers waits on the list, and is found after the way back", async () => {
    const ctx = world.ctx({ reason: "a test" });
    await addEntries(ctx, { entries: [{ ...wang, register: "TRADE", ref: "1" }] });
    expect(await linkEntries(ctx, { register: "TRADE" })).toMatchObject({ compared: 1, unmatched: 1 });
    const refusal = { code: "rule.refused", params: { rule: "PEOPLE-19" } };
    const waiting = (): Promise<object[]> => world.sql.many("select first_id, last_id from person_arrival order by no");
    await asIfSpread(world, async () => {
      await expect(startLinkage(ctx, { code: "TRADE" })).rejects.toMatchObject(refusal);
      await expect(takeLinkage(ctx, { code: "TRADE" })).rejects.toMatchObject(refusal);
      await expect(linkEntries(ctx, { register: "TRADE" })).rejects.toMatchObject(refusal);
      await register(ctx, [{ ...wang, ref: "h1" }]);
      expect(await waiting()).toHaveLength(1);
      expect(await runDuty(ctx, compareArrivals)).toBe(0);
      expect(await waiting()).toHaveLength(1);
    });
    expect(await runDuty(ctx, compareArrivals)).toBe(1);
    expect(await waiting()).toEqual([]);
    const [shown] = (await listReview(ctx, { areaCode: "3717" })).items;
    expect(shown?.candidates.map(({ name, areaCode }) => [name, areaCode])).toEqual([[wang.name, village]]);
  });
});
