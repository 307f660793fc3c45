import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prngOf, type Prng } from "#kernel/prng";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import { inventedId, type NewEntry, type NewPerson } from "./domain.ts";
import {
  addEntries,
  answerReview,
  cancelLinkage,
  compareArrivals,
  linkEntries,
  listEntries,
  listLinkages,
  listSources,
  module,
  openRegister,
  registerPeople,
  startLinkage,
  takeLinkage,
  undoLink,
  workRun,
  type WorkOptions,
} from "./index.ts";
import { resumeLinkages } from "./runs.service.ts";

const seed = Number(process.env["SEED"] ?? 20_220_724);
const villages = ["371721100201", "371721100202", "371721101201", "371702001001", "371702001002"];

const register = useCase(
  { name: "test.people", permission: "people.person.write", kind: "write" },
  (tx, people: readonly NewPerson[]) => registerPeople(tx, { register: "hukou", people }),
);

/** Few names, few days, few phones: everything that can be confused is. */
class Crowd {
  readonly prng: Prng;
  constructor(key: string) {
    this.prng = prngOf(seed, key);
  }
  one<T>(of: readonly T[]): T {
    return of[this.prng.int(of.length)] as T;
  }
  chance(share: number): boolean {
    return this.prng.next() < share;
  }
  name(): string {
    return this.one(["王", "李", "张", "欧阳"]) + this.one(["伟", "小明", "晓明", "大山", "秀 英", "·芳"]);
  }
  birth(): string {
    const year = this.one(["1990", "1991", "1992", "1990"]);
    return `${year}-${this.one(["03-07", "07-03", "03-17", "05-05", "12-01", "01-12"])}`;
  }
  phone(): string {
    // One phone that a hundred people give, some that families share.
    return this.chance(0.1) ? "05305000000" : `138000${String(this.prng.int(700)).padStart(5, "0")}`;
  }
  person(i: number): NewPerson {
    const birthDate = this.birth();
    const sex = this.one(["male", "female"] as const);
    return {
      areaCode: this.one(villages),
      name: this.name(),
      sex: this.chance(0.9) ? sex : "unknown",
      ...(this.chance(0.95) ? { birthDate } : {}),
      ref: `P${i}`,
      ...(this.chance(0.7) ? { idNumber: inventedId(i, birthDate, sex) } : {}),
      ...(this.chance(0.7) ? { phone: this.phone() } : {}),
      household: `H${this.prng.int(400)}`,
      address: this.one(["前韩村 12 号", "前韩村12号", "后韩村 3 号", "庄寨镇前韩村 12 号", ""]),
    };
  }
  /** A row about one of the people, or about nobody. */
  entry(i: number, people: readonly NewPerson[]): Omit<NewEntry, "register"> {
    const stranger = { name: `${this.one(["钱", "孔"])}${i}`, areaCode: this.one(villages), birthDate: "1950-11-30" };
    const of: NewPerson = this.chance(0.06) ? stranger : this.one(people);
    const other = this.one(people);
    const birthDate = this.chance(0.8) ? of.birthDate : this.chance(0.8) ? this.birth() : undefined;
    const idNumber = this.chance(0.5) ? of.idNumber : this.chance(0.1) ? other.idNumber : undefined;
    const wrong = idNumber !== undefined && this.chance(0.05) ? `${idNumber.slice(0, -1)}?` : idNumber;
    const phone = this.chance(0.5) ? of.phone : this.chance(0.3) ? this.phone() : undefined;
    return {
      ref: String(i),
      areaCode: this.chance(0.8) ? of.areaCode : this.one([...villages, "371721100", "3717"]),
      name: this.chance(0.7) ? of.name : this.name(),
      ...(of.sex === undefined || this.chance(0.2) ? {} : { sex: of.sex }),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(wrong === undefined ? {} : { idNumber: wrong }),
      ...(phone === undefined ? {} : { phone }),
      ...(this.chance(0.6) ? { address: of.address ?? "" } : {}),
    };
  }
}

describe(`a whole register (SEED=${seed})`, () => {
  let world: TestWorld;
  const ctx = (areaCode = "") => world.ctx({ areaCode, reason: "linking", name: "clerk" });

  beforeEach(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: "2022-07-24T02:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en)
       select code, null, 'village', 'village', code, code from unnest($1::text[]) code`,
      [[...villages, "3717", "371721", "371702", "371721100"]],
    );
    const opened = { name: "菏泽疫情", nameEn: "Heze outbreak", areaCode: "3717", timeZone: "Asia/Shanghai" };
    await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
  });
  afterEach(() => world.close());

  async function open(...codes: string[]): Promise<void> {
    for (const code of codes) await openRegister(ctx(), { code, kind: "trade", owner: code, areaCode: "3717" });
  }

  async function run(code: string, options: WorkOptions = {}, areaCode = ""): Promise<string> {
    const { no } = await takeLinkage(ctx(areaCode), { code });
    return workRun(ctx(), no, options);
  }

  /** What became of a register's entries, row by row. */
  function outcome(code: string): Promise<object[]> {
    return world.sql.many(
      `select e.ref, coalesce(o.state, case when l.person_id is null then 'waiting' else 'linked' end) as state, l.person_id, l.how,
         (select string_agg(c.person_id || ' ' || c.score || ' ' || c.parts, '; ' order by c.person_id) from person_candidate c where c.entry_no = e.no) as shown
       from person_entry e left join person_open o on o.entry_no = e.no left join person_link l on l.entry_no = e.no and l.undone_at is null
       where e.register = $1 order by e.ref`,
      [code],
    );
  }

  /** The kept counts beside the rows themselves. */
  async function countsAgree(code: string): Promise<void> {
    const [kept] = (await listSources(ctx(), {})).items.filter((row) => row.code === code);
    const counted = await world.sql.one(
      `select count(*)::int as entries, (count(*) filter (where id_state <> 'missing'))::int as "withId", (count(*) filter (where id_state = 'valid'))::int as "validId",
         count(l.entry_no)::int as linked, (count(*) filter (where o.state = 'review'))::int as review,
         (count(l.person_id) - count(distinct l.person_id))::int as duplicates
       from person_entry e left join person_open o on o.entry_no = e.no left join person_link l on l.entry_no = e.no and l.undone_at is null
       where e.register = $1`,
      [code],
    );
    expect(kept).toMatchObject(counted as object);
  }

  it("PEOPLE-10, 11, 12: is decided as its entries are one by one, through statements and through a county's index", async () => {
    const crowd = new Crowd("crowd");
    const people = Array.from({ length: 1_000 }, (_, i) => crowd.person(i));
    await register(ctx(), people);
    await open("ONE", "FEW", "MANY", "THREAD");
    const rows = Array.from({ length: 700 }, (_, i) => crowd.entry(i, people));
    for (const code of ["ONE", "FEW", "MANY", "THREAD"])
      await addEntries(ctx(), { entries: rows.map((row) => ({ ...row, register: code })) });
    while ((await linkEntries(ctx(), { register: "ONE" })).compared > 0);
    expect(await run("FEW", { sizes: { countyEntries: 1_000_000 } })).toBe("done");
    expect(await run("MANY", { sizes: { countyEntries: 0, batchEntries: 200 } })).toBe("done");
    expect(await run("THREAD", { sizes: { countyEntries: 0, threadEntries: 0 } })).toBe("done");
    const one = await outcome("ONE");
    const states = new Map<string, number>();
    for (const row of one as { state: string; how: string | null }[])
      states.set(row.how ?? row.state, (states.get(row.how ?? row.state) ?? 0) + 1);
    for (const state of ["exactId", "exactPhoneName", "review", "new"])
      expect(states.get(state), `${state} of ${JSON.stringify([...states])}`).toBeGreaterThan(20);
    expect(states.has("waiting")).toBe(false);
    expect(await outcome("FEW")).toEqual(one);
    expect(await outcome("MANY")).toEqual(one);
    expect(await outcome("THREAD")).toEqual(one);
    for (const code of ["ONE", "FEW", "MANY", "THREAD"]) await countsAgree(code);
    const runs = (await listLinkages(ctx(), {})).items;
    expect(runs.map((row) => [row.state, row.done, row.total, row.linked + row.review + row.unmatched])).toEqual(
      runs.map(() => ["done", 700, 700, 700]),
    );
  });

  it("a run whose connections are cut goes on where it was: nothing is decided twice, nothing is left out", async () => {
    const crowd = new Crowd("cut");
    const people = Array.from({ length: 300 }, (_, i) => crowd.person(i));
    await register(ctx(), people);
    await open("ONE", "CUT");
    const rows = Array.from({ length: 300 }, (_, i) => crowd.entry(i, people));
    for (const code of ["ONE", "CUT"])
      await addEntries(ctx(), { entries: rows.map((row) => ({ ...row, register: code })) });
    while ((await linkEntries(ctx(), { register: "ONE" })).compared > 0);
    const { no } = await takeLinkage(ctx(), { code: "CUT" });
    let cuts = 0;
    const cut = async (): Promise<void> => {
      cuts += 1;
      await world.sql.run(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
    };
    const sizes = { batchEntries: 20 };
    const onProgress = (): Promise<void> | undefined => (cuts === 0 ? cut() : undefined);
    await expect(workRun(ctx(), no, { sizes, onProgress })).rejects.toThrow(/terminat|connection/i);
    const decided = async (): Promise<number> =>
      (
        await world.sql.one<{ n: number }>(
          `select count(*)::int as n from person_entry e where register = 'CUT' and (exists (select 1 from person_link l where l.entry_no = e.no)
             or exists (select 1 from person_open o where o.entry_no = e.no))`,
        )
      ).n;
    expect(await decided()).toBeGreaterThan(0);
    expect(await decided()).toBeLessThan(300);
    expect((await takeLinkage(ctx(), { code: "CUT" })).no).toBe(no);
    expect(await workRun(ctx(), no, { sizes })).toBe("done");
    expect(await outcome("CUT")).toEqual(await outcome("ONE"));
    await countsAgree("CUT");
    expect((await listLinkages(ctx(), {})).items[0]).toMatchObject({ state: "done", done: 300, total: 300 });
  });

  it("one process at a time, one run a register; a cancel keeps what was decided, a stop leaves the rest for later", async () => {
    await open("TRADE");
    const rows = villages.map((areaCode, i) => ({ register: "TRADE", ref: `${i}`, areaCode, name: `甲${i}` }));
    await addEntries(ctx(), { entries: rows });
    const { no } = await startLinkage(ctx(), { code: "TRADE" });
    const queued = await world.sql.many("select task_identifier as task from graphile_worker.jobs");
    expect(queued).toEqual([{ task: "people.link" }]);
    await expect(startLinkage(ctx(), { code: "TRADE" })).rejects.toMatchObject({ code: "state.notAllowed" });
    const stop = new AbortController();
    const sizes = { batchEntries: 1 };
    const beside: Promise<string>[] = [];
    const end = await workRun(ctx(), no, {
      sizes,
      signal: stop.signal,
      async onProgress() {
        if (beside.length === 0) beside.push(workRun(ctx(), no, { sizes }));
        await Promise.all(beside);
        stop.abort();
      },
    });
    expect([end, await beside[0]]).toEqual(["stopped", "busy"]);
    const [run] = (await listLinkages(ctx(), {})).items;
    expect(run).toMatchObject({ state: "running", total: 5, startedName: "clerk" });
    expect(run?.done).toBeLessThan(5);
    expect(await cancelLinkage(ctx(), { no })).toEqual({ state: "cancelled" });
    await expect(cancelLinkage(ctx(), { no })).rejects.toMatchObject({ code: "state.notAllowed" });
    expect(await workRun(ctx(), no, { sizes })).toBe("cancelled");
    expect((await outcome("TRADE")).filter((row) => "state" in row && row.state === "new")).toHaveLength(
      run?.done ?? 0,
    );
    const again = await startLinkage(ctx(), { code: "TRADE" });
    expect(again.total).toBe(5 - (run?.done ?? 0));
    await module.jobs?.["people.link"]?.(ctx(), { run: again.no }, new AbortController().signal);
    await countsAgree("TRADE");
    const events = await world.sql.many("select name, data from event where name like 'people.linkage%' order by seq");
    expect(events).toEqual([
      { name: "people.linkageStarted", data: { entries: 5 } },
      { name: "people.linkageEnded", data: { how: "cancelled" } },
      { name: "people.linkageStarted", data: { entries: again.total } },
      { name: "people.linkageEnded", data: { how: "done" } },
    ]);
  });

  it("a forgotten run is given back to the queue", async () => {
    await open("TRADE");
    await addEntries(ctx(), {
      entries: [{ register: "TRADE", ref: "1", areaCode: villages[0] as string, name: "甲" }],
    });
    await takeLinkage(ctx(), { code: "TRADE" });
    await runDuty(world.ctx(), resumeLinkages);
    const queued = () => world.sql.many("select task_identifier as task from graphile_worker.jobs");
    expect(await queued()).toEqual([]);
    world.clock.forward(6);
    await runDuty(world.ctx(), resumeLinkages);
    expect(await queued()).toHaveLength(1);
  });

  it("keeps to the jurisdiction of who asked, and needs the permission", async () => {
    await register(ctx(), [
      {
        areaCode: villages[0] as string,
        name: "王小明",
        birthDate: "1990-03-07",
        idNumber: inventedId(1, "1990-03-07", "male"),
      },
      {
        areaCode: villages[3] as string,
        name: "李大山",
        birthDate: "1985-11-30",
        idNumber: inventedId(2, "1985-11-30", "male"),
      },
    ]);
    await openRegister(ctx(), { code: "CAO", kind: "trade", owner: "x", areaCode: "371721" });
    const row = { register: "CAO", areaCode: villages[0] as string };
    await addEntries(ctx(), {
      entries: [
        { ...row, ref: "1", name: "王小明", idNumber: inventedId(1, "1990-03-07", "male") },
        // Lives in the other county, of which this clerk may know nothing.
        { ...row, ref: "2", name: "李大山", idNumber: inventedId(2, "1985-11-30", "male") },
        { ...row, ref: "3", name: "李大山", areaCode: villages[3] as string },
      ],
    });
    expect(await run("CAO", {}, "371721")).toBe("done");
    const states = (await outcome("CAO")) as { state: string }[];
    expect(states.map(({ state }) => state)).toEqual(["linked", "new", "waiting"]);
    const stranger = world.ctx({ areaCode: "371702" });
    expect((await listLinkages(stranger, {})).items).toEqual([]);
    await expect(takeLinkage(stranger, { code: "CAO" })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(cancelLinkage(stranger, { no: 1 })).rejects.toMatchObject({ code: "record.notFound" });
    const reader = world.ctx({ permissions: ["people.register.read"] });
    for (const call of [
      startLinkage(reader, { code: "CAO" }),
      takeLinkage(reader, { code: "CAO" }),
      cancelLinkage(reader, { no: 1 }),
    ])
      await expect(call).rejects.toMatchObject({ code: "auth.forbidden" });
    const { rows: audited } = await world.sql.one<{ rows: number }>(
      "select count(*)::int as rows from audit where action = 'people.linkBatch' and actor_id = 'clerk' and area_code = '371721'",
    );
    expect(audited).toBeGreaterThan(0);
  });

  it("PEOPLE-17: who registers later is found by the entry that waited, and a link taken back is not made again", async () => {
    await open("TRADE");
    const person = { areaCode: villages[0] as string, name: "王小明", birthDate: "1990-03-07", sex: "male" as const };
    const id = (i: number) => inventedId(i, "1990-03-07", "male");
    const row = { register: "TRADE", ...person };
    await register(ctx(), [{ ...person, ref: "early", name: "赵早来", idNumber: id(9) }]);
    await addEntries(ctx(), {
      entries: [
        { ...row, ref: "id", idNumber: id(1) },
        { ...row, ref: "phone", name: "李大山", birthDate: "1985-11-30", phone: "13800000001" },
        { ...row, ref: "score", name: "孙某某", birthDate: "1962-01-09" },
        { ...row, ref: "nobody", name: "钱无人", birthDate: "1950-05-05" },
        { ...row, ref: "no", name: "赵早来", idNumber: id(9) },
        { ...row, ref: "closed", name: "吴人定", birthDate: "1971-07-01" },
      ],
    });
    expect(await run("TRADE")).toBe("done");
    const entry = async (ref: string) =>
      (await listEntries(ctx(), {})).items.find((one) => one.ref === ref)?.id as number;
    await undoLink(ctx(), { id: await entry("no"), why: "two cousins" });
    await answerReview(ctx(), { id: await entry("closed"), answer: "other" });
    const states = async () =>
      Object.fromEntries(
        ((await outcome("TRADE")) as { ref: string; state: string; how: string }[]).map((one) => [
          one.ref,
          one.how ?? one.state,
        ]),
      );
    const arrive = () => runDuty(world.ctx(), compareArrivals);
    await arrive();
    const before = { closed: "rejected", id: "new", no: "review", nobody: "new", phone: "new", score: "new" };
    expect(await states()).toEqual(before);
    await register(ctx(), [
      { ...person, ref: "a", idNumber: id(1) },
      { ...person, ref: "b", name: "李大山", birthDate: "1985-11-30", phone: "13800000001" },
      { ...person, ref: "c", name: "孙某", birthDate: "1962-09-01" },
      { ...person, ref: "d", name: "吴人定", birthDate: "1971-07-01" },
    ]);
    expect(await states()).toEqual(before);
    await arrive();
    expect(await states()).toEqual({ ...before, id: "exactId", phone: "exactPhoneName", score: "review" });
    expect(await world.sql.many("select first_id from person_arrival")).toEqual([]);
    await countsAgree("TRADE");
  });

  it("several rows of one person are repeats, whoever links them and takes them back", async () => {
    await open("TRADE", "OTHER");
    await register(ctx(), [
      {
        areaCode: villages[0] as string,
        name: "王小明",
        birthDate: "1990-03-07",
        idNumber: inventedId(1, "1990-03-07", "male"),
      },
    ]);
    const row = { areaCode: villages[0] as string, name: "王小明", idNumber: inventedId(1, "1990-03-07", "male") };
    const refs = ["1", "2", "3"];
    await addEntries(ctx(), {
      entries: [...refs.map((ref) => ({ ...row, ref, register: "TRADE" })), { ...row, ref: "1", register: "OTHER" }],
    });
    await run("TRADE");
    await run("OTHER");
    await countsAgree("TRADE");
    const [first] = (await listEntries(ctx(), { state: "linked" })).items;
    await undoLink(ctx(), { id: first?.id as number, why: "not him" });
    await countsAgree("TRADE");
    await answerReview(ctx(), { id: first?.id as number, answer: "same", personId: first?.personId as number });
    await countsAgree("TRADE");
    await countsAgree("OTHER");
  });
});
