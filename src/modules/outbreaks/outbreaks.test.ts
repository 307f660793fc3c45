import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ctx, Tx } from "#platform/context";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { currentOutbreak, endOutbreak, module, notePositive, setPhase, setResponseLevel } from "./index.ts";
import {
  compareProtocolVersions,
  getOutbreak,
  listOutbreaks,
  moveToProtocolVersion,
  openOutbreak,
  validateProtocol,
} from "./outbreaks.service.ts";

const heze = {
  name: "菏泽疫情",
  nameEn: "Heze outbreak",
  areaCode: "3717",
  timeZone: "Asia/Shanghai",
  protocolId: "covid-19.cn-9",
};
const nineText = readFileSync(join(import.meta.dirname, "../../../protocols/covid-19.cn-9.yaml"), "utf8");

/** Runs an internal operation as a use case of its own would. */
function inTx<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  const call = useCase(
    { name: "probe.inTx", permission: "outbreaks.outbreak.read", kind: "read" },
    (tx, _input: null) => work(tx),
  );
  return call(ctx, null);
}

describe("outbreaks", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await testWorld({ modules: [module] });
  });
  afterEach(() => world.close());

  it("OUT-1, OUT-2: opens one outbreak with its rules copied into it", async () => {
    const opened = await openOutbreak(world.ctx(), heze);
    expect(opened).toMatchObject({ phase: "activation", responseLevel: "IV", disease: "covid19", drill: false });
    const row = await world.sql.one<{ id: string; days: number }>(
      "select id, (protocol #>> '{contacts,lookbackDays}')::int as days from outbreak",
    );
    expect(row).toEqual({ id: opened.id, days: 2 });
    await expect(openOutbreak(world.ctx(), heze)).rejects.toMatchObject({ params: { rule: "OUT-1" } });
    const seen = await inTx(world.ctx({ areaCode: "371721" }), currentOutbreak);
    expect(seen.protocol.clocks.coreTrack?.minutes).toBe(240);
    expect(await world.sql.many("select 1 from event where name = 'outbreaks.opened'")).toHaveLength(1);
  });

  it("refuses an unknown protocol, time zone or level, and a county that opens a city's outbreak", async () => {
    const ctx = world.ctx();
    await expect(openOutbreak(ctx, { ...heze, protocolId: "none" })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(openOutbreak(ctx, { ...heze, timeZone: "Mars/Base" })).rejects.toMatchObject({
      code: "request.invalid",
    });
    await expect(openOutbreak(ctx, { ...heze, responseLevel: "V" })).rejects.toMatchObject({ code: "request.invalid" });
    await expect(openOutbreak(world.ctx({ areaCode: "371721" }), heze)).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    expect(await world.sql.many("select 1 from outbreak")).toEqual([]);
  });

  it("OUT-3: a move to other rules is recorded and read at once", async () => {
    const { id } = await openOutbreak(world.ctx(), heze);
    await inTx(world.ctx(), currentOutbreak);
    world.clock.forward(60);
    await moveToProtocolVersion(world.ctx(), {
      outbreakId: id,
      protocolId: "covid-19.cn-20-measures",
      reason: "joint-control notice",
    });
    const now = await inTx(world.ctx(), currentOutbreak);
    expect([now.protocolVersion, now.protocol.plans.secondary]).toEqual(["9.20", undefined]);
    const detail = await getOutbreak(world.ctx(), { id });
    expect(detail.moves).toMatchObject([
      { revision: 1, protocolId: "covid-19.cn-9", reason: "opened" },
      { revision: 2, protocolId: "covid-19.cn-20-measures", fromAt: "2022-07-24T01:00:00.000Z", movedBy: "tester" },
    ]);
    await expect(
      moveToProtocolVersion(world.ctx(), { outbreakId: id, protocolId: "mers.who", reason: "x" }),
    ).rejects.toMatchObject({ params: { rule: "OUT-3" } });
  });

  it("takes edited rules as text and names the wrong line", async () => {
    const { id } = await openOutbreak(world.ctx(), heze);
    const text = nineText.replace("lookbackDays: 2", "lookbackDays: 4").replace('"9.0"', '"9.1"');
    await moveToProtocolVersion(world.ctx(), { outbreakId: id, text, reason: "Luzhou's look-back" });
    expect((await inTx(world.ctx(), currentOutbreak)).protocol.contacts.lookbackDays).toBe(4);
    const wrong = text.replace("lookbackDays: 4", "lookbackDays: four");
    const line = wrong.slice(0, wrong.indexOf("lookbackDays: four")).split("\n").length;
    const fault = { pointer: "/contacts/lookbackDays", message: "must be integer", line };
    expect(await validateProtocol(world.ctx(), { text: wrong })).toEqual({ valid: false, faults: [fault] });
    expect(await validateProtocol(world.ctx(), { text })).toEqual({ valid: true, faults: [] });
    await expect(
      moveToProtocolVersion(world.ctx(), { outbreakId: id, text: wrong, reason: "x" }),
    ).rejects.toMatchObject({
      fields: [{ pointer: "/contacts/lookbackDays", detail: `line ${line}: must be integer` }],
    });
  });

  it("OUT-4, OUT-5, OUT-6: phases, the clock of the first positive, and the end", async () => {
    const { id } = await openOutbreak(world.ctx(), heze);
    const ctx = world.ctx();
    await inTx(ctx, (tx) => notePositive(tx, { outbreakId: id, at: "2022-07-24T02:00:00.000Z" }));
    await inTx(ctx, (tx) => notePositive(tx, { outbreakId: id, at: "2022-07-23T14:21:00.000Z" }));
    await inTx(ctx, (tx) => notePositive(tx, { outbreakId: id, at: "2022-07-25T02:00:00.000Z" }));
    expect(await inTx(ctx, (tx) => setPhase(tx, { outbreakId: id, phase: "containment" }))).toBe(true);
    expect(await inTx(ctx, (tx) => setPhase(tx, { outbreakId: id, phase: "containment" }))).toBe(false);
    await inTx(ctx, (tx) => setResponseLevel(tx, { outbreakId: id, level: "II" }));
    await expect(inTx(ctx, (tx) => endOutbreak(tx, { outbreakId: id }))).rejects.toMatchObject({
      params: { rule: "OUT-6" },
    });
    world.clock.set("2022-08-26T00:00:00.000Z");
    await inTx(ctx, (tx) => setPhase(tx, { outbreakId: id, phase: "allClear" }));
    await inTx(ctx, (tx) => endOutbreak(tx, { outbreakId: id }));
    const detail = await getOutbreak(ctx, { id });
    expect(detail).toMatchObject({
      phase: "allClear",
      responseLevel: "II",
      firstPositiveAt: "2022-07-23T14:21:00.000Z",
      allClearAt: "2022-08-26T00:00:00.000Z",
      closedAt: "2022-08-26T00:00:00.000Z",
    });
    expect(detail.stages.map((stage) => stage.value)).toEqual(["activation", "IV", "containment", "II", "allClear"]);
    const next = await openOutbreak(ctx, { ...heze, protocolId: "mers.who" });
    expect(next.phase).toBe("activation");
    expect((await listOutbreaks(ctx, { limit: 1 })).items).toMatchObject([{ disease: "mers" }]);
  });

  it("compares two protocols leaf by leaf", async () => {
    const rows = await compareProtocolVersions(world.ctx(), { from: "covid-19.cn-9", to: "covid-19.cn-20-measures" });
    expect(rows).toContainEqual({ pointer: "/plans/close/segments/0/days", from: "7", to: "5" });
    expect(rows).toContainEqual({ pointer: "/zones/lift/0/to", from: '"medium"', to: '"low"' });
    expect(await compareProtocolVersions(world.ctx(), { from: "mers.who", to: "mers.who" })).toEqual([]);
  });
});
