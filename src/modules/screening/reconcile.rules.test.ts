import { describe, expect, it } from "vitest";
import { areaRange } from "#kernel/area";
import type { CauseShare } from "./reconcile.model.ts";
import {
  allCounts,
  areaSlices,
  differingVillages,
  explain,
  lastNight,
  noCounts,
  noEvidence,
  peopleByCause,
  tubeSlices,
  withoutAccounted,
  type Counts,
  type RoundEvidence,
  type VillageCounts,
  type VillageEvidence,
} from "./reconcile.rules.ts";

const kept: Counts = {
  ...noCounts,
  due: 100,
  excused: 5,
  atSite: 10,
  inTransit: 20,
  received: 10,
  resulted: 40,
  positive: 10,
  lost: 3,
};
const nothingTold: RoundEvidence = { missing: 0, tracesGone: 0, tracesAdded: 0 };

interface Row {
  readonly why: string;
  /** How the rows differ from the counters. */
  readonly change: Partial<Counts>;
  readonly evidence?: Partial<VillageEvidence>;
  readonly round?: Partial<RoundEvidence>;
  readonly missing?: true;
  readonly found: Readonly<Record<string, readonly CauseShare[]>>;
}

const one = (cause: CauseShare["cause"], people: number): CauseShare[] => [{ cause, people }];

const table: readonly Row[] = [
  {
    why: "people who registered and were not counted",
    change: { due: 103 },
    evidence: { registered: 7 },
    found: { due: one("registeredLater", 3) },
  },
  {
    why: "people who registered explain only as many as did",
    change: { due: 103 },
    evidence: { registered: 2 },
    found: { due: [...one("registeredLater", 2), ...one("unexplained", 1)] },
  },
  {
    why: "people who came to live in the village",
    change: { due: 102 },
    evidence: { moved: 2 },
    found: { due: one("moved", 2) },
  },
  {
    why: "people who left, less those who came",
    change: { due: 98 },
    evidence: { moved: -2 },
    found: { due: one("moved", -2) },
  },
  {
    why: "people who are in no register any more",
    change: { due: 99 },
    evidence: { gone: 1 },
    found: { due: one("personGone", -1) },
  },
  {
    why: "a counter that no row explains",
    change: { due: 93 },
    found: { due: one("unexplained", -7) },
  },
  {
    why: "an absence without a counter",
    change: { excused: 7 },
    found: { excused: one("absenceUncounted", 2) },
  },
  {
    why: "an absence of somebody who is sampled",
    change: { excused: 7 },
    evidence: { absentSampled: 1 },
    found: { excused: [...one("absenceOfSampled", 1), ...one("absenceUncounted", 1)] },
  },
  {
    why: "a counter of absences without rows",
    change: { excused: 4 },
    found: { excused: one("unexplained", -1) },
  },
  {
    why: "a tube that went on without its members' counters",
    change: { atSite: 0, received: 20 },
    found: { atSite: one("tubeState", -10), received: one("tubeState", 10) },
  },
  {
    why: "a tube that was called lost without its members being taken out",
    change: { inTransit: 10 },
    evidence: { ended: 10 },
    found: { inTransit: one("tubeEnded", -10), sampled: one("tubeEnded", -10), collected: one("tubeEnded", -10) },
  },
  {
    why: "a swab that was removed, told from a tube that went on",
    change: { atSite: 0, received: 20, resulted: 39 },
    evidence: { short: { resulted: 1 } },
    round: { missing: 1 },
    found: {
      atSite: one("tubeState", -10),
      received: one("tubeState", 10),
      resulted: one("sampleGone", -1),
      sampled: one("sampleGone", -1),
      collected: one("sampleGone", -1),
    },
  },
  {
    why: "swabs missing from tubes whose other members are of another village, or gone too",
    change: { atSite: 5 },
    round: { missing: 5 },
    found: { atSite: one("sampleGone", -5), sampled: one("sampleGone", -5), collected: one("sampleGone", -5) },
  },
  {
    why: "swabs whose tube is of another round",
    change: { resulted: 38 },
    evidence: { astray: 2 },
    found: { resulted: one("sampleAstray", -2), sampled: one("sampleAstray", -2), collected: one("sampleAstray", -2) },
  },
  {
    why: "a swab added past the system",
    change: { received: 11 },
    evidence: { over: { received: 1 } },
    found: { received: one("sampleAdded", 1), sampled: one("sampleAdded", 1), collected: one("sampleAdded", 1) },
  },
  {
    why: "a result that nobody was told of",
    change: { positive: 20 },
    evidence: { untold: 10 },
    found: { positive: one("tubeResult", 10) },
  },
  {
    why: "a result that was told and is another now",
    change: { positive: 0 },
    evidence: { told: 10 },
    found: { positive: one("tubeResult", -10) },
  },
  {
    why: "a positive tube put back before its result",
    change: { resulted: 30, received: 20, positive: 0 },
    found: { received: one("tubeState", 10), resulted: one("tubeState", -10), positive: one("tubeState", -10) },
  },
  {
    why: "a loss without a trace",
    change: { lost: 2 },
    round: { tracesGone: 1 },
    found: { lost: one("traceGone", -1), collected: one("traceGone", -1) },
  },
  {
    why: "a trace without a loss",
    change: { lost: 5 },
    round: { tracesAdded: 1 },
    found: {
      lost: [...one("traceAdded", 1), ...one("unexplained", 1)],
      collected: [...one("traceAdded", 1), ...one("unexplained", 1)],
    },
  },
  {
    why: "a village whose row of counters is gone",
    change: { due: 100 },
    missing: true,
    found: {
      due: one("rowMissing", 100),
      excused: one("rowMissing", 5),
      atSite: one("rowMissing", 10),
      inTransit: one("rowMissing", 20),
      received: one("rowMissing", 10),
      resulted: one("rowMissing", 40),
      positive: one("rowMissing", 10),
      lost: one("rowMissing", 3),
      sampled: one("rowMissing", 80),
      collected: one("rowMissing", 83),
    },
  },
];

describe("SCR-20: the cause of a difference, as far as rows tell", () => {
  it.each(table)("$why", ({ change, evidence = {}, round = {}, missing, found }) => {
    const village: VillageCounts = {
      areaCode: "371702001201",
      counted: { ...kept, ...change },
      kept: missing ? null : kept,
    };
    const differences = explain([village], {
      byVillage: new Map([[village.areaCode, { ...noEvidence, ...evidence }]]),
      round: { ...nothingTold, ...round },
    });
    expect(Object.fromEntries(differences.map((row) => [row.counter, row.causes]))).toEqual(found);
    for (const { counted, kept: before, causes } of differences)
      expect(causes.reduce((sum, share) => sum + share.people, 0)).toBe(counted - before);
  });

  it("villages that differ as much one way as others the other way have probably exchanged people", () => {
    const village = (areaCode: string, due: number): VillageCounts => ({ areaCode, counted: { ...kept, due }, kept });
    const differences = explain([village("c", 90), village("a", 104), village("b", 103)], {
      byVillage: new Map(),
      round: nothingTold,
    });
    expect(differences.map((row) => [row.areaCode, row.causes])).toEqual([
      ["a", one("movedLikely", 4)],
      ["b", one("movedLikely", 3)],
      ["c", [...one("movedLikely", -7), ...one("unexplained", -3)]],
    ]);
    expect(peopleByCause(differences)).toEqual({ movedLikely: 14, unexplained: 3 });
  });

  it("what an earlier correction was explained by explains no later difference", () => {
    const evidence = {
      byVillage: new Map([["a", { ...noEvidence, registered: 3, moved: -1, short: { received: 2 }, untold: 10 }]]),
      round: { missing: 5, tracesGone: 2, tracesAdded: 1 },
    };
    const used = [
      { areaCode: "a", cause: "registeredLater", people: 2 },
      { areaCode: "a", cause: "moved", people: -1 },
      { areaCode: "a", cause: "sampleGone", people: -3 },
      { areaCode: "a", cause: "tubeResult", people: 10 },
      { areaCode: "b", cause: "traceGone", people: -1 },
      { areaCode: "b", cause: "unexplained", people: 9 },
    ] as const;
    const left = withoutAccounted(evidence, used);
    expect(left.byVillage.get("a")).toMatchObject({ registered: 1, moved: 0, short: { received: 0 }, untold: 0 });
    expect(left.round).toEqual({ missing: 2, tracesGone: 1, tracesAdded: 1 });
  });

  it("a village that only newcomers live in has no row yet, and has lost none", () => {
    const village: VillageCounts = { areaCode: "a", counted: { ...noCounts, due: 2 }, kept: null };
    const byVillage = new Map([["a", { ...noEvidence, registered: 2 }]]);
    expect(explain([village], { byVillage, round: nothingTold })[0]?.causes).toEqual(one("registeredLater", 2));
  });

  it("SCR-19: nothing differs where rows and counters agree", () => {
    expect(differingVillages([{ areaCode: "a", counted: kept, kept }])).toEqual([]);
    expect(differingVillages([{ areaCode: "a", counted: noCounts, kept: null }])).toEqual([]);
    expect(allCounts(kept)).toMatchObject({ sampled: 80, collected: 83 });
  });
});

describe("SCR-19: when and how it is counted", () => {
  it.each([
    ["before the hour", "2022-07-23T18:59:00.000Z", "2022-07-22T19:00:00.000Z"],
    ["at the hour", "2022-07-23T19:00:00.000Z", "2022-07-23T19:00:00.000Z"],
    ["late in the day", "2022-07-24T15:30:00.000Z", "2022-07-23T19:00:00.000Z"],
  ])("the night's hour is the outbreak's: %s", (_, now, night) => {
    expect(lastNight(now, "Asia/Shanghai", { rounds: {} })).toBe(night);
    expect(lastNight(now, "Asia/Shanghai", { rounds: null })).toBe(night);
  });

  it("the protocol may name another hour", () => {
    const at = { rounds: { reconcileAt: "04:30" } };
    expect(lastNight("2022-07-23T20:29:00.000Z", "Asia/Shanghai", at)).toBe("2022-07-22T20:30:00.000Z");
    expect(lastNight("2022-07-23T20:30:00.000Z", "Asia/Shanghai", at)).toBe("2022-07-23T20:30:00.000Z");
  });

  it("tubes made one after another are counted in slices that hold each once", () => {
    const bounds = tubeSlices({ tubes: 880_000, first: 1_001, last: 881_000 });
    expect(bounds).toHaveLength(9);
    expect(bounds?.[0]).toBe(1_001);
    expect(bounds?.at(-1)).toBe(881_001);
    const few = tubeSlices({ tubes: 3, first: 5, last: 7 });
    expect(few).toEqual([5, 8, 8, 8, 8, 8, 8, 8, 8]);
  });

  it("tubes scattered among those of other rounds are looked up one by one", () => {
    expect(tubeSlices({ tubes: 100, first: 1, last: 1_000 })).toBeNull();
    expect(tubeSlices({ tubes: 0, first: 0, last: 0 })).toBeNull();
  });

  it("people are counted in ranges that cover the area, whatever its villages", () => {
    const range = areaRange("3717");
    expect(areaSlices(range, [])).toEqual(["3717", ...Array.from({ length: 8 }, () => "3718")]);
    const villages = Array.from({ length: 100 }, (_, i) => `3717${String(100 + i)}`);
    const bounds = areaSlices(range, villages);
    expect(bounds).toHaveLength(9);
    expect(bounds).toEqual(bounds.toSorted());
    expect([bounds[0], bounds[4], bounds[8]]).toEqual(["3717", "3717150", "3718"]);
  });
});
