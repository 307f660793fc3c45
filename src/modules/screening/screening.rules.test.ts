import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Protocol } from "#domain/outbreaks";
import { loadProtocol } from "#modules/outbreaks";
import {
  admitUpload,
  type KnownTube,
  moveRefusal,
  type PastRound,
  planUpload,
  resultStep,
  roundDecision,
  roundSizes,
  standingDay,
  stopRuleOf,
} from "./screening.rules.ts";
import type { TubeResult, TubeState, TubeUpload } from "./screening.model.ts";

const nine: Protocol = await loadProtocol(
  fileURLToPath(new URL("../../../protocols/covid-19.cn-9.yaml", import.meta.url)),
);

/** "c" is a clean round, a digit so many community finds, "-" a day without a round; the first day is 07-01. */
function history(days: string): PastRound[] {
  const rounds: PastRound[] = [];
  days.split("").forEach((letter, i) => {
    const day = `2022-07-${String(i + 1).padStart(2, "0")}`;
    if (letter !== "-")
      rounds.push({
        no: rounds.length + 1,
        day,
        closedDay: day,
        communityPositives: letter === "c" ? 0 : Number(letter),
      });
  });
  return rounds;
}

type Row = readonly [area: string, what: string, days: string, today: number, action: string, nextDay: number | null];
const stopRows: readonly Row[] = [
  ["urban", "before the first round", "", 1, "open", 1],
  ["urban", "after a round with finds: daily", "3", 2, "open", 2],
  ["urban", "two clean rounds are not three", "3cc", 4, "open", 4],
  ["urban", "asked again on the day of a round: tomorrow", "3cc", 3, "open", 4],
  ["urban", "three clean rounds: pause 3 days", "3ccc", 5, "pause", 7],
  ["urban", "still in the pause", "3ccc--", 6, "pause", 7],
  ["urban", "the pause is over: one more round", "3ccc--", 7, "openFinal", 7],
  ["urban", "the last round late is still the last", "3ccc", 10, "openFinal", 10],
  ["urban", "a clean round inside the pause is not the last one", "3cccc", 6, "pause", 7],
  ["urban", "one more clean round after the pause: stop", "3ccc--c", 8, "stop", null],
  ["urban", "a find in the round after the pause starts again", "3ccc--2", 8, "open", 8],
  ["urban", "after that, three clean rounds again", "3ccc--2ccc", 11, "pause", 13],
  ["urban", "a find between clean rounds starts again", "cc1cc", 6, "open", 6],
  ["rural", "three clean rounds: pause 3 days", "1ccc", 5, "pause", 7],
  ["rural", "one more clean round: stop", "1ccc--c", 8, "stop", null],
  ["capitalDistrict", "three clean rounds: pause 3 days", "1ccc", 5, "pause", 7],
  ["capitalDistrict", "one more clean round: stop", "1ccc--c", 8, "stop", null],
  ["outsideUrban", "two clean rounds: go on", "1cc", 4, "open", 4],
  ["outsideUrban", "three clean rounds: stop at once", "1ccc", 5, "stop", null],
  ["capitalOther", "three clean rounds: stop at once", "1ccc", 5, "stop", null],
];

describe("NAT-STOP: when rounds go on, pause and stop (domain.md §1.7)", () => {
  it.each(stopRows)("NAT-STOP %s: %s", (areaType, _what, days, today, action, nextDay) => {
    const stop = stopRuleOf(nine, areaType);
    if (!stop.ok) throw new Error("the protocol names the area type");
    const day = (n: number): string => `2022-07-${String(n).padStart(2, "0")}`;
    const advice = roundDecision({ stop: stop.value, everyDays: 1, rounds: history(days), today: day(today) });
    expect({ action: advice.action, nextDay: advice.nextDay }).toEqual({
      action,
      nextDay: nextDay === null ? null : day(nextDay),
    });
    expect(advice.reasons.map((reason) => reason.rule)).toEqual(["NAT-STOP"]);
  });

  it("NAT-STOP: refuses an area type the protocol does not name", () => {
    expect(stopRuleOf(nine, "moon")).toMatchObject({ ok: false, refusal: { params: { rule: "NAT-STOP" } } });
    expect(stopRuleOf({ ...nine, rounds: null }, "urban").ok).toBe(false);
  });
});

describe("NAT-POOL: tube sizes by purpose and zone (domain.md §2.2)", () => {
  it.each([
    ["area", "none", 20],
    ["area", "low", 20],
    ["area", "medium", 10],
    ["area", "high", 10],
    ["quarantine", "none", 1],
    ["recheck", "none", 1],
    ["keyGroup", "none", 1],
    ["sentinel", "none", 1],
  ] as const)("NAT-POOL %s in zone %s: %i", (purpose, zone, size) =>
    expect(roundSizes(nine, purpose, zone).pool).toBe(size),
  );

  it("NAT-POOL: one household one tube takes at most ten; without pooling every tube is single", () => {
    expect(roundSizes(nine, "area").household).toBe(10);
    expect(roundSizes({ ...nine, pooling: null }, "area")).toEqual({ pool: 1, household: 1 });
  });
});

const at = "2022-07-24T01:00:00.000Z";
const now = "2022-07-24T02:00:00.000Z";
const sizes = { pool: 20, household: 10 };
const tube = (barcode: string, personIds: number[], more: Partial<TubeUpload> = {}): TubeUpload => ({
  barcode,
  kind: "pool",
  personIds,
  at,
  ...more,
});
const people = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("an upload against itself", () => {
  it.each([
    ["SCR-3", "a pool larger than the round's", tube("a", [1], { size: 21 as number }), "size", "poolTooLarge"],
    [
      "SCR-3",
      "a household tube larger than the protocol's",
      tube("a", [1], { kind: "household", size: 11 }),
      "size",
      "poolTooLarge",
    ],
    ["SCR-4", "nobody in the tube", tube("a", []), "personIds", "noPeople"],
    ["SCR-5", "a time that is none", tube("a", [1], { at: "yesterday" }), "at", "notATime"],
    [
      "SCR-5",
      "a time more than ten minutes ahead",
      tube("a", [1], { at: "2022-07-24T02:11:00.000Z" }),
      "at",
      "inFuture",
    ],
  ] as const)("%s: %s", (_rule, _what, upload, field, code) => {
    expect(planUpload([upload, tube("b", [9])], sizes, now)).toMatchObject({
      tubes: [{ barcode: "b" }],
      bad: [{ barcode: "a", field, code }],
    });
  });

  it("SCR-4: a tube or a person named twice counts once", () => {
    const plan = planUpload([tube("a", [1, 2, 1]), tube("b", [2, 3]), tube("a", [4])], sizes, now);
    expect(plan.tubes.map((row) => row.personIds)).toEqual([[1, 2], [3]]);
    expect(plan.bad).toEqual([
      { barcode: "a", field: "personIds", code: "duplicatePerson", personId: 1 },
      { barcode: "b", field: "personIds", code: "duplicatePerson", personId: 2 },
      { barcode: "a", field: "barcode", code: "duplicateTube" },
    ]);
  });

  it("SCR-5: a late time and a slightly fast clock are taken", () => {
    expect(
      planUpload(
        [tube("a", [1], { at: "2022-07-01T00:00:00.000Z" }), tube("b", [2], { at: "2022-07-24T02:09:00.000Z" })],
        sizes,
        now,
      ).bad,
    ).toEqual([]);
  });
});

describe("SCR-13: the day whose standing round tubes go into", () => {
  const zone = "Asia/Shanghai";
  it.each([
    ["the day they were taken, also when they come after midnight", ["2022-07-23T15:50:00.000Z"], "2022-07-23"],
    ["the earliest, over midnight", ["2022-07-23T16:10:00.000Z", "2022-07-23T15:50:00.000Z"], "2022-07-23"],
    ["today, where no time is good", ["yesterday", "2022-07-25T00:00:00.000Z"], "2022-07-24"],
  ])("%s", (_what, times, day) => {
    expect(
      standingDay(
        times.map((at, i) => tube(`t${i}`, [i], { at })),
        now,
        zone,
      ),
    ).toBe(day);
  });
});

describe("an upload against what is stored", () => {
  const where = { roundId: "r1", siteId: "s1" };
  const old = (more: Partial<KnownTube> = {}): KnownTube => ({
    id: 7,
    barcode: "a",
    roundId: "r1",
    siteId: "s1",
    kind: "pool",
    capacity: 20,
    size: 18,
    state: "open",
    ...more,
  });
  const admit = (
    upload: TubeUpload,
    known: KnownTube | null,
    faults: { personId: number; tubeId: number | null }[] = [],
  ) => admitUpload(planUpload([upload], sizes, now).tubes, where, new Map(known ? [["a", known]] : []), faults);

  it.each([
    ["SCR-6", "the barcode is another site's", old({ siteId: "s2" }), "barcode", "barcodeElsewhere"],
    ["SCR-6", "the barcode is of another round", old({ roundId: "r2" }), "barcode", "barcodeElsewhere"],
    ["SCR-6", "the tube is of another kind", old({ kind: "single", capacity: 1 }), "kind", "barcodeDiffers"],
    ["SCR-7", "the tube has left the site", old({ state: "in_transit" }), "personIds", "tubeState"],
    ["SCR-7", "the tube has its result", old({ state: "resulted" }), "personIds", "tubeState"],
  ] as const)("%s: %s", (_rule, _what, known, field, code) => {
    expect(admit(tube("a", [1]), known)).toMatchObject({ fresh: [], topUps: [], bad: [{ barcode: "a", field, code }] });
  });

  it("SCR-3: a full tube takes no more; who came first stays", () => {
    expect(admit(tube("a", people(1, 21)), null)).toMatchObject({
      fresh: [{ personIds: people(1, 20) }],
      bad: [{ code: "overCapacity", personId: 21 }],
    });
    expect(admit(tube("a", [1, 2, 3]), old())).toMatchObject({
      topUps: [{ tubeId: 7, personIds: [1, 2], full: true }],
      bad: [{ personId: 3 }],
    });
  });

  it("I1: unknown people and people in another tube stay out; the same tube again is nothing new", () => {
    const faults = [
      { personId: 1, tubeId: null },
      { personId: 2, tubeId: 8 },
      { personId: 3, tubeId: 7 },
    ];
    expect(admit(tube("a", [1, 2, 3, 4]), old(), faults)).toEqual({
      fresh: [],
      topUps: [{ tubeId: 7, at, personIds: [4], full: false }],
      already: 1,
      bad: [
        { barcode: "a", field: "personIds", code: "unknownPerson", personId: 1 },
        { barcode: "a", field: "personIds", code: "duplicatePerson", personId: 2 },
      ],
    });
    expect(admit(tube("a", [3]), old({ state: "received" }), faults)).toMatchObject({
      already: 1,
      bad: [],
      topUps: [],
    });
  });
});

describe("NAT-UNCLEAR: what a laboratory's report does (domain.md §2.3)", () => {
  const stored = (state: TubeState, unclear: TubeResult | null = null, result: TubeResult | null = unclear) => ({
    state,
    unclear,
    result,
    labId: "l1",
  });
  it.each([
    ["NAT-POS", stored("received"), "positive", "final"],
    ["NAT-POS", stored("received"), "negative", "final"],
    ["SCR-12", stored("in_transit"), "negative", "final"],
    ["NAT-UNCLEAR", stored("received"), "invalid", "retest"],
    ["NAT-UNCLEAR", stored("received"), "grey", "retest"],
    ["NAT-UNCLEAR", stored("received", "grey"), "invalid", "resample"],
    ["NAT-UNCLEAR", stored("received", "invalid"), "negative", "final"],
    ["NAT-UNCLEAR", stored("received", "invalid"), "positive", "final"],
    ["NAT-UNCLEAR", stored("rejected", "grey"), "grey", "already"],
    ["SCR-12", stored("resulted", null, "negative"), "negative", "already"],
    ["SCR-12", stored("resulted", null, "negative"), "positive", "bad"],
    ["SCR-12", stored("rejected"), "negative", "bad"],
    ["SCR-12", stored("lost"), "positive", "bad"],
  ] as const)("%s: %o reported %s → %s", (_rule, row, result, step) =>
    expect(resultStep(row, { result }, "l1").step).toBe(step),
  );

  it("SCR-12: only the laboratory that has the tube reports it", () => {
    expect(resultStep(stored("received"), { result: "negative" }, "l2")).toMatchObject({
      step: "bad",
      code: "otherLab",
    });
    expect(resultStep({ ...stored("closed"), labId: null }, { result: "negative" }, "l2").step).toBe("final");
  });
});

describe("SCR-8: moving a person between tubes", () => {
  const from = { id: 1, state: "closed" as TubeState, unclear: null };
  const to = { id: 2, state: "open" as TubeState, size: 3, capacity: 20, unclear: null };
  it.each([
    ["between tubes at the site", from, to, true],
    ["into the same tube", from, { ...to, id: 1 }, false],
    ["into a full tube", from, { ...to, size: 20 }, false],
    ["into a tube with a result", from, { ...to, state: "resulted" as TubeState }, false],
    ["out of a lost tube", { ...from, state: "lost" as TubeState }, to, false],
    [
      "out of a tube that is run again",
      { ...from, state: "received" as TubeState, unclear: "grey" as TubeResult },
      to,
      false,
    ],
  ] as const)("SCR-8: %s", (_what, a, b, allowed) => expect(moveRefusal(a, b).ok).toBe(allowed));
});
