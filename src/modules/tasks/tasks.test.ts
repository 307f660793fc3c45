import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMinutes } from "#kernel/time";
import { module as areas } from "#modules/areas";
import { movableClock } from "#platform/clocks";
import { runDuty, useCase } from "#platform/usecase";
import { testWorld, type TestWorld } from "#platform/testing";
import {
  approveTask,
  createTasks,
  escalateDue,
  getTask,
  lateByKind,
  listOverdue,
  listTasks,
  module,
  reopenTask,
  startTask,
  submitTask,
  type NewTask,
} from "./index.ts";
import { escalationLevel, nextState } from "./domain.ts";

const outbreakId = "01890000-0000-7000-8000-000000000001";
const make = useCase({ name: "test.make", permission: "tasks.task.work", kind: "write" }, (tx, tasks: NewTask[]) =>
  createTasks(tx, tasks),
);

function taskIn(areaCode: string, over: Partial<NewTask> = {}): NewTask {
  return {
    outbreakId,
    kind: "doorResample",
    areaCode,
    ownerTeam: "doorSampling",
    subjectType: "tube",
    subjectId: "T1",
    dueAt: "2022-07-24T02:00:00.000Z",
    ...over,
  };
}

describe("task rules", () => {
  const open = { state: "open" as const, needsSecondCheck: true, submittedBy: null };
  it.each([
    ["TASK-2 start", open, "start", "a", "started"],
    ["TASK-2 submit needs a check", open, "submit", "a", "submitted"],
    ["TASK-2 submit closes", { ...open, needsSecondCheck: false }, "submit", "a", "closed"],
    ["TASK-2 approve an open task", open, "approve", "a", "state.notAllowed"],
    [
      "TASK-3 approve one's own",
      { ...open, state: "submitted" as const, submittedBy: "a" },
      "approve",
      "a",
      "rule.refused",
    ],
    ["TASK-3 approve another's", { ...open, state: "submitted" as const, submittedBy: "a" }, "approve", "b", "closed"],
  ] as const)("%s", (_rule, task, action, actor, expected) => {
    const result = nextState(task, action, actor);
    expect(result.ok ? result.value : result.refusal.code).toBe(expected);
  });

  it("TASK-4: a late task climbs one level at once and another every four hours", () => {
    const due = "2022-07-24T02:00:00.000Z";
    expect([-1, 0, 1, 239, 240, 1_000].map((late) => escalationLevel(due, addMinutes(due, late), 3))).toEqual([
      0, 0, 1, 1, 2, 3,
    ]);
  });
});

describe("tasks", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [areas, module], at: "2022-07-24T00:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao'),
       ('371721123', '371721', 'town', 'town', '楼庄镇', 'Louzhuang'), ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan')`,
    );
  });
  afterAll(() => world.close());

  it("pages an area's tasks by what is due first and hides the rest", async () => {
    const tasks = Array.from({ length: 5 }, (_, i) =>
      taskIn("371721123", { subjectId: `T${i}`, dueAt: addMinutes("2022-07-24T02:00:00.000Z", i) }),
    );
    await make(world.ctx(), [...tasks, taskIn("371702", { subjectId: "M" })]);
    const ctx = world.ctx({ areaCode: "371721123" });
    const first = await listTasks(ctx, { limit: 3 });
    const second = await listTasks(ctx, { limit: 3, cursor: first.next ?? "" });
    expect([...first.items, ...second.items].map((task) => task.subjectId)).toEqual(["T0", "T1", "T2", "T3", "T4"]);
    expect(second.next).toBeNull();
    const last = await listTasks(ctx, { limit: 3, sort: "-due" });
    const before = await listTasks(ctx, { limit: 3, sort: "-due", cursor: last.next ?? "" });
    expect([...last.items, ...before.items].map((task) => task.subjectId)).toEqual(["T4", "T3", "T2", "T1", "T0"]);
    await expect(listTasks(ctx, { limit: 3, cursor: last.next ?? "" })).rejects.toMatchObject({
      code: "request.invalid",
    });
    expect((await listTasks(world.ctx({ areaCode: "371702" }), { areaCode: "" })).items).toHaveLength(1);
  });

  it("I12: who did the work cannot sign it off, in the service and in the table", async () => {
    const [id] = await make(world.ctx(), [taskIn("371721", { needsSecondCheck: true, subjectId: "S" })]);
    const doer = world.ctx({ name: "doer" });
    await startTask(doer, { id: id as string });
    await submitTask(doer, { id: id as string, evidence: { note: "done" } });
    await expect(approveTask(doer, { id: id as string })).rejects.toMatchObject({ code: "rule.refused" });
    await expect(
      world.sql.run("update task set state = 'closed', closed_by = 'doer' where id = $1", [id]),
    ).rejects.toThrow("check constraint");
    expect(await approveTask(world.ctx({ name: "checker" }), { id: id as string })).toMatchObject({ state: "closed" });
    expect(
      await reopenTask(world.ctx({ name: "checker" }), { id: id as string, evidence: { note: "not done" } }),
    ).toMatchObject({ state: "open", reopenedCount: 1 });
  });

  it("shows one task with what was shown for it, inside the reader's area only", async () => {
    const [id] = await make(world.ctx(), [taskIn("371721123", { subjectId: "D" })]);
    await submitTask(world.ctx({ name: "doer" }), {
      id: id as string,
      evidence: { note: "swabbed", files: ["a.jpg"] },
    });
    const detail = await getTask(world.ctx({ areaCode: "371721" }), { id: id as string });
    expect(detail).toMatchObject({ state: "closed", evidence: { note: "swabbed", files: ["a.jpg"] } });
    await expect(getTask(world.ctx({ areaCode: "371702" }), { id: id as string })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await expect(getTask(world.ctx({ permissions: [] }), { id: id as string })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });

  it("refuses a task of another area", async () => {
    const [id] = await make(world.ctx(), [taskIn("371702", { subjectId: "X" })]);
    await expect(startTask(world.ctx({ areaCode: "371721" }), { id: id as string })).rejects.toMatchObject({
      code: "record.notFound",
    });
  });

  it("TASK-4: carries late tasks up the area tree", async () => {
    world.clock.set("2022-07-24T03:00:00.000Z");
    await runDuty(world.ctx(), escalateDue);
    expect(await world.sql.one("select escalated_to, escalated_level from task where subject_id = 'T0'")).toEqual({
      escalated_to: "371721",
      escalated_level: 1,
    });
    world.clock.set("2022-07-24T07:10:00.000Z");
    await runDuty(world.ctx(), escalateDue);
    expect(await world.sql.one("select escalated_to, escalated_level from task where subject_id = 'T0'")).toEqual({
      escalated_to: "3717",
      escalated_level: 2,
    });
    const overdue = await listOverdue(world.ctx({ areaCode: "371721" }), {});
    expect(overdue.reduce((sum, row) => sum + row.count, 0)).toBe(6);
  });

  it("counts by kind, team and county what was or is late, with the median of the late alone", async () => {
    const own = "01890000-0000-7000-8000-00000000000a";
    const now = "2022-07-24T12:00:00.000Z";
    const kinds = ["doorResample", "transfer", "onTime"] as const;
    const counties = ["371721", "371702"] as const;
    // Minutes late of each task; two of a number lie together, and groups of odd and of even size stand beside each other.
    const late = Array.from({ length: 61 }, (_, i) => ((i * 37) % 23) * 10 - 60);
    const tasks = late.map((minutes, i) => {
      const kind = kinds[i % 3] ?? "onTime";
      const minutesLate = kind === "onTime" ? Math.min(minutes, 0) : minutes;
      const done = i % 4 !== 0;
      const dueAt = addMinutes(now, -minutesLate - (done ? 30 : 0));
      return {
        kind,
        minutesLate,
        done,
        county: counties[i % 2] ?? "371721",
        dueAt,
        subjectId: `L${i}`,
        cancelled: i % 10 === 9,
      };
    });
    await make(
      world.ctx(),
      tasks.map(({ kind, county, dueAt, subjectId }) => taskIn(county, { outbreakId: own, kind, dueAt, subjectId })),
    );
    for (const { subjectId, done, cancelled } of tasks)
      await world.sql.run(
        "update task set submitted_at = $2::timestamptz, state = case when $3 then 'cancelled' else state end where subject_id = $1",
        [subjectId, done ? addMinutes(now, -30) : null, cancelled],
      );
    const expected = kinds.flatMap((kind) =>
      counties.flatMap((areaCode) => {
        const group = tasks.filter((task) => task.kind === kind && task.county === areaCode && !task.cancelled);
        const minutes = group
          .flatMap(({ minutesLate }) => (minutesLate > 0 ? [minutesLate] : []))
          .toSorted((a, b) => a - b);
        const middle = (minutes.length - 1) / 2;
        const median = ((minutes[Math.floor(middle)] ?? 0) + (minutes[Math.ceil(middle)] ?? 0)) / 2;
        const open = group.filter(({ done }) => !done).length;
        return minutes.length === 0
          ? []
          : [
              {
                kind,
                areaCode,
                tasks: group.length,
                late: minutes.length,
                open,
                medianLateMin: median,
                worstLateMin: minutes.at(-1),
              },
            ];
      }),
    );
    expect(new Set(expected.map((row) => row.late % 2)).size).toBe(2);
    let rows: Awaited<ReturnType<typeof lateByKind>> = [];
    await runDuty({ ...world.ctx(), clock: movableClock(now) }, async (tx) => {
      rows = await lateByKind(tx, { outbreakId: own, areaCode: "3717", limit: 10 });
    });
    const byName = (a: { kind: string; areaCode: string }, b: { kind: string; areaCode: string }) =>
      `${a.kind} ${a.areaCode}`.localeCompare(`${b.kind} ${b.areaCode}`);
    expect(rows.toSorted(byName)).toEqual(
      expected.toSorted(byName).map((row) => ({ ...row, team: "doorSampling", escalated: 0, reopened: 0 })),
    );
    expect(rows.map((row) => row.late)).toEqual(rows.map((row) => row.late).toSorted((a, b) => b - a));
  });
});
