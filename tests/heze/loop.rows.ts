import { expect } from "vitest";
import { need } from "#kernel/assert";
import { addHours, addMinutes } from "#kernel/time";
import { module as areas } from "#modules/areas";
import {
  diagnoseCase,
  listCases,
  listPositiveTubes,
  module as cases,
  registerCase,
  reportStatutory,
} from "#modules/cases";
import { getClocks, module as command } from "#modules/command";
import { module as isolation } from "#modules/isolation";
import { currentOutbreak, module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as reports } from "#modules/reports";
import {
  closeRound,
  handOverBoxes,
  openRound,
  receiveBoxes,
  registerLabs,
  registerSites,
  reportResults,
  roundProgress,
  module as screening,
  uploadTubes,
} from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { identifyContacts, listContacts, module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { module as zones } from "#modules/zones";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const village = "371721102201";
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
const sick = { natPositive: true, epiHistory: true, feverOrRespiratory: true, imagingFeatures: true };

/** The village where it began: an outbreak, its people, one sampling site and one laboratory. */
async function villageAt(world: TestWorld, at: string) {
  world.clock.set(at);
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const rows = Array.from({ length: 20 }, (_, i) => ({
    ref: `p${i}`,
    areaCode: village,
    name: `村民${i}`,
    household: `${village}-${Math.floor(i / 4)}`,
  }));
  const personIds = await runDuty(world.ctx(), (tx) => registerPeople(tx, { register: "test", people: rows }));
  const sites = await registerSites(world.ctx(), {
    areaCode: "3717",
    sites: [{ code: "S1", areaCode: village, name: "前韩村采样点" }],
  });
  const labs = await registerLabs(world.ctx(), {
    areaCode: "3717",
    labs: [{ code: "L1", areaCode: "3717", name: "市疾控", capacityTubesDay: 1_000 }],
  });
  const round = await openRound(world.ctx(), { areaCode: "3717", areaType: "urban" });
  return { personIds, siteId: sites["S1"] ?? "", labId: labs["L1"] ?? "", roundId: round.roundId };
}
type Village = Awaited<ReturnType<typeof villageAt>>;

/** Collect, deliver, test and report one box of tubes, an hour apart. */
async function tubesThrough(
  world: TestWorld,
  place: Village,
  tubes: readonly { barcode: string; personIds: readonly number[]; result: "negative" | "positive" }[],
): Promise<void> {
  const ctx = world.ctx();
  await uploadTubes(ctx, {
    roundId: place.roundId,
    siteId: place.siteId,
    box: "B1",
    tubes: tubes.map(({ barcode, personIds }) => ({
      barcode,
      kind: "pool" as const,
      personIds: [...personIds],
      at: world.clock.now(),
    })),
  });
  world.clock.forward(60);
  await handOverBoxes(ctx, { siteId: place.siteId, courier: "driver", boxes: [{ code: "B1", seal: "s1" }] });
  world.clock.forward(60);
  await receiveBoxes(ctx, { labId: place.labId, courier: "driver", boxes: [{ code: "B1", counted: tubes.length }] });
  world.clock.forward(60);
  const results = tubes.map(({ barcode, result }) => ({ barcode, result }));
  expect(await reportResults(ctx, { labId: place.labId, results })).toMatchObject({ bad: [] });
}

/** The first case of the wave, diagnosed. */
async function firstCase(world: TestWorld, personId: number) {
  const { caseId } = await registerCase(world.ctx(), { personId, provenance: "community", source: "clinic" });
  await diagnoseCase(world.ctx(), { caseId, facts: sick, severity: "mild", onsetAt: world.clock.now() });
  return caseId;
}

/** The rows of the account that the loop itself carries: tubes, cases, contacts. */
export const rows: readonly HezeRow[] = [
  {
    row: "24 Jul 0–12 h",
    figures: { confirmedNo: 1, county: "371721", from: "2022-07-23T16:00:00.000Z", to: "2022-07-24T04:00:00.000Z" },
    modules,
    async play(world, figures) {
      const place = await villageAt(world, "2022-07-24T01:00:00.000Z");
      const caseId = await firstCase(world, need(place.personIds[0], "the village has people"));
      const [found] = (await listCases(world.ctx({ areaCode: String(figures["county"]) }), { state: "confirmed" }))
        .items;
      expect(found).toMatchObject({
        id: caseId,
        number: `Confirmed case ${figures["confirmedNo"]}`,
        areaCode: village,
      });
      // It starts the outbreak's clock, within the account's half day, and the two hours of its report.
      const outbreak = await runDuty(world.ctx(), currentOutbreak);
      expect(outbreak.firstPositiveAt).not.toBeNull();
      expect(outbreak.firstPositiveAt ?? "").toMatch(/^2022-07-24T0[0-4]/);
      expect((outbreak.firstPositiveAt ?? "") < String(figures["to"])).toBe(true);
      world.clock.forward(119);
      expect(await reportStatutory(world.ctx(), { caseId })).toEqual({ inTime: true });
    },
  },
  {
    row: "Testing (采送检报: collect, deliver, test, report)",
    figures: { roundHours: 24 },
    modules,
    async play(world, figures) {
      const place = await villageAt(world, "2022-07-24T04:00:00.000Z");
      const opened = world.clock.now();
      const pools = [place.personIds.slice(0, 10), place.personIds.slice(10)];
      await tubesThrough(
        world,
        place,
        pools.map((personIds, i) => ({ barcode: `T${i + 1}`, personIds, result: "negative" as const })),
      );
      const progress = await roundProgress(world.ctx(), { roundId: place.roundId });
      expect(progress).toMatchObject({ dueAt: addHours(opened, Number(figures["roundHours"])) });
      expect(progress).toMatchObject({ due: 20, sampled: 20, resulted: 20 });
      await closeRound(world.ctx(), { roundId: place.roundId });
      const clock = (await getClocks(world.ctx(), {})).find(({ arrow }) => arrow === "roundOpenToResulted");
      expect(clock).toMatchObject({ n: 1, inTimeShare: 1 });
    },
  },
  {
    row: "Mixed-tube positives (混管阳性)",
    figures: { holdMinutes: 0 },
    modules,
    async play(world, figures) {
      const place = await villageAt(world, "2022-07-24T04:00:00.000Z");
      await tubesThrough(world, place, [
        { barcode: "T1", personIds: place.personIds.slice(0, 10), result: "positive" },
        { barcode: "T2", personIds: place.personIds.slice(10), result: "negative" },
      ]);
      const [tube] = (await listPositiveTubes(world.ctx({ areaCode: village }), {})).items;
      expect(tube).toMatchObject({ barcode: "T1", held: 10, rechecked: 0, state: "open" });
      // Measures run while the re-check does: everybody is held in the result's own minute, and the door squad has its task.
      expect(tube?.heldAt).toBe(addMinutes(tube?.resultedAt ?? "", Number(figures["holdMinutes"])));
      const clock = (await getClocks(world.ctx(), {})).find(({ arrow }) => arrow === "resultToHold");
      expect(clock).toMatchObject({ medianMin: figures["holdMinutes"], inTimeShare: 1 });
      expect(
        await world.sql.many("select 1 from task where kind = 'doorSampling' and subject_id = $1", [String(tube?.id)]),
      ).toHaveLength(1);
    },
  },
  {
    row: "Tracing (流调溯源)",
    figures: { sameDayHours: 24, closeHours: 8, secondaryHours: 12 },
    modules,
    async play(world, figures) {
      const place = await villageAt(world, "2022-07-24T01:00:00.000Z");
      const [patient = 0, , , , guest = 0] = place.personIds;
      const caseId = await firstCase(world, patient);
      await identifyContacts(world.ctx(), {
        caseId,
        exposures: [{ personId: guest, setting: "meal", overlapMinutes: 90, gapMinutes: 0, place: "家宴" }],
      });
      const found = (await listContacts(world.ctx({ areaCode: village }), { kind: "close" })).items;
      // The three people the patient lives with and the guest.
      expect(found).toHaveLength(4);
      for (const contact of found) {
        expect(contact.dueAt).toBe(addHours(contact.identifiedAt, Number(figures["closeHours"])));
        expect(Number(figures["closeHours"])).toBeLessThan(Number(figures["sameDayHours"]));
      }
      // Not yet in a room, each has an order that waits for its journey, and is late after the day.
      const orders = "select 1 from isolation_order where mode = 'central' and state = 'pending'";
      expect(await world.sql.many(orders)).toHaveLength(4);
      world.clock.forward(60 * Number(figures["sameDayHours"]));
      const late = (await listContacts(world.ctx(), { overdue: true, kind: "close" })).items;
      expect(late).toHaveLength(4);
    },
  },
];
