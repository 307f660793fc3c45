import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTasks, type NewTask } from "#modules/tasks";
import type { TestWorld } from "#platform/testing";
import type { Ctx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { deskWorld, start, tell } from "./desk.fixture.ts";
import { briefingSoon, caseNumberIn, taskNoticeKind, teamsOf } from "./domain.ts";
import { listNotices, markNoticesRead } from "./index.ts";

const make = useCase({ name: "test.make", permission: "tasks.task.work", kind: "write" }, (tx, tasks: NewTask[]) =>
  createTasks(tx, tasks),
);
const outbreakId = "01890000-0000-7000-8000-000000000001";

function task(subjectId: string, dueAt: string, over: Partial<NewTask> = {}): NewTask {
  const areaCode = "371721123";
  return {
    outbreakId,
    kind: "coreTrack",
    areaCode,
    ownerTeam: "tracing",
    subjectType: "case",
    subjectId,
    dueAt,
    ...over,
  };
}

describe("notices", () => {
  let world: TestWorld;
  const as = (role: string, areaCode = "371721"): Ctx => {
    const permissions = ["desk.notice.read", "desk.notice.write", "tasks.task.read", "screening.round.read"];
    const ctx = world.ctx({ name: role, areaCode, permissions });
    return { ...ctx, actor: { ...ctx.actor, roles: [role] } };
  };
  const kinds = async (ctx: Ctx) =>
    (await listNotices(ctx, {})).items.map(({ kind, subjectId, read }) => `${kind} ${subjectId}${read ? " read" : ""}`);

  beforeAll(async () => {
    world = await deskWorld();
    await make(world.ctx(), [
      task("late", "2022-07-24T02:00:00.000Z"),
      task("soon", "2022-07-24T03:30:00.000Z"),
      task("new", "2022-07-25T00:00:00.000Z"),
      task("other team", "2022-07-25T00:00:00.000Z", { ownerTeam: "grid" }),
      task("other area", "2022-07-25T00:00:00.000Z", { areaCode: "371702" }),
    ]);
    world.clock.set("2022-07-24T02:45:00.000Z");
    const data = { tubeId: 9 };
    await tell(world.ctx(), {
      name: "screening.tubePositive",
      areaCode: "371721123",
      subjectType: "tube",
      subjectId: "9",
      data,
    });
    world.clock.set("2022-07-24T03:00:00.000Z");
  });
  afterAll(() => world.close());

  it("DESK-5: are of the reader's teams and area, each task once and in its latest stage", async () => {
    expect(await kinds(as("tracer"))).toEqual(["tubePositive 9", "soon soon", "late late", "task new"]);
    expect(await kinds(as("gridWorker"))).toEqual(["tubePositive 9", "task other team"]);
    expect(await kinds(as("viewer", "371702"))).toEqual([]);
  });

  it("are paged without losing or repeating one", async () => {
    const first = await listNotices(as("tracer"), { limit: 3 });
    const second = await listNotices(as("tracer"), { limit: 3, cursor: first.next ?? "" });
    expect(first.items).toHaveLength(3);
    expect(second).toMatchObject({ items: [{ kind: "task", subjectId: "new", at: start }], next: null, unread: 4 });
  });

  it("DESK-6: are read for each account, all at once or one by one", async () => {
    const cdc = as("tracer");
    const { items } = await listNotices(cdc, {});
    expect(await markNoticesRead(cdc, { notices: [items[0]?.id ?? ""] })).toEqual({ unread: 3 });
    expect(await kinds(cdc)).toEqual(["tubePositive 9 read", "soon soon", "late late", "task new"]);
    expect(await markNoticesRead(cdc, { until: "2022-07-30T00:00:00.000Z" })).toEqual({ unread: 0 });
    expect(await world.sql.many("select account_id, seen_until from notice_seen")).toEqual([
      { account_id: "tracer", seen_until: "2022-07-24T03:00:00.000Z" },
    ]);
    expect((await listNotices(as("gridWorker"), {})).unread).toBe(2);
    world.clock.set("2022-07-24T03:31:00.000Z");
    expect((await kinds(cdc))[0]).toBe("late soon");
    expect((await listNotices(cdc, {})).unread).toBe(1);
  });

  it("DESK-5: knows a role's teams, the next briefing and what a task is called", () => {
    expect(teamsOf(["sampler", "gridWorker", "auditor"])).toEqual(["sampling", "doorSampling", "grid"]);
    // 08:30 in Shanghai is 00:30 UTC.
    expect(briefingSoon("2022-07-24T00:00:00.000Z", "Asia/Shanghai", 60)).toBe("2022-07-24T00:30:00.000Z");
    expect(briefingSoon("2022-07-24T02:00:00.000Z", "Asia/Shanghai", 60)).toBeNull();
    expect(taskNoticeKind("new", "receiveDirective")).toBe("directive");
    expect(taskNoticeKind("late", "receiveDirective")).toBe("late");
  });

  it.each([
    ["12", 12],
    ["确诊病例12", 12],
    ["Confirmed case 7", 7],
    ["Q2022-07-29-371721-1201", null],
    ["楼庄镇", null],
  ])("DESK-7: reads a case's number out of %s", (text, number) => {
    expect(caseNumberIn(text)).toBe(number);
  });
});
