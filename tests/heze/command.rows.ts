import { expect } from "vitest";
import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import { loadAreas, module as areas, type AreaRow } from "#modules/areas";
import { diagnoseCase, module as cases, registerCase } from "#modules/cases";
import {
  changeResponseLevel,
  checkPhases,
  getCurve,
  holdBriefing,
  listBriefings,
  listReopening,
  listRelays,
  module as command,
  openResponse,
  planReopening,
  relayDirective,
  reopenStep,
} from "#modules/command";
import { module as isolation } from "#modules/isolation";
import { currentOutbreak, module as outbreaks } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { draftBulletin, module as reports } from "#modules/reports";
import { module as screening } from "#modules/screening";
import { listTasks, module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { countZones, drawZone, module as zones, publishZone } from "#modules/zones";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

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
  reports,
  command,
];
const city = "3717";
const cao = "371721";
const counties = ["371702", "371771", "371772", cao] as const;
const town = "371721107";
const village = `${town}201`;
const villagesNeeded = 70;
const sick = { natPositive: true, epiHistory: true, feverOrRespiratory: true, imagingFeatures: true };
const well = { natPositive: true, epiHistory: true };
const figuresOf = (row: HezeRow["figures"], name: string): number => Number(row[name]);

/** The response of Heze with its counties, the town of the first night, and villages enough for its zones. */
async function heze(world: TestWorld, at: string): Promise<void> {
  world.clock.set(at);
  const area = (code: string, parentCode: string | null, level: AreaRow["level"]): AreaRow => ({
    code,
    parentCode,
    level,
    kind: level,
    name: code === town ? "楼庄镇" : code,
    nameEn: code,
    population: 1_000,
    lat: null,
    lon: null,
    boundary: null,
    position: "exact",
  });
  const villages = Array.from({ length: villagesNeeded }, (_, i) => area(`${town}${201 + i}`, town, "village"));
  await runDuty(world.ctx(), (tx) =>
    loadAreas(tx, [
      area(city, null, "city"),
      ...counties.map((code) => area(code, city, "county")),
      area(town, cao, "town"),
      ...villages,
    ]),
  );
  await openResponse(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: city,
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
}

/** Infections found now, in the community unless told otherwise. */
async function infections(
  world: TestWorld,
  { confirmed, asymptomatic }: { confirmed: number; asymptomatic: number },
  provenance: "clinic" | "centralQuarantine" = "clinic",
): Promise<void> {
  const now = world.clock.now();
  const total = confirmed + asymptomatic;
  const rows = Array.from({ length: total }, (_, i) => ({ ref: `${now} ${i}`, areaCode: village, name: `某${i}` }));
  const ids = await runDuty(world.ctx(), (tx) => registerPeople(tx, { register: "test", people: rows }));
  for (const [i, personId] of ids.entries()) {
    const found = { personId, provenance, source: "clinic" as const, sampledAt: now, positiveAt: now };
    const { caseId } = await registerCase(world.ctx(), found);
    await diagnoseCase(world.ctx(), {
      caseId,
      ...(i < confirmed ? { facts: sick, severity: "mild", onsetAt: now } : { facts: well }),
    });
  }
}

async function drawZones(world: TestWorld, high: number, medium: number): Promise<void> {
  for (let i = 0; i < high + medium; i++) {
    // The cases' own village is proposed by the rules themselves.
    const code = `${town}${202 + i}`;
    const level = i < high ? "high" : "medium";
    const { id } = await drawZone(world.ctx(), {
      areaCode: code,
      unit: "village",
      unitCode: code,
      name: code,
      level,
      reason: "疫点所在村",
    });
    await publishZone(world.ctx(), { id });
  }
}

async function inForce(world: TestWorld): Promise<{ high: number; medium: number }> {
  const counts = await countZones(world.ctx(), {});
  return {
    high: counts.reduce((sum, row) => sum + row.high, 0),
    medium: counts.reduce((sum, row) => sum + row.medium, 0),
  };
}

const orderAbove = {
  kind: "above" as const,
  issuedBy: "省市前线联合指挥部",
  title: { "zh-CN": "从严从紧落实管控措施", en: "Tighten the measures" },
  body: { "zh-CN": "当日传达到各县区", en: "To every county on the same day" },
};

/** A plan of one area, open when the wall clock of the account says so and everything holds; nobody is found meanwhile. */
function reopens(
  row: string,
  step: { code: string; areaCodes: readonly string[]; kind: "area" | "busLine"; at: string },
): HezeRow {
  return {
    row,
    figures: { at: step.at },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-24T01:00:00.000Z");
      await infections(world, { confirmed: 1, asymptomatic: 0 });
      const steps = step.areaCodes.map((areaCode) => ({
        areaCode,
        code: `${step.code}-${areaCode}`,
        batch: 1,
        kind: step.kind,
        name: { "zh-CN": step.code, en: step.code },
        plannedAt: String(figures["at"]),
      }));
      await planReopening(world.ctx({ areaCode: city }), { steps });
      // While it is too early the plan says what is missing and nothing opens.
      const early = (await listReopening(world.ctx({ areaCode: city }), {})).items;
      expect(early.map(({ plannedAt, ready }) => ({ plannedAt, ready }))).toEqual(
        steps.map(({ plannedAt }) => ({ plannedAt, ready: false })),
      );
      await expect(reopenStep(world.ctx({ areaCode: city }), { id: early[0]?.id ?? "" })).rejects.toMatchObject({
        code: "rule.refused",
      });
      world.clock.set(String(figures["at"]));
      for (const { id } of (await listReopening(world.ctx({ areaCode: city }), { state: "planned" })).items)
        expect(await reopenStep(world.ctx({ areaCode: city }), { id })).toMatchObject({
          state: "reopened",
          late: false,
          reopenedAt: figures["at"],
        });
    },
  };
}

/** The rows of the account that the command post carries. */
export const rows: readonly HezeRow[] = [
  {
    row: "Command post (指挥部)",
    figures: { morning: "08:30", evening: "19:30" },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-24T00:30:00.000Z");
      await holdBriefing(world.ctx(), { slot: "08:30" });
      world.clock.set("2022-07-24T11:30:00.000Z");
      await holdBriefing(world.ctx(), { slot: "19:30" });
      const held = (await listBriefings(world.ctx(), {})).items;
      expect(held.map(({ slot }) => slot)).toEqual([figures["evening"], figures["morning"]]);
      // An order from above reaches every county in one call, each with its receipt and its report to give.
      const relayed = await relayDirective(world.ctx({ areaCode: city }), orderAbove);
      expect(relayed.relays.map(({ areaCode }) => areaCode).toSorted()).toEqual([...counties].toSorted());
      for (const areaCode of counties)
        expect((await listRelays(world.ctx({ areaCode }), { state: "relayed" })).items).toHaveLength(1);
    },
  },
  {
    row: "24 Jul evening",
    figures: { slot: "19:30", police: 42, town: "楼庄镇" },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-24T11:30:00.000Z");
      const text = {
        "zh-CN": `当晚派特警 ${figures["police"]} 人赴${figures["town"]}`,
        en: `${figures["police"]} special police to the town tonight`,
      };
      const slot = figures["slot"] === "19:30" ? "19:30" : "08:30";
      const held = await holdBriefing(world.ctx(), { slot, decisions: [{ areaCode: town, text, team: "police" }] });
      expect(held.decisions).toContainEqual(expect.objectContaining({ areaCode: town, text, team: "police" }));
      const [task] = (await listTasks(world.ctx({ areaCode: town }), { team: "police" })).items;
      expect(task).toMatchObject({ areaCode: town, state: "open" });
      // Carried out the same night: it is due when the next meeting asks for it.
      expect(task?.dueAt).toBe("2022-07-25T00:30:00.000Z");
    },
  },
  {
    row: "25 Jul",
    figures: { relayWithinHours: 24 },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-25T11:30:00.000Z");
      const receivedAt = addHours(world.clock.now(), -1);
      const relayed = await relayDirective(world.ctx({ areaCode: city }), { ...orderAbove, receivedAt });
      expect(relayed.relays).toHaveLength(counties.length);
      expect(relayed.relayedAt <= addHours(receivedAt, figuresOf(figures, "relayWithinHours"))).toBe(true);
      expect(relayed.relayDueAt <= addHours(receivedAt, figuresOf(figures, "relayWithinHours"))).toBe(true);
      const open = (await listTasks(world.ctx({ areaCode: cao }), { team: "command" })).items;
      expect(open.map(({ kind }) => kind).toSorted()).toEqual(["receiveDirective", "reportDirective"]);
    },
  },
  {
    row: "28 Jul",
    figures: { confirmed: 5, asymptomatic: 93, high: 38, medium: 27 },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-28T02:00:00.000Z");
      const [confirmed, asymptomatic] = [figuresOf(figures, "confirmed"), figuresOf(figures, "asymptomatic")];
      await infections(world, { confirmed, asymptomatic });
      await drawZones(world, figuresOf(figures, "high"), figuresOf(figures, "medium"));
      expect(await inForce(world)).toEqual({ high: figures["high"], medium: figures["medium"] });
      const day = (await getCurve(world.ctx(), {})).find((row) => row.day === "2022-07-28");
      expect(day?.byReport).toMatchObject({ confirmed, asymptomatic });
      world.clock.set("2022-07-28T11:30:00.000Z");
      const held = await holdBriefing(world.ctx(), { slot: "19:30" });
      const of = (name: string) =>
        held.figures.filter((row) => row.figure === name).reduce((sum, row) => sum + row.change, 0);
      expect([of("confirmed"), of("asymptomatic"), of("zones")]).toEqual([confirmed, asymptomatic, 38 + 27]);
    },
  },
  {
    row: "3 Aug",
    figures: { daysFromStart: 10, underControl: 3 },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-24T02:00:00.000Z");
      await infections(world, { confirmed: 1, asymptomatic: 0 });
      world.clock.set("2022-07-30T02:00:00.000Z");
      await infections(world, { confirmed: 0, asymptomatic: 1 });
      // From here on every new positive is found among people already under control.
      world.clock.set("2022-08-02T02:00:00.000Z");
      await infections(world, { confirmed: 0, asymptomatic: figuresOf(figures, "underControl") }, "centralQuarantine");
      expect((await checkPhases(world.ctx(), {})).entered).not.toContain("communityZero");
      world.clock.set("2022-08-02T16:30:00.000Z");
      expect((await checkPhases(world.ctx(), {})).entered).toContain("communityZero");
      const outbreak = await runDuty(world.ctx(), currentOutbreak);
      const zero = need(outbreak.communityZeroAt, "community zero was reached");
      const days = Math.round((Date.parse(zero) - Date.parse("2022-07-23T16:00:00.000Z")) / 86_400_000);
      expect(days).toBe(figures["daysFromStart"]);
    },
  },
  {
    row: "8 Aug",
    figures: { confirmed: 0, asymptomatic: 0 },
    modules,
    async play(world, figures) {
      await heze(world, "2022-08-07T02:00:00.000Z");
      await infections(world, { confirmed: 0, asymptomatic: 2 }, "centralQuarantine");
      world.clock.set("2022-08-08T00:30:00.000Z");
      await holdBriefing(world.ctx(), { slot: "08:30" });
      world.clock.set("2022-08-08T11:30:00.000Z");
      const held = await holdBriefing(world.ctx(), { slot: "19:30" });
      const of = (name: string) =>
        held.figures.filter((row) => row.figure === name).reduce((sum, row) => sum + row.change, 0);
      expect({ confirmed: of("confirmed"), asymptomatic: of("asymptomatic") }).toEqual(figures);
      const day = (await getCurve(world.ctx(), {})).find((row) => row.day === "2022-08-08");
      expect(day?.byReport ?? figures).toMatchObject(figures);
    },
  },
  {
    row: "10 Aug 08:00",
    figures: { at: "2022-08-10T00:00:00.000Z", high: 38, medium: 27 },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-28T02:00:00.000Z");
      await drawZones(world, figuresOf(figures, "high"), figuresOf(figures, "medium"));
      const step = { areaCode: cao, code: "cao", batch: 1, kind: "area" as const, plannedAt: String(figures["at"]) };
      const preconditions = [{ rule: "REO-ZONES", measure: "zonesAboveLow" as const, op: "atMost" as const, value: 0 }];
      await planReopening(world.ctx({ areaCode: city }), {
        steps: [{ ...step, name: { "zh-CN": "曹县", en: "Cao" }, preconditions }],
      });
      const ready = async () => (await listReopening(world.ctx({ areaCode: city }), {})).items[0]?.ready;
      expect(await ready()).toBe(false);
      world.clock.set(String(figures["at"]));
      // Lifting one by one has rules of its own (ZONE-*), tested there; here all are lifted at the hour of the account.
      await world.sql.run("update zone set state = 'lifted', lifted_at = $1 where state = 'published'", [
        world.clock.now(),
      ]);
      expect(await inForce(world)).toEqual({ high: 0, medium: 0 });
      expect(await ready()).toBe(true);
    },
  },
  reopens("13 Aug 12:00", {
    code: "stage-1",
    areaCodes: ["371702", "371771", "371772"],
    kind: "area",
    at: "2022-08-13T04:00:00.000Z",
  }),
  reopens("15 Aug 08:00", { code: "stage-2", areaCodes: [cao], kind: "area", at: "2022-08-15T00:00:00.000Z" }),
  reopens("from 17 Aug", { code: "bus", areaCodes: [city], kind: "busLine", at: "2022-08-16T22:00:00.000Z" }),
  {
    row: "Mechanisms",
    figures: { level: "I" },
    modules,
    async play(world, figures) {
      await heze(world, "2022-07-24T00:30:00.000Z");
      // Emergency levels: the level is set, stands with the outbreak, and its measures reach every county with a task.
      await changeResponseLevel(world.ctx(), { level: String(figures["level"]) });
      expect((await runDuty(world.ctx(), currentOutbreak)).responseLevel).toBe(figures["level"]);
      const told = (await listRelays(world.ctx({ areaCode: city }), { state: "relayed" })).items;
      expect(told.map(({ areaCode }) => areaCode).toSorted()).toEqual([...counties].toSorted());
      // Reporting and public information: the case's report has its two hours, and the figures become a bulletin.
      await infections(world, { confirmed: 1, asymptomatic: 0 });
      const report = "select due_at from task where kind = 'reportStatutory' and state = 'open'";
      expect(await world.sql.many(report)).toEqual([{ due_at: addHours(world.clock.now(), 2) }]);
      world.clock.forward(1);
      await holdBriefing(world.ctx(), { slot: "08:30" });
      const bulletin = await draftBulletin(world.ctx(), {});
      expect(bulletin).toMatchObject({ kind: "bulletin", no: 1, state: "draft" });
      // Supervision: what is late stands on the overdue list.
      world.clock.forward(180);
      expect((await listTasks(world.ctx(), { overdue: true })).items.map(({ kind }) => kind)).toContain(
        "reportStatutory",
      );
    },
  },
];
