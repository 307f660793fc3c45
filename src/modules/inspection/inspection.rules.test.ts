import { describe, expect, it } from "vitest";
import { need } from "#kernel/assert";
import { addMinutes } from "#kernel/time";
import { checklistLibrary, readChecklistText } from "./checklist.load.ts";
import {
  codePosted,
  coverageRows,
  dueOf,
  faultsIn,
  findingEscalation,
  inTimeShare,
  isFreshPhoto,
  newestFor,
  nextFindingState,
  parseChecklist,
  photoFault,
  placeTypes,
  scoreOf,
  type Answer,
  type Checklist,
} from "./domain.ts";

const list: Checklist = {
  id: "market",
  version: "1.0",
  placeType: "market",
  title: { "zh-CN": "市场", en: "market" },
  deadlines: { severe: 6, serious: 24, minor: 72 },
  fixNowMinutes: 60,
  deadlinesWhy: "for the test",
  repeatDays: 14,
  venueCodeItem: "code",
  items: [
    {
      id: "code",
      text: { "zh-CN": "码", en: "code" },
      weight: 3,
      severity: "serious",
      fixNow: true,
      owner: "grid",
      rule: "x",
    },
    {
      id: "mask",
      text: { "zh-CN": "罩", en: "mask" },
      weight: 1,
      severity: "minor",
      fixNow: false,
      owner: "grid",
      rule: "x",
    },
  ],
};
const answers = (code: Answer["answer"], mask: Answer["answer"]): Answer[] => [
  { item: "code", answer: code },
  { item: "mask", answer: mask },
];
const at = "2022-07-24T02:00:00.000Z";

describe("checklists", () => {
  it("INS-1: there is a sound list for every kind of place, with three zones and two passages for quarantine", async () => {
    const lists = await checklistLibrary();
    for (const placeType of placeTypes) expect(newestFor(lists, placeType)?.placeType).toBe(placeType);
    const items = newestFor(lists, "quarantineSite")?.items.map((item) => item.id);
    expect(items).toEqual(expect.arrayContaining(["threeZones", "zoneQuarantine", "zoneWork", "zonePass"]));
    expect(items).toEqual(expect.arrayContaining(["twoPassages", "passageStaff", "passageGuest"]));
  });

  it("INS-1: names the line of a wrong file", () => {
    const read = readChecklistText("id: market\nversion: one\nplaceType: moon\n");
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.faults.map((fault) => fault.line)).toEqual(expect.arrayContaining([2, 3]));
  });

  it.each([
    ["an item twice", { items: [list.items[0], list.items[0]] }, "/items/1/id"],
    ["graver with more time", { deadlines: { severe: 30, serious: 24, minor: 72 } }, "/deadlines"],
    ["no such code item", { venueCodeItem: "none" }, "/venueCodeItem"],
  ] as const)("INS-1: refuses %s", (_what, change, pointer) => {
    const parsed = parseChecklist({ ...list, ...change });
    expect(parsed.ok ? null : parsed.faults[0]?.pointer).toBe(pointer);
  });

  it("INS-2: the newest version counts by number, not by letter", () => {
    const lists = [list, { ...list, version: "1.10" }, { ...list, version: "1.9" }];
    expect(newestFor(lists, "market")?.version).toBe("1.10");
    expect(newestFor(lists, "school")).toBeUndefined();
  });
});

describe("visits", () => {
  it.each([
    ["INS-3 everything met", answers("yes", "yes"), 100, [], true],
    ["INS-3 weights count", answers("no", "yes"), 25, ["code"], false],
    ["INS-3 what does not apply is left out", answers("notApplicable", "no"), 0, ["mask"], null],
    ["INS-3 nothing applied", answers("notApplicable", "notApplicable"), null, [], null],
  ] as const)("%s", (_rule, given, score, found, posted) => {
    const faults = faultsIn(list, given);
    expect(scoreOf(list, given)).toBe(score);
    expect(faults.ok ? faults.value.map(({ item }) => item.id) : null).toEqual(found);
    expect(codePosted(list, given)).toBe(posted);
  });

  it.each([
    ["a missing item", [{ item: "code", answer: "yes" }]],
    ["an unknown item", [...answers("yes", "yes"), { item: "moon", answer: "yes" }]],
    ["an item twice", [...answers("yes", "yes"), { item: "code", answer: "no" }]],
  ] as [string, Answer[]][])("INS-3: refuses %s", (_what, given) => {
    const faults = faultsIn(list, given);
    expect(faults.ok ? null : faults.refusal).toMatchObject({ code: "rule.refused", params: { rule: "INS-3" } });
  });

  it("INS-4: the deadline is the grade's, or the minutes of what is put right on the spot", () => {
    expect(dueOf(list, { severity: "severe", fixNow: false }, at)).toBe(addMinutes(at, 360));
    expect(dueOf(list, { severity: "minor", fixNow: false }, at)).toBe(addMinutes(at, 72 * 60));
    expect(dueOf(list, { severity: "minor", fixNow: true }, at)).toBe(addMinutes(at, 60));
  });
});

describe("findings", () => {
  const fixed = { state: "rectified" as const, fixedBy: "a" };
  it.each([
    ["INS-5 rectify an open one", { state: "open", fixedBy: null }, "rectify", "a", "rectified"],
    ["INS-5 rectify one sent back", { state: "sentBack", fixedBy: "a" }, "rectify", "a", "rectified"],
    ["INS-5 rectify a late one", { state: "escalated", fixedBy: null }, "rectify", "a", "rectified"],
    ["INS-5 close an open one", { state: "open", fixedBy: null }, "close", "b", "state.notAllowed"],
    ["INS-5 rectify a closed one", { state: "closed", fixedBy: "a" }, "rectify", "a", "state.notAllowed"],
    ["INS-5 reopen a closed one", { state: "closed", fixedBy: "a" }, "reopen", "a", "sentBack"],
    ["INS-7 close one's own", fixed, "close", "a", "rule.refused"],
    ["INS-7 send one's own back", fixed, "sendBack", "a", "rule.refused"],
    ["INS-7 close another's", fixed, "close", "b", "closed"],
    ["INS-7 send another's back", fixed, "sendBack", "b", "sentBack"],
  ] as const)("%s", (_rule, finding, action, actor, expected) => {
    const next = nextFindingState(finding, action, actor);
    expect(next.ok ? next.value : next.refusal.code).toBe(expected);
  });

  it.each([
    ["INS-6 a PNG", "image/png", 70, "89504e470d0a1a0a00000000", true],
    ["INS-6 a web picture", "image/webp", 70, "524946460000000057454250", true],
    ["INS-6 a page that calls itself a picture", "image/png", 70, "3c21646f63747970", false],
    ["INS-6 too large", "image/png", 1_048_577, "89504e470d0a1a0a", false],
    ["INS-6 no kind we keep", "image/svg+xml", 70, "3c737667", false],
  ] as const)("%s", (_rule, kind, bytes, head, good) => {
    expect(photoFault(kind, bytes, head) === null).toBe(good);
  });

  it("INS-6: a repair's photo is taken after the finding and not in the future", () => {
    expect([-1, 0, 5, 20].map((minutes) => isFreshPhoto(addMinutes(at, minutes), at, addMinutes(at, 5)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("INS-8: a late finding climbs as its task does, and one that was put right does not", () => {
    const late = (minutes: number, state: "open" | "rectified" = "open") =>
      findingEscalation({ state, dueAt: at }, addMinutes(at, minutes), 3);
    expect([late(0), late(1), late(240), late(2_000), late(500, "rectified")]).toEqual([0, 1, 2, 3, 0]);
  });

  it("INS-11: the share in time leaves out what is not due yet", () => {
    expect(inTimeShare({ closed: 0, closedInTime: 0, late: 0 })).toBeNull();
    // 8 closed, 2 of them late; 2 more are open and late: 6 of 10.
    expect(inTimeShare({ closed: 8, closedInTime: 6, late: 4 })).toBe(0.6);
  });

  it("INS-12: the two registers stand side by side, a place without a code is a gap", () => {
    const rows = coverageRows(
      [
        { areaCode: "371721", kind: "shop", venues: 6, scanned: 3 },
        { areaCode: "371721", kind: "supermarket", venues: 2, scanned: 2 },
      ],
      [{ areaCode: "371721", kind: "supermarket", withoutCode: 2, visited: 4, posted: 3 }],
    );
    expect(rows).toEqual([
      {
        areaCode: "371721",
        kind: "supermarket",
        expected: 10,
        withCode: 8,
        scanned: 5,
        visited: 4,
        posted: 3,
        postedShare: 0.75,
        codeShare: 0.8,
      },
    ]);
  });
});

it("every item of every list has an owner and a weight", async () => {
  const items = (await checklistLibrary()).flatMap((one) => one.items);
  expect(need(items[0], "there are lists").owner).not.toBe("");
  expect(items.length).toBeGreaterThan(60);
});
