import { afterAll, beforeAll, describe, expect, it } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import {
  checkCharacter,
  idFault,
  inventedId,
  maskedName,
  normalId,
  type BulkPerson,
  type NewPerson,
} from "./domain.ts";
import {
  findPersonByIdentity,
  getPerson,
  householdMembers,
  importPeople,
  listPeople,
  membersOfWorkplace,
  module,
  personCards,
  registerHouseholdsBulk,
  registerPeople,
  registerPeopleBulk,
} from "./index.ts";

const today = "2022-07-24";
// The worked example of the standard itself.
const standard = "11010519491231002X";

describe("identity rules", () => {
  it.each([
    ["residentId", standard, {}, null],
    ["residentId", "440524188001010014", {}, null],
    ["residentId", "110105194912310021", {}, "has a wrong check character"],
    ["residentId", "1101051949123100", {}, "is not 17 digits and a check character"],
    [
      "residentId",
      `11010519490231002${checkCharacter("11010519490231002")}`,
      {},
      "holds a day of birth that does not exist",
    ],
    ["residentId", `11010520490101002${checkCharacter("11010520490101002")}`, {}, "holds a day of birth out of range"],
    ["residentId", standard, { birthDate: "1949-12-31", sex: "female" }, null],
    ["residentId", standard, { birthDate: "1949-12-30" }, "does not agree with the day of birth"],
    ["residentId", standard, { sex: "male" }, "does not agree with the sex"],
    ["passport", "E12345678", {}, null],
    ["passport", "E12", {}, "is not a number of the kind passport"],
    ["hkMacaoPermit", "H1234567801", {}, null],
    ["taiwanPermit", "12345678", {}, null],
    ["foreignPermit", "USA110070010100", {}, null],
  ] as const)("PEOPLE-2, 3, 4: %s %s %j → %s", (kind, number, facts, fault) => {
    expect(idFault(kind, number, { today, ...facts })).toBe(fault);
  });

  it("PEOPLE-2: completes a 15-digit number", () => {
    expect(normalId("residentId", "110105 491231 002")).toBe(standard);
  });

  it("PEOPLE-9: invents valid numbers, all different, that can be nobody's", () => {
    const numbers = Array.from({ length: 3000 }, (_, i) => inventedId(i, "1990-01-01", i % 2 ? "male" : "female"));
    expect(new Set(numbers).size).toBe(3000);
    for (const number of numbers.slice(0, 50)) expect(idFault("residentId", number, { today })).toBeNull();
    expect(numbers.every((number) => number.startsWith("9"))).toBe(true);
    expect(maskedName("张三丰")).toBe("张**");
  });
});

const csv = `编号,区划代码,姓名,性别,出生日期,证件类型,证件号码,手机号,户号
1,371721101301,王一,女,1949/12/31,,${standard},+86 13800000000,A
2,371721101301,王二,男,,,,139,A
3,371721101301,李三,男,2020-02-30,,,,B
4,371721101301,赵四,男,,身份证,110105194912310021,,B
5,371702001001,钱五,男,,,,,
6,371721101301,孙六,男,,护照,E1234567,,B
7,371721101301,周七,女,,,${standard},,B
,371721101301,吴八,女,,,,,B
`;

describe("the register", () => {
  let world: TestWorld;
  const run = <T>(work: Parameters<typeof useCase<{ n: number }, T>>[1]) =>
    useCase<{ n: number }, T>({ name: "test.run", permission: "people.person.write", kind: "write" }, work);
  const county = "371721";
  beforeAll(async () => {
    world = await testWorld({ modules: [module] });
  });
  afterAll(() => world.close());

  it("PEOPLE-7: stores the good rows, names the bad ones by line and field, and nothing in a dry run", async () => {
    const table = await readTable(Buffer.from(csv), "csv");
    const input = { table, register: "hukou", dryRun: true, areaCode: county };
    const tried = await importPeople(world.ctx({ areaCode: county }), input);
    expect(tried).toMatchObject({ total: 8, good: 2, bad: 6, added: 2, matched: 0 });
    expect(await world.sql.many("select 1 from person")).toHaveLength(0);
    const result = await importPeople(world.ctx({ areaCode: county }), { ...input, dryRun: false });
    expect(result.errors.map((error) => [error.row, error.field])).toEqual([
      [3, "phone"],
      [4, "birthDate"],
      [5, "idNumber"],
      [6, "areaCode"],
      [8, "idNumber"],
      [9, "idNumber"],
    ]);
    expect(JSON.stringify(result.errors)).not.toMatch(/王|110105/);
    const rows = await world.sql.many<{ name: string; sex: string; birth_date: string }>(
      "select name, sex, birth_date from person order by id",
    );
    expect(rows).toEqual([
      { name: "王一", sex: "female", birth_date: "1949-12-31" },
      { name: "孙六", sex: "male", birth_date: null },
    ]);
    // Sending the same file again finds everybody.
    expect(await importPeople(world.ctx(), { ...input, dryRun: false })).toMatchObject({ added: 0, matched: 2 });
  });

  it("reads the same rows from XLSX", async () => {
    const data = [
      ["ref", "area_code", "name", "birth_date"].map((value) => ({ value })),
      [
        { value: "x1" },
        { value: "371721101301" },
        { value: "郑九" },
        { value: new Date("1990-05-06"), format: "yyyy-mm-dd" },
      ],
    ];
    const file = await writeXlsxFile(data).toBuffer();
    const table = await readTable(file, "xlsx");
    const input = { table, register: "sheet", dryRun: false, areaCode: county };
    expect(await importPeople(world.ctx(), input)).toMatchObject({ good: 1, errors: [] });
    expect(await world.sql.one("select birth_date from person where ref = 'x1'")).toEqual({ birth_date: "1990-05-06" });
  });

  it("PEOPLE-1: keeps numbers only encrypted and finds them by their hash", async () => {
    const { text } = await world.sql.one<{ text: string }>("select string_agg(person::text, '|') as text from person");
    expect(text).not.toContain(standard);
    expect(text).not.toContain("13800000000");
    const ctx = world.ctx({ areaCode: county, reason: "contact tracing", name: "tracer" });
    const card = await findPersonByIdentity(ctx, { idKind: "residentId", idNumber: "11010519491231002x" });
    expect(card).toMatchObject({ name: "王一", idLast4: "002X" });
    expect(JSON.stringify(card)).not.toContain(standard);
  });

  it("PEOPLE-8, I10: needs a reason, audits each personal read, and hides other areas", async () => {
    const read = { idKind: "residentId" as const, idNumber: standard };
    await expect(findPersonByIdentity(world.ctx(), read)).rejects.toMatchObject({ code: "auth.reasonRequired" });
    await expect(listPeople(world.ctx(), {})).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const elsewhere = world.ctx({ areaCode: "371702", reason: "curious", name: "neighbour" });
    expect(await findPersonByIdentity(elsewhere, read)).toBeNull();
    const { id } = await world.sql.one<{ id: number }>("select id from person where name = '王一'");
    await expect(getPerson(elsewhere, { id })).rejects.toMatchObject({ code: "record.notFound" });
    const own = world.ctx({ areaCode: county, reason: "door visit", name: "grid" });
    await getPerson(own, { id });
    const rows = await world.sql.many(
      "select actor_name, action, reason, subject_id from audit where actor_name in ('grid', 'neighbour') order by seq",
    );
    expect(rows).toEqual([
      { actor_name: "neighbour", action: "people.find", reason: "curious", subject_id: "" },
      { actor_name: "grid", action: "people.read", reason: "door visit", subject_id: String(id) },
      { actor_name: "grid", action: "people.get", reason: "door visit", subject_id: "" },
    ]);
  });

  it("PEOPLE-5, 6: matches another register by identity and refuses a row of another county", async () => {
    const other = await readTable(
      Buffer.from(`ref,area_code,name,id_number,occupation\nT9,371721101301,王一,${standard},cook\n`),
      "csv",
    );
    const result = await importPeople(world.ctx(), {
      table: other,
      register: "trade",
      dryRun: false,
      areaCode: county,
    });
    expect(result).toMatchObject({ added: 0, matched: 1 });
    expect(await world.sql.one("select occupation, register from person where name = '王一'")).toEqual({
      occupation: "cook",
      register: "hukou",
    });
    expect(await world.sql.one("select register, ref from person_alias")).toEqual({ register: "trade", ref: "T9" });
    const abroad = await readTable(Buffer.from(`area_code,name,id_number\n371702001001,王一,${standard}\n`), "csv");
    const refused = await importPeople(world.ctx(), {
      table: abroad,
      register: "trade",
      dryRun: false,
      areaCode: "371702",
    });
    expect(refused.errors).toEqual([{ row: 2, field: "idNumber", message: "is registered in the area 371721" }]);
  });

  it("registers inside a caller's transaction, the same ref once, and answers households and colleagues", async () => {
    const people: NewPerson[] = ["a", "b", "a"].map((ref) => ({
      ref,
      areaCode: "371721123224",
      name: `P${ref}`,
      household: "H1",
      workplaceVenueId: 7,
    }));
    const ids = await run(async (tx) => registerPeople(tx, { register: "list", people }))(world.ctx(), { n: 1 });
    expect(ids[0]).toBe(ids[2]);
    const again = await run(async (tx) => registerPeople(tx, { register: "list", people }))(world.ctx(), { n: 2 });
    expect(again).toEqual(ids);
    const asked = await run(async (tx) => ({
      home: await householdMembers(tx, [ids[0] as number]),
      work: await membersOfWorkplace(tx, [7]),
      cards: await personCards(tx, [ids[1] as number, ids[0] as number]),
    }))(world.ctx(), { n: 3 });
    expect(asked.home.map((member) => [member.of, member.id])).toEqual([[ids[0], ids[1]]]);
    expect(new Set(asked.work.map((member) => member.id))).toEqual(new Set(ids));
    expect(asked.cards.map((card) => card.name)).toEqual(["Pa", "Pb"]);
  });

  it("loads invented people with their own ids by COPY, encrypted, and pages them by area", async () => {
    const count = 20_000;
    function* people(): Generator<BulkPerson> {
      for (let i = 0; i < count; i++) {
        const id = 1_000_000 + i;
        const sex = i % 2 ? "male" : "female";
        yield {
          id,
          sex,
          householdId: 500_000 + Math.floor(i / 3),
          areaCode: `371728101${String(200 + (i % 100))}`,
          name: `居民\t${i}`,
          birthDate: "1980-02-03",
          ref: `sim:${i}`,
          idNumber: inventedId(i, "1980-02-03", sex),
        };
      }
    }
    const homes = Array.from({ length: Math.ceil(count / 3) }, (_, i) => ({
      id: 500_000 + i,
      areaCode: "371728101200",
    }));
    const loaded = await run(async (tx) => [
      await registerHouseholdsBulk(tx, homes),
      await registerPeopleBulk(tx, people()),
    ])(world.ctx(), { n: 4 });
    expect(loaded).toEqual([homes.length, count]);
    const ctx = world.ctx({ areaCode: "371728101200", reason: "test" });
    const page = await listPeople(ctx, { limit: 150 });
    const rest = await listPeople(ctx, { limit: 150, cursor: page.next ?? "" });
    expect([page.items.length, rest.items.length, rest.next]).toEqual([150, 50, null]);
    expect(page.items[1]).toMatchObject({ id: 1_000_100, name: "居民\t100", ref: "sim:100", idKind: "residentId" });
    // Who comes later gets an id beyond those chosen here.
    const [next] = await run(async (tx) =>
      registerPeople(tx, { register: "list", people: [{ areaCode: "371728101200", name: "后来" }] }),
    )(world.ctx(), { n: 5 });
    expect(next).toBeGreaterThan(1_000_000 + count - 1);
  });
});
