import { describe, expect, it } from "vitest";
import { infectionSite, sharedPlaces, type CaseMeeting, type InfectedCase } from "./where.rules.ts";

const own: InfectedCase = {
  id: "own",
  personId: 1,
  infectorCaseId: "infector",
  onsetAt: "2022-07-26T00:00:00.000Z",
  positiveAt: "2022-07-27T00:00:00.000Z",
};
const met = (change: Partial<CaseMeeting>): CaseMeeting => ({
  personId: 1,
  caseId: "infector",
  venueId: null,
  place: null,
  setting: "shop",
  class: "close",
  overlapMinutes: 30,
  lastAt: "2022-07-24T00:00:00.000Z",
  ...change,
});
const shown = new Map([
  ["infector", "2022-07-25T00:00:00.000Z"],
  ["other", "2022-07-24T00:00:00.000Z"],
  ["later", "2022-07-28T00:00:00.000Z"],
]);
const market = met({ venueId: "market" });
const alone = { ...own, infectorCaseId: null };

describe("TRACE-16: where a case was infected", () => {
  it.each([
    ["the venue of the meeting with its infector", own, [market], null, "id market", "shop"],
    [
      "not where it met another case longer",
      own,
      [met({ venueId: "mall", caseId: "other", overlapMinutes: 600 }), market],
      null,
      "id market",
      "shop",
    ],
    [
      "the strictest of several meetings",
      own,
      [met({ venueId: "mall", class: "general", overlapMinutes: 600 }), market],
      null,
      "id market",
      "shop",
    ],
    [
      "the longest of equally strict ones",
      own,
      [met({ venueId: "mall", overlapMinutes: 60 }), market],
      null,
      "id mall",
      "shop",
    ],
    ["a home is no venue", own, [met({ setting: "household", place: "371721123201" })], null, null, "household"],
    ["a place in words", own, [met({ place: " 村口集市 " })], null, "place 村口集市", "shop"],
    ["only the setting", own, [met({})], null, null, "shop"],
    ["from a line list's link the setting", own, [], "work", null, "work"],
    [
      "without an infector, where it met a case that had shown itself before",
      alone,
      [met({ venueId: "mall", caseId: "later", overlapMinutes: 600 }), met({ venueId: "fair", caseId: "other" })],
      null,
      "id fair",
      "shop",
    ],
  ] as const)("%s", (_what, record, meetings, link, key, setting) => {
    expect(infectionSite(record, meetings, shown, link)).toEqual({ key, setting });
  });

  it.each([
    ["nothing recorded", own, []],
    ["only a meeting with somebody it may itself have infected", alone, [met({ venueId: "mall", caseId: "later" })]],
    [
      "only a meeting after its own positive test",
      alone,
      [met({ venueId: "mall", caseId: "other", lastAt: "2022-07-28T00:00:00.000Z" })],
    ],
  ])("is unknown: %s", (_what, record, meetings) => {
    expect(infectionSite(record, meetings, shown, null)).toBeNull();
  });

  it("names a place only where at least two cases share it", () => {
    const site = (key: string | null) => ({ key, setting: "shop" });
    expect(sharedPlaces([site("a"), null, site("b"), site("a"), site(null), site(null)])).toEqual(["a"]);
  });
});
