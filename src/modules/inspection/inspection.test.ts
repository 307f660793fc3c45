import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addMinutes } from "#kernel/time";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { approveTask, module as tasks, submitTask } from "#modules/tasks";
import { module as venues, recordVisits, registerVenues } from "#modules/venues";
import { exportSheet, importSheet } from "#platform/sheets";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { checklistLibrary } from "./checklist.load.ts";
import { newestFor, type Answer, type PlaceType } from "./domain.ts";
import { escalateFindings } from "./findings.service.ts";
import {
  accountability,
  addPhoto,
  codeCoverage,
  getFinding,
  inspectionTally,
  listFindings,
  listRoutes,
  listSanctions,
  listVisits,
  module,
  planRoutes,
  problemList,
  readPhoto,
  recheckFinding,
  recordInspections,
  recordSanction,
  rectifyFinding,
  registerPlaces,
  registerTeams,
  repeatOffenders,
} from "./index.ts";

const now = "2022-07-26T02:00:00.000Z";
const cao = "371721123201";
const mudan = "371702001001";
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const photo = (takenAt: string, name = "a.png", content = png) => ({
  name,
  contentType: "image/png" as const,
  takenAt,
  content,
});

async function answersOf(placeType: PlaceType, no: readonly string[]): Promise<Answer[]> {
  const list = newestFor(await checklistLibrary(), placeType);
  return (list?.items ?? []).map((item) => ({ item: item.id, answer: no.includes(item.id) ? "no" : "yes" }));
}

describe("inspection", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await testWorld({ modules: [areas, outbreaks, tasks, venues, module], at: now });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
         ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
         ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan'), ('371721123', '371721', 'town', 'town', '楼庄镇', 'Louzhuang'),
         ('371721123201', '371721123', 'village', 'village', '楼庄村', 'Louzhuang village'),
         ('371702001', '371702', 'town', 'town', '东城', 'Dongcheng'), ('371702001001', '371702001', 'village', 'village', '东城居委', 'East')`,
    );
    await openOutbreak(world.ctx(), {
      name: "菏泽疫情",
      nameEn: "Heze outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "V1", areaCode: cao, kind: "supermarket", name: "超市" },
        { code: "V2", areaCode: mudan, kind: "market", name: "市场" },
      ],
    });
    const team = (code: string, areaCode: string) => ({
      code,
      areaCode,
      name: code,
      nameEn: code,
      headcount: 5,
      members: ["ann"],
    });
    await registerTeams(world.ctx(), { areaCode: "3717", teams: [team("G1", "371721"), team("G2", "371702")] });
    const place = (code: string, areaCode: string, placeType: PlaceType, venueCode: string | null) => ({
      code,
      areaCode,
      placeType,
      name: code,
      nameEn: code,
      venueCode,
    });
    await registerPlaces(world.ctx(), {
      areaCode: "3717",
      places: [
        place("P1", cao, "supermarket", "V1"),
        place("P2", mudan, "market", "V2"),
        place("P3", cao, "quarantineSite", null),
        place("P4", cao, "supermarket", null),
      ],
    });
  });
  afterEach(() => world.close());

  async function visit(placeId = "P1", no: readonly string[] = ["venueCodePosted", "staffNat"], at = now) {
    const placeType = placeId === "P2" ? "market" : placeId === "P3" ? "quarantineSite" : "supermarket";
    const teamCode = placeId === "P2" ? "G2" : "G1";
    const visits = [{ teamCode, placeId, at, answers: await answersOf(placeType, no) }];
    return recordInspections(world.ctx({ name: "ann" }), { areaCode: "3717", visits });
  }

  async function finding(item = "staffNat"): Promise<string> {
    const { findings } = await visit("P1", [item]);
    return findings[0]?.id ?? "";
  }

  it("INS-3, INS-4, INS-10: a visit makes its findings with owner, deadline and task, once", async () => {
    const recorded = await visit();
    expect(recorded.findings.map((row) => [row.item, row.fixNow, row.ownerTeam, row.dueAt])).toEqual([
      ["venueCodePosted", true, "grid", addMinutes(now, 60)],
      ["staffNat", false, "grid", addMinutes(now, 24 * 60)],
    ]);
    expect(
      await world.sql.many(
        "select kind, owner_team, needs_second_check, state from task where subject_type = 'inspectionFinding'",
      ),
    ).toEqual(
      Array(2).fill({ kind: "inspectionFinding", owner_team: "grid", needs_second_check: true, state: "open" }),
    );
    expect(await visit()).toEqual({ recorded: 0, already: 1, findings: [] });
    expect(await world.sql.one("select count(*)::int as n from inspection_finding")).toEqual({ n: 2 });
    expect((await listVisits(world.ctx(), {})).items).toMatchObject([
      { placeId: "P1", checklistId: "supermarket", checklistVersion: "1.0", codePosted: false, findings: 2 },
    ]);
  });

  it("INS-2: a version that was used never changes", async () => {
    await visit();
    await world.sql.run("update inspection_checklist set hash = 'another'");
    await expect(visit("P4")).rejects.toMatchObject({ code: "rule.refused", params: { rule: "INS-2" } });
  });

  it("INS-5, INS-6, INS-7: rectified with a photo, re-checked by another, closed", async () => {
    const id = await finding();
    const ann = world.ctx({ name: "ann" });
    const note = "done / 已整改";
    await expect(rectifyFinding(ann, { id, note, photos: [photo(addMinutes(now, -60))] })).rejects.toMatchObject({
      params: { rule: "INS-6" },
    });
    await addPhoto(ann, { id, stage: "found", photo: photo(now, "before.png") });
    expect(await rectifyFinding(ann, { id, note, photos: [photo(now)] })).toMatchObject({
      state: "rectified",
      fixedBy: "ann",
      fixedNote: note,
    });
    await expect(recheckFinding(ann, { id, passed: true, note })).rejects.toMatchObject({ params: { rule: "INS-7" } });
    expect(await recheckFinding(world.ctx({ name: "bob" }), { id, passed: true, note })).toMatchObject({
      state: "closed",
      closedBy: "bob",
    });
    expect(await world.sql.one("select state, submitted_by, closed_by from task")).toEqual({
      state: "closed",
      submitted_by: "ann",
      closed_by: "bob",
    });
    const detail = await getFinding(world.ctx(), { id });
    expect(detail.photos.map((one) => one.stage).toSorted()).toEqual(["found", "rectified"]);
    const read = await readPhoto(world.ctx(), { id: detail.photos[0]?.id ?? "" });
    expect([read.contentType, read.bytes.toString("base64")]).toEqual(["image/png", png]);
  });

  it("I12: the table refuses a closing by who put it right", async () => {
    const id = await finding();
    await rectifyFinding(world.ctx({ name: "ann" }), { id, note: "x", photos: [photo(now)] });
    await expect(
      world.sql.run(
        "update inspection_finding set state = 'closed', closed_by = 'ann', closed_at = now() where id = $1",
        [id],
      ),
    ).rejects.toThrow("check constraint");
  });

  it("INS-5: sent back, it wants a new photo, and keeps its deadline", async () => {
    const id = await finding();
    const [ann, bob] = [world.ctx({ name: "ann" }), world.ctx({ name: "bob" })];
    await rectifyFinding(ann, { id, note: "x", photos: [photo(now)] });
    world.clock.forward(30);
    const back = await recheckFinding(bob, { id, passed: false, note: "still wanting" });
    expect(back).toMatchObject({ state: "sentBack", sentBackCount: 1, dueAt: addMinutes(now, 24 * 60) });
    await expect(rectifyFinding(ann, { id, note: "x", photos: [photo(now, "old.png")] })).rejects.toMatchObject({
      params: { rule: "INS-6" },
    });
    world.clock.forward(30);
    const later = addMinutes(now, 60);
    const again = { id, note: "y", photos: [photo(later)] };
    // The same picture does not prove a second repair.
    await expect(rectifyFinding(ann, again)).rejects.toMatchObject({ params: { rule: "INS-6" } });
    const other = Buffer.concat([Buffer.from(png, "base64"), Buffer.from("2")]).toString("base64");
    expect(await rectifyFinding(ann, { ...again, photos: [photo(later, "b.png", other)] })).toMatchObject({
      state: "rectified",
    });
  });

  it("INS-6: in the list of tasks nobody gets round the photo, and the finding follows the task", async () => {
    const id = await finding();
    const [ann, bob] = [world.ctx({ name: "ann" }), world.ctx({ name: "bob" })];
    const task = (await getFinding(ann, { id })).taskId ?? "";
    const evidence = { note: "done" };
    await expect(submitTask(ann, { id: task, evidence })).rejects.toMatchObject({ params: { rule: "INS-6" } });
    await addPhoto(ann, { id, stage: "rectified", photo: photo(now) });
    await submitTask(ann, { id: task, evidence });
    await approveTask(bob, { id: task });
    expect(await getFinding(ann, { id })).toMatchObject({ state: "closed", fixedBy: "ann", closedBy: "bob" });
  });

  it("INS-8: late, it climbs the area tree and stays to be put right", async () => {
    const id = await finding();
    world.clock.forward(24 * 60 + 5);
    await runDuty(world.ctx(), escalateFindings);
    expect(await getFinding(world.ctx(), { id })).toMatchObject({
      state: "escalated",
      escalatedLevel: 1,
      escalatedTo: "371721123",
    });
    world.clock.forward(245);
    await runDuty(world.ctx(), escalateFindings);
    expect(await getFinding(world.ctx(), { id })).toMatchObject({ escalatedLevel: 2, escalatedTo: "371721" });
    expect((await listFindings(world.ctx(), { state: "unresolved", overdue: true })).items).toHaveLength(1);
    const late = world.clock.now();
    expect(await rectifyFinding(world.ctx({ name: "ann" }), { id, note: "x", photos: [photo(late)] })).toMatchObject({
      state: "rectified",
    });
  });

  it("INS-9, INS-11, INS-13: repeats, penalties and what a county answers for", async () => {
    await visit("P1", ["masks"]);
    world.clock.forward(24 * 60);
    const again = await visit("P1", ["masks"], world.clock.now());
    expect(again.findings[0]).toMatchObject({ repeats: 1 });
    const id = again.findings[0]?.id ?? "";
    const penalty = {
      areaCode: cao,
      kind: "warning" as const,
      subject: "P1",
      placeId: "P1",
      findingId: id,
      reason: "again",
    };
    await recordSanction(world.ctx(), penalty);
    await expect(recordSanction(world.ctx(), penalty)).rejects.toMatchObject({ code: "record.duplicate" });
    await recordSanction(world.ctx(), { areaCode: mudan, kind: "commendation", subject: "P2", reason: "spotless" });
    expect(await repeatOffenders(world.ctx(), {})).toMatchObject([
      { placeId: "P1", item: "masks", times: 2, open: 2, penalties: 1 },
    ]);
    expect(await accountability(world.ctx(), { areaCode: "3717" })).toMatchObject([
      { areaCode: "371702", name: "牡丹区", findings: 0, commendations: 1, inTimeShare: null },
      { areaCode: "371721", name: "曹县", visits: 2, findings: 2, late: 1, penalties: 1, inTimeShare: 0 },
    ]);
    expect((await listSanctions(world.ctx(), { kind: "commendation" })).items).toHaveLength(1);
    await runDuty(world.ctx(), async (tx) =>
      expect(await inspectionTally(tx)).toEqual({ in: 2, done: 0, late: 1, open: 2 }),
    );
  });

  it("INS-12: codes that hang, codes that are scanned, places without one", async () => {
    await recordVisits(world.ctx(), { visits: [{ venueCode: "V1", personId: 1, at: now }] });
    await visit("P1", []);
    await visit("P4", ["venueCodePosted"]);
    const rows = await codeCoverage(world.ctx(), { areaCode: "3717" });
    expect(rows.find((row) => row.kind === "supermarket")).toEqual({
      areaCode: "371721",
      kind: "supermarket",
      expected: 2,
      withCode: 1,
      scanned: 1,
      visited: 2,
      posted: 1,
      postedShare: 0.5,
      codeShare: 0.5,
    });
  });

  it("INS-14: the day's list has both languages, and drops what was closed the day before", async () => {
    const id = await finding();
    await rectifyFinding(world.ctx({ name: "ann" }), { id, note: "x", photos: [photo(now)] });
    await recheckFinding(world.ctx({ name: "bob" }), { id, passed: true, note: "good" });
    const today = await problemList(world.ctx(), { areaCode: "3717" });
    expect(today).toContain("已销号 · closed");
    expect(today).toContain("曹县 · Cao County");
    expect(today).toContain("Staff are tested at the set frequency");
    expect(await problemList(world.ctx(), { areaCode: "3717", day: "2022-07-27" })).toContain("无问题 · no problems");
  });

  it("routes: what is planned, and what was visited of it", async () => {
    await planRoutes(world.ctx(), {
      areaCode: "3717",
      routes: [{ teamCode: "G1", day: "2022-07-26", places: ["P1", "P3"] }],
    });
    await visit("P1", []);
    expect((await listRoutes(world.ctx(), { day: "2022-07-26" })).items).toMatchObject([
      { teamCode: "G1", places: ["P1", "P3"], visited: 1 },
    ]);
    await expect(
      planRoutes(world.ctx(), { areaCode: "3717", routes: [{ teamCode: "G1", day: "2022-07-26", places: ["P9"] }] }),
    ).rejects.toMatchObject({ code: "request.invalid" });
  });

  it("asks for the permission of each step", async () => {
    const id = await finding();
    const reader = world.ctx({ permissions: ["inspection.finding.read"] });
    const fixer = world.ctx({ permissions: ["inspection.finding.rectify"], name: "eve" });
    const forbidden = { code: "auth.forbidden" };
    await expect(listFindings(world.ctx({ permissions: [] }), {})).rejects.toMatchObject(forbidden);
    await expect(recordInspections(reader, { areaCode: cao, visits: [] })).rejects.toMatchObject(forbidden);
    await expect(rectifyFinding(reader, { id, note: "x", photos: [photo(now)] })).rejects.toMatchObject(forbidden);
    await expect(recheckFinding(fixer, { id, passed: true, note: "x" })).rejects.toMatchObject(forbidden);
    await expect(registerTeams(fixer, { areaCode: cao, teams: [] })).rejects.toMatchObject(forbidden);
    await expect(
      recordSanction(fixer, { areaCode: cao, kind: "fine", subject: "P1", reason: "x" }),
    ).rejects.toMatchObject(forbidden);
  });

  it("a county neither sees nor touches another county's findings, places and photos", async () => {
    const id = await finding();
    await addPhoto(world.ctx(), { id, stage: "found", photo: photo(now) });
    const { photos } = await getFinding(world.ctx(), { id });
    const other = world.ctx({ areaCode: "371702", name: "eve" });
    expect((await listFindings(other, { areaCode: "37" })).items).toEqual([]);
    expect(await accountability(other, { areaCode: "3717" })).toEqual([]);
    expect(await problemList(other, { areaCode: "3717" })).toContain("无问题");
    const missing = { code: "record.notFound" };
    await expect(getFinding(other, { id })).rejects.toMatchObject(missing);
    await expect(rectifyFinding(other, { id, note: "x", photos: [photo(now)] })).rejects.toMatchObject(missing);
    await expect(readPhoto(other, { id: photos[0]?.id ?? "" })).rejects.toMatchObject(missing);
    await expect(
      recordInspections(other, {
        areaCode: "371702",
        visits: [{ teamCode: "G2", placeId: "P1", at: now, answers: await answersOf("supermarket", []) }],
      }),
    ).rejects.toMatchObject(missing);
    await expect(
      recordSanction(other, { areaCode: cao, kind: "fine", subject: "P1", reason: "x" }),
    ).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
  });

  it("INS-15: takes the good rows of its sheets, returns the bad ones, and takes nothing twice", async () => {
    const sheet = (name: string) => module.sheets?.find((one) => one.name === name) ?? expect.fail(name);
    const table = (headings: string[], ...rows: string[][]) => ({
      headings,
      rows: rows.map((cells, i) => ({
        line: i + 2,
        cells: Object.fromEntries(headings.map((h, k) => [h, cells[k] ?? ""])),
      })),
    });
    const run = (name: string, of: ReturnType<typeof table>, dryRun = false) =>
      importSheet(world.ctx(), sheet(name), of, dryRun);
    const places = table(
      ["place code", "area code", "type", "name", "venue code"],
      ["P7", cao, "market", "新市场", ""],
      ["P8", "371799", "market", "x", ""],
      ["P9", cao, "market", "x", "V2"],
      ["P2", cao, "market", "x", ""],
      ["P6", cao, "moon", "x", ""],
    );
    expect(await run("inspection-places", places)).toMatchObject({ taken: 1, known: 0, bad: 4 });
    expect(await run("inspection-places", places)).toMatchObject({ taken: 0, known: 1, bad: 4 });
    const teams = table(
      ["team code", "area code", "name", "headcount", "members' accounts"],
      ["G7", "371721", "第七组", "5", "ann, bob"],
      ["G1", "371702", "x", "5", ""],
      ["G8", "371799", "x", "5", ""],
    );
    expect(await run("inspection-teams", teams)).toMatchObject({ taken: 1, bad: 2 });
    expect(await run("inspection-teams", teams)).toMatchObject({ taken: 0, known: 1, bad: 2 });
    const routes = table(
      ["team code", "day", "order", "place code"],
      ["G1", "2022-07-27", "2", "P1"],
      ["G1", "2022-07-27", "1", "P3"],
      ["G1", "2022-07-27", "1", "P4"],
      ["G9", "2022-07-27", "1", "P1"],
    );
    expect(await run("inspection-routes", routes)).toMatchObject({ taken: 2, bad: 2 });
    expect((await listRoutes(world.ctx(), {})).items[0]?.places).toEqual(["P3", "P1"]);
    const findings = table(
      ["team code", "place code", "item", "grade", "found at"],
      ["G1", "P3", "threeZones", "", "2022-07-26 09:00"],
      ["G1", "P3", "moon", "", "2022-07-26 09:00"],
      ["G1", "P0", "threeZones", "", "2022-07-26 09:00"],
      ["G1", "P3", "twoPassages", "minor", "2022-07-27 09:00"],
    );
    expect(await run("inspection-findings", findings, true)).toMatchObject({ taken: 1 });
    expect(await run("inspection-findings", findings)).toMatchObject({ taken: 1, known: 0, bad: 3 });
    expect(await run("inspection-findings", findings)).toMatchObject({ taken: 0, known: 1, bad: 3 });
    const out = await exportSheet(world.ctx(), sheet("inspection-findings"), { state: "unresolved" }, "csv");
    expect(String(out.text)).toContain("The three zones are apart");
    expect(String(out.text)).toContain("2022-07-26 09:00");
  });
});
