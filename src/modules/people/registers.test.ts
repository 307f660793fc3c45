import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import { inventedId, type NewEntry } from "./domain.ts";
import {
  addEntries,
  answerReview,
  electronicProgress,
  linkEntries,
  listEntries,
  listReview,
  listSources,
  markElectronic,
  module,
  openRegister,
  registerPeople,
  registersTally,
  undoLink,
} from "./index.ts";

const village = "371721100201";
const cao = "371721";
const idOf = (i: number) => inventedId(i, "1990-03-07", "male");

const seed = useCase(
  { name: "test.people", permission: "people.person.write", kind: "write" },
  (tx, people: Parameters<typeof registerPeople>[1]["people"]) => registerPeople(tx, { register: "hukou", people }),
);

describe("registers", () => {
  let world: TestWorld;
  const county = () => world.ctx({ areaCode: cao, reason: "linking", name: "clerk" });
  const row = (ref: string, more: Partial<NewEntry> = {}): NewEntry => ({
    register: "TRADE",
    ref,
    areaCode: village,
    name: "王小明",
    birthDate: "1990-03-07",
    sex: "male",
    ...more,
  });

  beforeEach(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: "2022-07-24T02:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
         ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
         ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
         ($1, '371721100', 'village', 'village', '北关村', 'Beiguan')`,
      [village],
    );
    const opened = { name: "菏泽疫情", nameEn: "Heze outbreak", areaCode: "3717", timeZone: "Asia/Shanghai" };
    await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
    await openRegister(county(), {
      code: "TRADE",
      kind: "trade",
      owner: "商务局",
      areaCode: cao,
      askedOn: "2022-07-20",
    });
    await seed(world.ctx(), [
      {
        areaCode: village,
        name: "王小明",
        birthDate: "1990-03-07",
        sex: "male",
        idNumber: idOf(1),
        phone: "13800000001",
      },
      { areaCode: village, name: "李大山", birthDate: "1985-11-30", sex: "male", phone: "13800000002" },
    ]);
  });
  afterEach(() => world.close());

  it("PEOPLE-10, 11, 12: exact keys link, a score is reviewed, nobody stays new", async () => {
    const outcome = await addEntries(county(), {
      entries: [
        row("1", { idNumber: idOf(1), name: "王小铭" }),
        row("2", { name: "李大山", birthDate: "1985-11-30", phone: "13800000002" }),
        row("3", { name: "王晓明" }),
        row("4", { name: "赵无人", birthDate: "1970-01-01", idNumber: "110105194912310021" }),
        row("5", { register: "NONE" }),
        row("6", { areaCode: "371702001001" }),
        row("7", { birthDate: "1990-02-30" }),
        row("8", { name: " " }),
      ],
    });
    expect(outcome.taken).toBe(4);
    expect(outcome.bad.map(({ index, field }) => [index, field])).toEqual([
      [4, "register"],
      [5, "areaCode"],
      [6, "birthDate"],
      [7, "name"],
    ]);
    expect(await addEntries(county(), { entries: [row("1")] })).toMatchObject({ taken: 0, known: 1 });
    expect(await linkEntries(county(), { register: "TRADE" })).toEqual({
      compared: 4,
      linked: 2,
      review: 1,
      unmatched: 1,
    });
    expect(await linkEntries(county(), { register: "TRADE" })).toMatchObject({ compared: 0 });
    const links = await world.sql.many("select how from person_link order by how");
    expect(links).toEqual([{ how: "exactId" }, { how: "exactPhoneName" }]);
    const [source] = (await listSources(county(), {})).items;
    expect(source).toMatchObject({
      entries: 4,
      withId: 2,
      validId: 1,
      linked: 2,
      review: 1,
      duplicates: 0,
      quality: 51.3,
    });
    const { text } = await world.sql.one<{ text: string }>(
      "select string_agg(e::text, '|') as text from person_entry e",
    );
    expect(text).not.toContain(idOf(1));
    expect(text).not.toContain("13800000002");
    expect((await listEntries(county(), { state: "linked" })).items.map((entry) => entry.maskedName)).toEqual(
      expect.arrayContaining(["王**", "李**"]),
    );
  });

  it("PEOPLE-13, 14: a reviewer decides, a link is undone with its reason, and nothing of the person changed", async () => {
    await addEntries(county(), {
      entries: [row("3", { name: "王晓明" }), row("9", { name: "钱不同", birthDate: "1961-01-01" })],
    });
    await linkEntries(county(), { register: "TRADE" });
    const before = await world.sql.many("select * from person order by id");
    const [review] = (await listReview(county(), {})).items;
    expect(review).toMatchObject({
      name: "王晓明",
      candidates: [{ name: "王小明", likely: true, parts: { birth: "equal" } }],
    });
    const id = review?.id as number;
    const personId = review?.candidates[0]?.personId as number;
    await expect(answerReview(county(), { id, answer: "same", personId: 999 })).rejects.toMatchObject({
      params: { rule: "PEOPLE-13" },
    });
    expect(await answerReview(county(), { id, answer: "same", personId })).toEqual({ state: "linked" });
    await expect(answerReview(county(), { id, answer: "other" })).rejects.toMatchObject({ code: "state.notAllowed" });
    expect(await undoLink(county(), { id, why: "two cousins" })).toEqual({ state: "review" });
    await expect(undoLink(county(), { id, why: "again" })).rejects.toMatchObject({ code: "state.notAllowed" });
    expect(await world.sql.many("select * from person order by id")).toEqual(before);
    expect(await world.sql.one("select how, score, undone_by, undone_why from person_link")).toEqual({
      how: "byHand",
      score: expect.any(Number),
      undone_by: "clerk",
      undone_why: "two cousins",
    });
    expect((await listReview(county(), {})).items).toHaveLength(1);
    expect(await answerReview(county(), { id, answer: "other" })).toEqual({ state: "rejected" });
    const [lone] = (await listEntries(county(), { state: "new" })).items;
    expect(await answerReview(county(), { id: lone?.id as number, answer: "newPerson" })).toEqual({ state: "linked" });
    expect(await world.sql.one("select name, register, ref from person where name = '钱不同'")).toMatchObject({
      register: "TRADE",
      ref: "9",
    });
    await runDuty(world.ctx(), async (tx) => {
      expect(await registersTally(tx)).toEqual({ in: 2, done: 2, late: 0, open: 0 });
    });
  });

  it("an exact link that is undone comes into review with its candidates", async () => {
    await addEntries(county(), { entries: [row("1", { idNumber: idOf(1) })] });
    await linkEntries(county(), { register: "TRADE" });
    const [entry] = (await listEntries(county(), {})).items;
    await undoLink(county(), { id: entry?.id as number, why: "the number is his brother's" });
    expect((await listReview(county(), {})).items[0]?.candidates).toHaveLength(1);
  });

  it("keeps to the jurisdiction, asks for a reason, and needs the permission of each act", async () => {
    await addEntries(county(), { entries: [row("3", { name: "王晓明" })] });
    await linkEntries(county(), { register: "TRADE" });
    const id = (await listEntries(county(), {})).items[0]?.id as number;
    const stranger = world.ctx({ areaCode: "371702", reason: "curious" });
    expect((await listReview(stranger, {})).items).toEqual([]);
    expect((await listEntries(stranger, {})).items).toEqual([]);
    expect((await listSources(stranger, {})).items).toEqual([]);
    await expect(answerReview(stranger, { id, answer: "other" })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(undoLink(stranger, { id, why: "x" })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(openRegister(stranger, { code: "X", kind: "trade", owner: "x", areaCode: cao })).rejects.toMatchObject(
      { code: "auth.outsideJurisdiction" },
    );
    await expect(listReview(world.ctx(), {})).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const reader = world.ctx({ permissions: ["people.register.read"], reason: "x" });
    for (const call of [
      listReview(reader, {}),
      addEntries(reader, { entries: [] }),
      linkEntries(reader, { register: "TRADE" }),
      answerReview(reader, { id, answer: "other" }),
      undoLink(reader, { id, why: "x" }),
      markElectronic(reader, { code: "TRADE", day: "2022-07-24" }),
    ])
      await expect(call).rejects.toMatchObject({ code: "auth.forbidden" });
    const audits = await world.sql.many("select 1 from audit where action = 'people.read'");
    expect(audits.length).toBeGreaterThan(0);
  });

  it("PEOPLE-16: the week to be electronic, by day; a second code and a day before the request are refused", async () => {
    const again = { code: "TRADE", kind: "trade" as const, owner: "x", areaCode: cao };
    await expect(openRegister(county(), again)).rejects.toMatchObject({ code: "record.duplicate" });
    await expect(markElectronic(county(), { code: "TRADE", day: "2022-07-19" })).rejects.toMatchObject({
      code: "request.invalid",
    });
    await markElectronic(county(), { code: "TRADE", day: "2022-07-23" });
    const days = await electronicProgress(county(), {});
    expect(days.map((day) => day.share)).toEqual([0, 0, 0, 1, 1]);
  });

  it("takes a spreadsheet row by row", async () => {
    const sheet = module.sheets?.find(({ name }) => name === "people-register-entries") as never;
    const text = `来源编码,编号,村居代码,姓名,出生日期,证件号码\nTRADE,1,${village},王小明,1990-03-07,${idOf(1)}\nNONE,2,${village},李,1990-01-01,\nTRADE,3,371702001001,赵,,\n`;
    const outcome = await importSheet(county(), sheet, await readTable(Buffer.from(text), "csv"), false);
    expect(outcome).toMatchObject({ taken: 1, bad: 2 });
    expect(outcome.faults.map((fault) => fault.row)).toEqual([3, 4]);
  });
});
