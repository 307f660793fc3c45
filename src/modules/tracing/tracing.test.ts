import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { excludeCase } from "#modules/cases";
import { recordVisits, registerVenues } from "#modules/venues";
import { addHours, addMinutes } from "#kernel/time";
import {
  acceptHandOver,
  addTracks,
  caseTracks,
  chains,
  completeCore,
  completeReport,
  contactPerson,
  excludeContact,
  getContact,
  handOver,
  identifyContacts,
  listContacts,
  listHandovers,
  getInvestigation,
  listInvestigations,
  refuseHandOver,
} from "./index.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

const village = "371721123201";
const town = "371702001001";

interface ContactOf {
  id: string;
  kind: string;
  state: string;
  setting: string;
  rule_id: string;
  case_id: string;
  linked_contact_id: string | null;
  due_at: string | null;
  last_exposure_at: string;
  area_code: string;
}

describe("tracing", () => {
  let world: TracingWorld;
  let caseId: string;
  const id: Record<string, number> = {};
  const of = (name: string): number => {
    const found = id[name];
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  };
  const contact = (name: string): Promise<ContactOf> =>
    world.sql.one(
      `select id, kind, state, setting, rule_id, case_id, linked_contact_id, due_at, last_exposure_at, area_code from contact
       where person_id = $1 order by identified_at desc, id desc limit 1`,
      [of(name)],
    );
  const events = (name: string): Promise<{ data: Record<string, unknown> }[]> =>
    world.sql.many("select data from event where name = $1 order by seq", [name]);
  const add = async (names: readonly string[], household: string, areaCode = village): Promise<void> => {
    const ids = await world.people(names.map((name) => ({ ref: name, name, areaCode, household })));
    names.forEach((name, i) => (id[name] = ids[i] as number));
  };
  beforeAll(async () => {
    world = await tracingWorld();
    await add(["case", "wife", "son"], "h1");
    await add(["friend", "friendWife"], "h2");
    await add(["guest", "guestMother"], "h3", town);
    await add(["shopper", "passer", "late"], "h4");
    await add(["stranger"], "h5");
    await add(["worn"], "h6");
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "R1", areaCode: village, kind: "restaurant", name: "饭店" },
        { code: "S1", areaCode: village, kind: "shop", name: "商店" },
      ],
    });
    const at = (time: string): string => `2022-07-27T${time}:00.000Z`;
    await recordVisits(world.ctx(), {
      visits: [
        { venueCode: "R1", personId: of("case"), at: at("04:00"), until: at("05:00") },
        { venueCode: "R1", personId: of("friend"), at: at("04:10"), until: at("05:00") },
        { venueCode: "R1", personId: of("late"), at: at("05:30"), until: at("06:00") },
        { venueCode: "S1", personId: of("case"), at: at("08:00"), until: at("08:30") },
        { venueCode: "S1", personId: of("shopper"), at: at("08:10"), until: at("08:28") },
        { venueCode: "S1", personId: of("passer"), at: at("08:25"), until: at("08:40") },
        { venueCode: "S1", personId: of("stranger"), at: at("10:30"), until: at("10:40") },
      ],
    });
    caseId = await world.positive(of("case"));
  });
  afterAll(() => world.close());

  it("TRACE-8 INV-CORE, INV-REPORT: a positive starts the investigation's clocks, its tracks and its tasks", async () => {
    const [found] = (await listInvestigations(world.ctx(), {})).items;
    expect(await getInvestigation(world.ctx(), { caseId: found?.caseId ?? "" })).toEqual(found);
    await expect(
      getInvestigation(world.ctx({ areaCode: "3701" }), { caseId: found?.caseId ?? "" }),
    ).rejects.toMatchObject({ code: "record.notFound" });
    expect(found).toMatchObject({
      caseId,
      coreDueAt: addHours(world.clock.now(), 4),
      reportDueAt: addHours(world.clock.now(), 24),
      state: "open",
    });
    const tasks = await world.sql.many(
      "select kind, owner_team, due_at from task where subject_id = $1 and owner_team = 'tracing' order by due_at",
      [caseId],
    );
    expect(tasks).toMatchObject([{ kind: "coreTrack", owner_team: "tracing" }, { kind: "epiReport" }]);
    await expect(caseTracks(world.ctx(), { caseId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    await addTracks(world.ctx(), {
      caseId,
      tracks: [
        { place: "亲戚家", setting: "meal", fromAt: "2022-07-27T10:00:00.000Z", toAt: "2022-07-27T12:00:00.000Z" },
      ],
    });
    const tracks = await caseTracks(world.ctx({ reason: "流调" }), { caseId });
    expect(tracks.map((track) => `${track.source} ${track.setting}`)).toEqual([
      "household household",
      "visit meal",
      "visit shop",
      "interview meal",
    ]);
    expect(await world.sql.one("select reason from audit where action = 'tracing.track.read'")).toEqual({
      reason: "流调",
    });
  });

  it("TRACE-2 … TRACE-6: household, venues and interview make contacts, each with the rule that made it", async () => {
    world.clock.forward(60);
    const found = await identifyContacts(world.ctx(), {
      caseId,
      exposures: [
        { personId: of("guest"), setting: "meal", overlapMinutes: 90, gapMinutes: 0, place: "亲戚家" },
        { personId: of("worn"), setting: "care", overlapMinutes: 30, gapMinutes: 0, protected: true },
      ],
    });
    expect(found).toEqual({ close: 5, secondary: 2, general: 2 });
    const due = { close: addHours(world.clock.now(), 8), secondary: addHours(world.clock.now(), 12) };
    for (const [name, kind, setting, rule] of [
      ["wife", "close", "household", "CC"],
      ["son", "close", "household", "CC"],
      ["friend", "close", "meal", "CC"],
      ["guest", "close", "meal", "CC"],
      ["shopper", "close", "shop", "CC"],
      ["late", "general", "meal", "GC"],
      ["passer", "general", "shop", "GC"],
      ["friendWife", "secondary", "household", "SC"],
      ["guestMother", "secondary", "household", "SC"],
    ] as const)
      expect(await contact(name), name).toMatchObject({
        kind,
        setting,
        rule_id: rule,
        state: "identified",
        due_at: kind === "general" ? null : due[kind],
      });
    expect((await contact("friendWife")).linked_contact_id).toBe((await contact("friend")).id);
    expect(
      await world.sql.many("select 1 from contact where person_id = any($1)", [
        [of("stranger"), of("worn"), of("case")],
      ]),
    ).toHaveLength(0);
    expect(
      await world.sql.one("select class, rule_id, protected from exposure where person_id = $1", [of("worn")]),
    ).toEqual({ class: null, rule_id: null, protected: true });
    expect(
      await world.sql.one(
        "select overlap_minutes, gap_minutes, place from exposure where person_id = $1 and source = 'visit'",
        [of("late")],
      ),
    ).toEqual({ overlap_minutes: 0, gap_minutes: 30, place: "饭店" });
    const [told] = await events("tracing.contactsIdentified");
    expect(told?.data["contacts"]).toHaveLength(9);
  });

  it("TRACE-9: finding the same people again makes no second record; a new meeting with another case moves the class up", async () => {
    world.clock.forward(60);
    const before = await world.sql.one("select count(*)::int as n from contact");
    expect(await identifyContacts(world.ctx(), { caseId, without: ["visit"] })).toMatchObject({ close: 2 });
    expect(await world.sql.one("select count(*)::int as n from contact")).toEqual(before);
    await add(["second"], "h7");
    const other = await world.positive(of("second"));
    await identifyContacts(world.ctx(), {
      caseId: other,
      exposures: [{ personId: of("passer"), setting: "work", overlapMinutes: 60, gapMinutes: 0 }],
      extraPersonIds: [of("late")],
    });
    expect(await contact("passer")).toMatchObject({
      kind: "close",
      case_id: other,
      state: "identified",
      due_at: addHours(world.clock.now(), 8),
    });
    expect((await events("tracing.contactEscalated")).map((event) => [event.data["from"], event.data["to"]])).toEqual([
      ["general", "close"],
      ["general", "close"],
    ]);
  });

  it("TRACE-7: a contact positive in the first two tests makes those linked to them close contacts; later it does not", async () => {
    const single = (tubeId: number, personId: number, result: string): object => ({
      tubeId,
      barcode: `Q${tubeId}`,
      kind: "single",
      purpose: "quarantine",
      recheckOf: null,
      roundId: "00000000-0000-7000-8000-000000000001",
      result,
      step: "final",
      personIds: [personId],
      ctN: null,
      ctOrf: null,
      collectedAt: world.clock.now(),
      resultedAt: world.clock.now(),
    });
    await world.tell("screening.resultsRecorded", {
      tubes: [single(1, of("friend"), "negative"), single(2, of("guest"), "negative")],
    });
    await world.tell("screening.resultsRecorded", { tubes: [single(3, of("guest"), "negative")] });
    const linked = await contact("friendWife");
    const converted = await world.positive(of("friend"));
    expect(await contact("friend")).toMatchObject({ state: "converted" });
    expect(await contact("friendWife")).toMatchObject({
      id: linked.id,
      kind: "close",
      rule_id: "SC-ESC",
      case_id: converted,
      due_at: addHours(world.clock.now(), 8),
    });
    await world.positive(of("guest"));
    expect(await contact("guestMother")).toMatchObject({ kind: "secondary", state: "identified" });
    expect(await world.sql.one("select infector_case_id from case_record where id = $1", [converted])).toEqual({
      infector_case_id: caseId,
    });
    expect((await events("tracing.contactConverted")).map((event) => event.data["personId"])).toEqual([
      of("friend"),
      of("guest"),
    ]);
  });

  it("TRACE-9: a contact who is a case is not found as a contact again", async () => {
    await identifyContacts(world.ctx(), { caseId, without: ["workplace"] });
    expect(await world.sql.many("select 1 from contact where person_id = $1", [of("friend")])).toHaveLength(1);
  });

  it("TRACE-10, I5: exclusion needs a reason, stays, and leaves nobody without a state", async () => {
    const { id: contactId } = await contact("shopper");
    await excludeContact(world.ctx(), { contactId, reason: "核实未接触" });
    await expect(excludeContact(world.ctx(), { contactId, reason: "再次" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    await identifyContacts(world.ctx(), { caseId });
    expect(await world.sql.many("select 1 from contact where person_id = $1", [of("shopper")])).toHaveLength(1);
    await world.tell("isolation.ordered", { orders: [{ orderId: "1", personId: of("wife"), mode: "central" }] });
    expect(await contact("wife")).toMatchObject({ state: "ordered" });
    await world.tell("isolation.placed", { orders: [{ orderId: "1", personId: of("wife"), mode: "central" }] });
    expect(await contact("wife")).toMatchObject({ state: "placed" });
    world.clock.forward(13 * 60);
    const late = await listContacts(world.ctx(), { overdue: true });
    const open = await world.sql.many<{ id: string }>(
      "select id from contact where kind <> 'general' and state in ('identified', 'ordered') order by id",
    );
    expect(late.items.map((row) => row.id).toSorted()).toEqual(open.map((row) => row.id));
    await world.tell("isolation.released", { personIds: [of("wife")], orderIds: ["1"], reason: "completed" });
    expect(await contact("wife")).toMatchObject({ state: "released" });
  });

  it("TRACE-11: another county accepts or refuses, and sees the contact only from then on", async () => {
    const county = world.ctx({ areaCode: "371721" });
    const away = world.ctx({ areaCode: "371703" });
    const { id: contactId } = await contact("son");
    await expect(handOver(county, { contactId, toArea: "371721", note: "同县" })).rejects.toMatchObject({
      params: { rule: "TRACE-11" },
    });
    const offered = await handOver(county, { contactId, toArea: "371703", note: "已到定陶" });
    expect(offered.dueAt).toBe(addMinutes(world.clock.now(), 120));
    await expect(handOver(county, { contactId, toArea: "371703", note: "再次" })).rejects.toMatchObject({
      code: "record.duplicate",
    });
    expect(
      await world.sql.one("select area_code, kind, due_at from task where subject_id = $1", [offered.handoverId]),
    ).toEqual({ area_code: "371703", kind: "answerHandOver", due_at: offered.dueAt });
    await expect(acceptHandOver(county, { handoverId: offered.handoverId })).rejects.toMatchObject({
      code: "record.notFound",
    });
    expect((await listHandovers(away, { open: true })).items).toHaveLength(1);
    expect((await listContacts(away, {})).items).toHaveLength(0);
    await expect(refuseHandOver(away, { handoverId: offered.handoverId })).rejects.toMatchObject({
      params: { rule: "TRACE-11" },
    });
    await refuseHandOver(away, { handoverId: offered.handoverId, reason: "查无此人" });
    expect(await contact("son")).toMatchObject({ area_code: village });
    const again = await handOver(county, { contactId, toArea: "371703", note: "地址已核实" });
    await acceptHandOver(away, { handoverId: again.handoverId });
    expect((await listContacts(away, {})).items.map((row) => row.id)).toEqual([contactId]);
    expect(await world.sql.many("select 1 from task where kind = 'answerHandOver' and state = 'open'")).toHaveLength(0);
    const { id: outside } = await contact("guestMother");
    const letter = await handOver(world.ctx(), { contactId: outside, toArea: "410100", note: "已回郑州" });
    await acceptHandOver(world.ctx(), { handoverId: letter.handoverId });
    expect(await contact("guestMother")).toMatchObject({ state: "handedOver", area_code: town });
  });

  it("INV-CORE, INV-REPORT: done in time or late, once", async () => {
    expect(await completeCore(world.ctx(), { caseId })).toEqual({ inTime: false });
    expect(await completeReport(world.ctx(), { caseId })).toEqual({ inTime: true });
    expect(await completeReport(world.ctx(), { caseId })).toEqual({ inTime: true });
    expect(await world.sql.one("select state from investigation where case_id = $1", [caseId])).toEqual({
      state: "done",
    });
    expect(
      await world.sql.many(
        "select 1 from task where subject_id = $1 and kind in ('coreTrack', 'epiReport') and state = 'open'",
        [caseId],
      ),
    ).toHaveLength(0);
  });

  it("I10: a county sees its own contacts; meetings and names only with a reason, which is kept", async () => {
    const county = world.ctx({ areaCode: "371702" });
    const own = (await listContacts(county, {})).items;
    expect(own.every((row) => row.areaCode.startsWith("371702"))).toBe(true);
    await expect(listContacts(county, { areaCode: "371721" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const { id: contactId } = await contact("passer");
    expect((await getContact(world.ctx(), { contactId })).exposures.every((row) => row.place === null)).toBe(true);
    await expect(getContact(world.ctx({ areaCode: "371702", reason: "流调" }), { contactId })).rejects.toMatchObject({
      code: "record.notFound",
    });
    const shown = await getContact(world.ctx({ reason: "流调" }), { contactId });
    expect(new Set(shown.exposures.map((row) => row.ruleId))).toEqual(new Set(["CC", "GC"]));
    expect(shown.exposures.map((row) => row.place)).toContain("商店");
    expect(shown.caseNumber).toBeNull();
    expect((await contactPerson(world.ctx({ reason: "转运" }), { contactId })).name).toBe("passer");
    expect(
      await world.sql.many(
        "select reason from audit where action in ('tracing.contact.read', 'tracing.person.read') order by seq",
      ),
    ).toEqual([{ reason: null }, { reason: "流调" }, { reason: "转运" }]);
  });

  it("a county's tracer finds contacts who live elsewhere, though the county cannot see them afterwards", async () => {
    await add(["clerk"], "h8");
    await add(["farAway"], "h9", town);
    const record = await world.positive(of("clerk"));
    const county = world.ctx({ areaCode: "371721" });
    expect(await identifyContacts(county, { caseId: record, extraPersonIds: [of("farAway")] })).toMatchObject({
      close: 1,
    });
    expect(await contact("farAway")).toMatchObject({ area_code: town });
    expect((await listContacts(county, { caseId: record })).items).toHaveLength(0);
  });

  it("a case that was none takes its contacts along, and its own person is a contact again", async () => {
    await add(["doubt", "doubtWife"], "h10");
    await identifyContacts(world.ctx(), { caseId, extraPersonIds: [of("doubt")] });
    const record = await world.positive(of("doubt"));
    await identifyContacts(world.ctx(), {
      caseId: record,
      without: ["visit", "tube", "workplace"],
      extraPersonIds: [of("stranger")],
    });
    await excludeCase(world.ctx(), { caseId: record, reason: "复核阴性" });
    expect(await contact("stranger")).toMatchObject({ state: "excluded" });
    expect(await contact("doubt")).toMatchObject({ state: "identified", kind: "close", case_id: caseId });
  });

  it("TRACE-12: chains give generations and clusters of what is known", async () => {
    const { nodes, edges, clusters } = await chains(world.ctx(), {});
    expect(edges).toHaveLength(2);
    expect(nodes.filter((node) => node.generation === 1)).toHaveLength(2);
    expect(clusters[0]).toMatchObject({ size: 3, generations: 2 });
  });

  it("finds 60 contacts of a case within a fraction of a second", async () => {
    const guests = Array.from({ length: 60 }, (_, i) => `banquet${i}`);
    await add(["host"], "h11");
    await add(guests, "h12");
    const record = await world.positive(of("host"));
    const exposures = guests.map((name) => ({
      personId: of(name),
      setting: "gathering" as const,
      overlapMinutes: 120,
      gapMinutes: 0,
    }));
    const start = performance.now();
    expect(await identifyContacts(world.ctx(), { caseId: record, exposures })).toMatchObject({ close: 60 });
    const tookMs = performance.now() - start;
    expect(tookMs).toBeLessThan(1_000);
    expect(await world.sql.one("select count(*)::int as n from contact where case_id = $1", [record])).toEqual({
      n: 60,
    });
  });
});
