import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTasks } from "#modules/tasks";
import { createAccount } from "#platform/accounts";
import type { TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { deskWorld, look, tell } from "./desk.fixture.ts";
import { detailOf, doerOf, eventNames, subjectPermissions, subjectsOf } from "./domain.ts";
import { recordTimeline } from "./index.ts";

const read = ["desk.timeline.read", "cases.case.read", "tasks.task.read"];
const happened = (name: string, id: string, areaCode = "371721123", data: object = {}) => ({
  name,
  areaCode,
  subjectType: "case",
  subjectId: id,
  data,
});
const accountId = "01890000-0000-7000-8000-00000000000a";
const make = useCase({ name: "test.make", permission: "tasks.task.work", kind: "write" }, (tx, subjectId: string) =>
  createTasks(tx, [
    {
      outbreakId: accountId,
      kind: "coreTrack",
      areaCode: "371721123",
      ownerTeam: "tracing",
      subjectType: "case",
      subjectId,
      dueAt: "2022-07-24T04:00:00.000Z",
    },
  ]),
);

describe("the timeline of a record", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await deskWorld();
    const account = {
      id: accountId,
      login: "li",
      password: "long enough",
      name: "李某某",
      roles: ["cdc"],
      areaCode: "371721",
    };
    await createAccount(world.sql, account, "2022-07-24T00:00:00.000Z");
    for (const [i, name] of ["cases.preliminary", "cases.diagnosed", "cases.reported"].entries()) {
      world.clock.set(`2022-07-24T0${i + 1}:00:00.000Z`);
      await tell(world.ctx({ name: i === 0 ? "drill-lab-371721" : accountId }), happened(name, "C1"));
    }
    await tell(world.ctx(), happened("cases.outcome", "C1", "371702"));
    await make(world.ctx(), "C1");
  });
  afterAll(() => world.close());

  it("DESK-3: tells what happened, latest first, by role and area and never by name", async () => {
    const ctx = world.ctx({ areaCode: "371721", permissions: read });
    const first = await recordTimeline(ctx, { subject: ["case:C1"], limit: 2 });
    const second = await recordTimeline(ctx, { subject: ["case:C1"], limit: 2, cursor: first.next ?? "" });
    expect([...first.items, ...second.items].map(({ name, by }) => [name, by.roles, by.areaCode])).toEqual([
      ["cases.reported", ["cdc"], "371721"],
      ["cases.diagnosed", ["cdc"], "371721"],
      ["cases.preliminary", ["lab"], "371721"],
    ]);
    expect(second.next).toBeNull();
    expect(JSON.stringify(first)).not.toContain("李某某");
    expect(first.open).toMatchObject([{ kind: "coreTrack", dueAt: "2022-07-24T04:00:00.000Z" }]);
    expect(second.open).toEqual([]);
  });

  it("DESK-2: refuses a kind of record the reader may not read, and hides what happened elsewhere", async () => {
    const ask = (areaCode: string, permissions: readonly string[]) =>
      recordTimeline(world.ctx({ areaCode, permissions }), { subject: ["case:C1"] });
    await expect(ask("371721", ["desk.timeline.read"])).rejects.toMatchObject({ code: "auth.forbidden" });
    expect((await ask("371702", read)).items.map(({ name }) => name)).toEqual(["cases.outcome"]);
    expect((await ask("3717", read)).items).toHaveLength(4);
    expect(subjectsOf(["person:1"], new Set(read))).toMatchObject({ ok: false });
  });

  it("DESK-4: shows looks at personal data to who may read the audit, without their purpose", async () => {
    world.clock.set("2022-07-24T05:00:00.000Z");
    await look(world.ctx({ reason: "张三 called" }), { type: "case", id: "C1", areaCode: "371721123" });
    await look(world.ctx(), { type: "case", id: "C1", areaCode: "371702" });
    const names = async (permissions: readonly string[]) => {
      const page = await recordTimeline(world.ctx({ areaCode: "371721", permissions }), { subject: ["case:C1"] });
      expect(JSON.stringify(page)).not.toContain("张三");
      return page.items.map(({ name }) => name);
    };
    expect((await names(read))[0]).toBe("cases.reported");
    expect((await names([...read, "audit.log.read"])).slice(0, 2)).toEqual(["desk.looked", "cases.reported"]);
  });

  it("pages through events and looks of the same moment without losing or repeating one", async () => {
    world.clock.set("2022-07-24T06:00:00.000Z");
    for (let i = 0; i < 3; i += 1) {
      await tell(world.ctx(), happened("tracing.coreDone", "C2"));
      await look(world.ctx(), { type: "case", id: "C2", areaCode: "371721123" });
    }
    const ctx = world.ctx({ areaCode: "371721", permissions: [...read, "audit.log.read"] });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { items: { id: string }[]; next: string | null } = await recordTimeline(ctx, {
        subject: ["case:C2"],
        limit: 1,
        ...(cursor === "" ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it("DESK-3: shows of an event's data only words of the system", () => {
    expect(detailOf({ level: "high", to: "李某某 13812345678", from: "a b", personId: 7, kind: "coreTrack" })).toEqual({
      level: "high",
      kind: "coreTrack",
    });
    expect(doerOf("resident")).toEqual({ roles: ["resident"], areaCode: null });
    expect(doerOf("drill-gridWorker-371721123")).toEqual({ roles: ["gridWorker"], areaCode: "371721123" });
  });
});

/** Names that are put together where the event is emitted, with what they may become. */
const familyNames: Readonly<Record<string, readonly string[]>> = {
  "tasks.": ["start", "submit", "approve", "sendBack", "reopen", "reassign"],
  "inspection.": ["rectify", "close", "sendBack", "reopen"],
  "tracing.handOver": ["Accepted", "Refused"],
  "supplies.":
    "asked decided allocated dispatched received settled counted moved donated discarded deliveryAsked deliverySent deliveryReturned deliveryEnded".split(
      " ",
    ),
};

describe("the names of events", () => {
  const root = path.join(import.meta.dirname, "..");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        file.endsWith(".ts") && !/(?:test|fixture|testing\.\w+)\.ts$/.test(file) && !/^(?:drill|desk)/.test(file),
    )
    .map((file) => readFileSync(path.join(root, file), "utf8"));

  it("are those that the modules emit", () => {
    const found = new Set<string>();
    for (const text of sources) {
      if (!/\.emit\(|announce\(/.test(text)) continue;
      const calls = [...text.matchAll(/(?:\.emit|\bannounce|\btold|\btell|\btellBoth)\(([\s\S]{0,260})/g)].map(
        (match) => match[1]?.split(";")[0] ?? "",
      );
      for (const call of calls) {
        const whole = /"([a-z]+\.[a-z][a-zA-Z]+)"/.exec(call)?.[1];
        const begun = /name: `([a-z]+\.[a-zA-Z]*)\$\{/.exec(call)?.[1];
        if (begun !== undefined) for (const end of familyNames[begun] ?? ["?"]) found.add(begun + end);
        else if (whole !== undefined) found.add(whole);
      }
      for (const match of text.matchAll(
        /(?:\? |: )"((?:tracing|screening)\.(?:coreDone|reportDone|tubesLost|tubesRejected))"/g,
      ))
        found.add(match[1] ?? "");
    }
    expect([...found].filter((name) => !eventNames.includes(name)).toSorted()).toEqual([]);
  });

  it("each stand in some module's source", () => {
    const text = sources.join("\n");
    const gone = eventNames.filter((name) => {
      const [, verb = ""] = name.split(".");
      const [begin = ""] =
        Object.entries(familyNames).find(([start, ends]) => ends.some((end) => start + end === name)) ?? [];
      if (begin === "tracing.handOver") return !text.includes(`"${name.slice(begin.length)}"`);
      return !text.includes(`"${begin === "" ? name : verb}"`);
    });
    expect(gone).toEqual([]);
  });

  it("have a permission for every kind of record they are about", () => {
    const types = new Set(
      sources.flatMap((text) =>
        text.includes(".emit(")
          ? [...text.matchAll(/subjectType(?:: | = )"(\w+)"/g)].map((match) => match[1] ?? "")
          : [],
      ),
    );
    // Tasks are about these, but no event is.
    const without = new Set(["person", "doorItem", "letterArea", "probeSignal"]);
    expect([...types].filter((type) => !(type in subjectPermissions) && !without.has(type)).toSorted()).toEqual([]);
  });
});
