import { expect } from "vitest";
import { addMinutes } from "#kernel/time";
import { module as areas } from "#modules/areas";
import {
  accountability,
  checklistLibrary,
  codeCoverage,
  inspectionTally,
  listFindings,
  listTeams,
  module as inspection,
  problemList,
  recheckFinding,
  recordInspections,
  recordSanction,
  rectifyFinding,
  registerPlaces,
  registerTeams,
  type Answer,
  type PlaceType,
} from "#modules/inspection";
import { newestFor } from "#domain/inspection";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as tasks } from "#modules/tasks";
import { module as venues, recordVisits, registerVenues } from "#modules/venues";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const village = "371721123201";
const modules = [areas, outbreaks, tasks, venues, inspection];
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async function answers(placeType: PlaceType, no: readonly string[]): Promise<Answer[]> {
  const list = newestFor(await checklistLibrary(), placeType);
  return (list?.items ?? []).map((item) => ({ item: item.id, answer: no.includes(item.id) ? "no" : "yes" }));
}

async function begin(world: TestWorld): Promise<void> {
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
       ('371721123', '371721', 'town', 'town', '楼庄镇', 'Louzhuang'), ('371721123201', '371721123', 'village', 'village', '楼庄村', 'Louzhuang')`,
  );
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
}

async function teamsOf(world: TestWorld, count: number): Promise<string[]> {
  const codes = Array.from({ length: count }, (_, i) => `G${String(i + 1).padStart(3, "0")}`);
  await registerTeams(world.ctx(), {
    areaCode: "3717",
    teams: codes.map((code) => ({ code, areaCode: "371721", name: code, nameEn: code, headcount: 5, members: [] })),
  });
  return codes;
}

const place = (code: string, placeType: PlaceType, venueCode: string | null) => ({
  code,
  areaCode: village,
  placeType,
  name: code,
  nameEn: code,
  venueCode,
});

/** 127 teams, the day's list, each item ticked off only when proved done, late and careless work held to account. */
const supervision: HezeRow = {
  row: "Supervision (督导)",
  figures: { teams: 127 },
  modules,
  async play(world, figures) {
    await begin(world);
    const codes = await teamsOf(world, Number(figures["teams"]));
    const listed = await listTeams(world.ctx(), { limit: 200 });
    expect(listed.items.map((team) => team.code)).toEqual(codes);
    await registerPlaces(world.ctx(), {
      areaCode: "3717",
      places: codes.map((code) => place(`P${code}`, "market", null)),
    });
    const at = world.clock.now();
    // Every team finds one thing on the day.
    const given = await answers("market", ["masks"]);
    const { findings } = await recordInspections(world.ctx({ name: "inspector" }), {
      areaCode: "3717",
      visits: codes.map((teamCode) => ({ teamCode, placeId: `P${teamCode}`, at, answers: given })),
    });
    expect(findings).toHaveLength(Number(figures["teams"]));
    expect(await problemList(world.ctx(), { areaCode: "3717" })).toContain(`${figures["teams"]} 项`);
    const [first, second] = findings;
    if (!first || !second) throw new Error("two findings at least");
    const photos = [{ name: "a.png", contentType: "image/png" as const, takenAt: at, content: png }];
    const doer = world.ctx({ name: "doer" });
    await rectifyFinding(doer, { id: first.id, note: "已整改", photos });
    const own = recheckFinding(doer, { id: first.id, passed: true, note: "x" });
    await expect(own).rejects.toMatchObject({ code: "rule.refused" });
    await recheckFinding(world.ctx({ name: "checker" }), { id: first.id, passed: true, note: "销号" });
    // Careless work goes back, late work is counted, and both are answered for.
    await rectifyFinding(doer, { id: second.id, note: "已整改", photos });
    await recheckFinding(world.ctx({ name: "checker" }), { id: second.id, passed: false, note: "退回" });
    world.clock.set(addMinutes(at, 120));
    await recordSanction(world.ctx(), {
      areaCode: village,
      kind: "accountability",
      subject: second.placeId,
      findingId: second.id,
      reason: "整改不到位",
    });
    const [county] = await accountability(world.ctx(), { areaCode: "3717" });
    expect(county).toMatchObject({ findings: 127, closed: 1, closedInTime: 1, late: 126, sentBack: 1, penalties: 1 });
    const open = await listFindings(world.ctx(), { state: "unresolved", limit: 200 });
    expect(open.items).toHaveLength(126);
    await runDuty(world.ctx(), async (tx) => {
      expect(await inspectionTally(tx)).toEqual({ in: 127, done: 1, late: 126, open: 126 });
    });
  },
};

/** Every supermarket, market and public place has its code; checks find those that have none, penalties follow. */
const venueCodes: HezeRow = {
  row: "Venue codes (场所码)",
  figures: { coverage: "full" },
  modules,
  async play(world) {
    await begin(world);
    const kinds = ["supermarket", "market", "publicPlace"] as const;
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: kinds.map((kind) => ({ code: `V-${kind}`, areaCode: village, kind, name: kind })),
    });
    await registerPlaces(world.ctx(), {
      areaCode: "3717",
      places: [...kinds.map((kind) => place(`V-${kind}`, kind, `V-${kind}`)), place("NEW", "market", null)],
    });
    const [team = ""] = await teamsOf(world, 1);
    const at = world.clock.now();
    await recordVisits(world.ctx(), { visits: [{ venueCode: "V-market", personId: 1, at }] });
    const look = async (placeId: string, placeType: PlaceType, no: readonly string[], when: string) =>
      recordInspections(world.ctx(), {
        areaCode: "3717",
        visits: [{ teamCode: team, placeId, at: when, answers: await answers(placeType, no) }],
      });
    await look("V-market", "market", [], at);
    const { findings } = await look("NEW", "market", ["venueCodePosted"], at);
    const marketRow = async () =>
      (await codeCoverage(world.ctx(), { areaCode: "3717" })).find((row) => row.kind === "market");
    expect(await marketRow()).toMatchObject({
      expected: 2,
      withCode: 1,
      scanned: 1,
      visited: 2,
      posted: 1,
      codeShare: 0.5,
    });
    await recordSanction(world.ctx(), {
      areaCode: village,
      kind: "warning",
      subject: "NEW",
      placeId: "NEW",
      findingId: findings[0]?.id ?? "",
      reason: "未张贴场所码",
    });
    // The gap is closed once the place has its code and the next look sees it hang.
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [{ code: "V-NEW", areaCode: village, kind: "market", name: "NEW" }],
    });
    await registerPlaces(world.ctx(), { areaCode: "3717", places: [place("NEW", "market", "V-NEW")] });
    world.clock.set(addMinutes(at, 600));
    await look("NEW", "market", [], addMinutes(at, 600));
    expect(await marketRow()).toMatchObject({
      expected: 2,
      withCode: 2,
      visited: 2,
      posted: 2,
      codeShare: 1,
      postedShare: 1,
    });
  },
};

export const rows: readonly HezeRow[] = [supervision, venueCodes];
