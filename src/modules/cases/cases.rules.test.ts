import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadProtocol } from "#modules/outbreaks";
import {
  caseTitle,
  classify,
  closesCircle,
  excludeFrom,
  inCommunity,
  onPositive,
  outcomeAfter,
  provenanceOf,
  recheckVerdict,
  reclassifyTo,
  tubeVerdict,
  type FoundFacts,
  type HoldFacts,
} from "./cases.rules.ts";
import { chooseInfector, readField } from "./imports.rules.ts";

const protocol = await loadProtocol(join(import.meta.dirname, "../../../protocols/covid-19.cn-9.yaml"));
const facts = (...names: string[]): Record<string, boolean> => Object.fromEntries(names.map((name) => [name, true]));

describe("case definitions (domain.md §1.1)", () => {
  it.each([
    [
      "CASE-SUSP",
      "epi history and two clinical criteria",
      facts("epiHistory", "feverOrRespiratory", "imagingFeatures"),
      "suspect",
    ],
    [
      "CASE-SUSP",
      "no epi history and three clinical criteria",
      facts("feverOrRespiratory", "imagingFeatures", "bloodCount"),
      "suspect",
    ],
    [
      "CASE-SUSP",
      "two clinical criteria and IgM, not recently vaccinated",
      facts("feverOrRespiratory", "imagingFeatures", "igmPositive"),
      "suspect",
    ],
    [
      "CASE-CONF",
      "suspect and a positive NAT",
      facts("epiHistory", "feverOrRespiratory", "bloodCount", "natPositive"),
      "confirmed",
    ],
    [
      "CASE-CONF",
      "suspect, unvaccinated, IgM and IgG",
      facts("epiHistory", "feverOrRespiratory", "bloodCount", "igmPositive", "iggPositive"),
      "confirmed",
    ],
    ["CASE-ASX", "a positive NAT without symptoms or CT signs", facts("epiHistory", "natPositive"), "asymptomatic"],
  ])("%s: %s", (rule, _what, given, state) => {
    expect(classify(protocol, "preliminary", given)).toEqual({ ok: true, value: { state, rule } });
  });

  it.each([
    ["CASE-SUSP", "epi history and one clinical criterion", facts("epiHistory", "feverOrRespiratory")],
    ["CASE-SUSP", "two clinical criteria without epi history", facts("feverOrRespiratory", "imagingFeatures")],
    [
      "CASE-SUSP",
      "IgM after a recent vaccination",
      facts("feverOrRespiratory", "imagingFeatures", "igmPositive", "recentlyVaccinated"),
    ],
    ["CASE-ASX", "fever without enough for a suspect", facts("natPositive", "feverOrRespiratory")],
  ])("%s: %s is no case", (_rule, _what, given) => {
    expect(classify(protocol, "preliminary", given)).toMatchObject({ ok: false, refusal: { code: "rule.refused" } });
  });

  it("CASE-8: refuses a fact the protocol does not know and a state that is past diagnosis", () => {
    expect(classify(protocol, "preliminary", facts("luck"))).toMatchObject({
      ok: false,
      refusal: { params: { rule: "CASE-8" } },
    });
    expect(classify(protocol, "confirmed", facts("natPositive"))).toMatchObject({
      ok: false,
      refusal: { code: "state.notAllowed" },
    });
  });

  it("CASE-9: names cases by class and number in both languages", () => {
    expect(caseTitle(protocol, "confirmed", 1)).toEqual({ zh: "确诊病例1", en: "Confirmed case 1" });
    expect(caseTitle(protocol, "asymptomatic", 12)).toEqual({ zh: "无症状感染者12", en: "Asymptomatic infection 12" });
  });

  it("CASE-11: an asymptomatic infection with symptoms turns confirmed, never the other way", () => {
    const sick = facts("epiHistory", "natPositive", "feverOrRespiratory", "imagingFeatures");
    expect(reclassifyTo(protocol, "asymptomatic", "confirmed", sick)).toEqual({ ok: true, value: "CASE-TURN" });
    expect(reclassifyTo(protocol, "asymptomatic", "confirmed", facts("natPositive"))).toMatchObject({
      ok: false,
      refusal: { code: "rule.refused" },
    });
    expect(reclassifyTo(protocol, "confirmed", "asymptomatic", facts("natPositive"))).toMatchObject({
      ok: false,
      refusal: { code: "state.notAllowed" },
    });
  });

  it("CASE-12: only steps the protocol has exclude a case", () => {
    expect(excludeFrom(protocol, "preliminary")).toEqual({ ok: true, value: "CASE-EXCL" });
    expect(excludeFrom(protocol, "excluded")).toMatchObject({ ok: false });
  });

  it("CASE-13: an outcome needs a diagnosis; death is final", () => {
    expect(outcomeAfter("preliminary", null, "recovered")).toMatchObject({ ok: false });
    expect(outcomeAfter("asymptomatic", "inCare", "recovered")).toEqual({ ok: true, value: "recovered" });
    expect(outcomeAfter("confirmed", "died", "recovered")).toMatchObject({ ok: false });
  });
});

describe("positive tubes (domain.md §2.3)", () => {
  it.each([
    ["CASE-2", 1, "preliminary"],
    ["CASE-1", 2, "hold"],
    ["CASE-1", 20, "hold"],
  ] as const)("%s: a tube of %i → %s", (_rule, size, what) => {
    expect(onPositive(size)).toBe(what);
  });

  it.each([
    [0, 1, "negative", "cleared"],
    [0, 2, "negative", "again"],
    [1, 2, "negative", "cleared"],
    [0, 1, "positive", "positive"],
    [1, 2, "positive", "positive"],
    [0, 1, "grey", "again"],
    [0, 1, "invalid", "again"],
  ] as const)("CASE-3: %i of %i negative, then %s → %s", (before, needed, result, verdict) => {
    expect(recheckVerdict(before, needed, result)).toBe(verdict);
  });

  it.each([
    [["negative", null], "open"],
    [["positive", null], "open"],
    [["negative", "negative"], "cleared"],
    [["negative", "positive"], "confirmed"],
    [["negative", "knownCase"], "confirmed"],
  ] as const)("CASE-4: %j → %s", (outcomes, verdict) => {
    expect(tubeVerdict(outcomes.map((outcome): HoldFacts => ({ negatives: 0, outcome })))).toBe(verdict);
  });
});

describe("provenance (domain.md §1.1, §1.8)", () => {
  it.each([
    ["quarantine", "central", "none", "centralQuarantine", false],
    ["quarantine", "home", "none", "homeQuarantine", false],
    ["quarantine", "none", "none", "homeQuarantine", false],
    ["quarantine", "homeMonitor", "none", "homeMonitor", false],
    ["area", "none", "highZone", "highZone", false],
    ["area", "none", "mediumZone", "mediumZone", true],
    ["area", "home", "highZone", "homeQuarantine", false],
    ["keyGroup", "none", "none", "keyGroup", true],
    ["keyGroup", "closedLoop", "none", "closedLoop", false],
    ["sentinel", "none", "none", "clinic", true],
    ["area", "none", "none", "community", true],
  ] as const)("CASE-5, CASE-6: %s, kept %s, zone %s → %s", (purpose, control, zone, provenance, community) => {
    const found: FoundFacts = { purpose, control, zone };
    expect(provenanceOf(found)).toBe(provenance);
    expect(inCommunity(protocol, provenanceOf(found))).toBe(community);
  });
});

describe("links (CASE-14)", () => {
  const links = new Map([
    ["b", "a"],
    ["c", "b"],
  ]);
  const infectorOf = (id: string): string | null => links.get(id) ?? null;
  it.each([
    ["a", "c", true],
    ["a", "a", true],
    ["c", "a", false],
    ["d", "c", false],
  ] as const)("%s infected by %s closes a circle: %s", (infectee, infector, closes) => {
    expect(closesCircle(infectee, infector, infectorOf)).toBe(closes);
  });
  it("takes the first to fall ill, and leaves out the later half of a mutual pair", () => {
    const person = (id: string, reference: string, order: number) => ({ id, reference, order });
    const infectee = person("x", "2020-02-05", 3);
    const early = person("e", "2020-02-01", 1);
    const late = person("l", "2020-02-08", 2);
    expect(chooseInfector(infectee, [late, early], () => false)).toBe(early);
    expect(chooseInfector(infectee, [late], () => false)).toBe(late);
    expect(chooseInfector(infectee, [late], () => true)).toBeUndefined();
  });
});

describe("reading a foreign field (CASE-15)", () => {
  it.each([
    [{ column: "a" }, { a: " x " }, "x"],
    [{ column: ["a", "b"] }, { a: "", b: "y" }, "y"],
    [{ value: "z" }, {}, "z"],
    [{ column: "a", values: { M: "male" } }, { a: "m" }, "male"],
    [{ column: "a", patterns: [{ match: "wu", value: "inbound" }], otherwise: "clinic" }, { a: "Wuhan" }, "inbound"],
    [{ column: "a", patterns: [{ match: "wu", value: "inbound" }], otherwise: "clinic" }, { a: "mall" }, "clinic"],
    [{ column: "a", date: "dd/MM/yyyy" }, { a: "5/02/2020" }, "2020-02-05"],
    [{ column: "a", empty: ["NA"] }, { a: "NA" }, null],
  ] as const)("%j of %j → %s", (map, row, value) => {
    expect(readField(map as never, row as never)).toEqual({ ok: true, value });
  });
  it.each([
    [{ column: "a", required: true }, { a: "" }, "is empty but needed"],
    [{ column: "a", date: "yyyy-MM-dd" }, { a: "31/01/2020" }, "is not a date of the form yyyy-MM-dd"],
    [{ column: "a", date: "yyyy-MM-dd" }, { a: "2020-02-31" }, "is not a day of the calendar"],
    [{ column: "a", values: { M: "male" } }, { a: "?" }, "has a value the mapping does not know"],
  ] as const)("%j of %j is refused", (map, row, message) => {
    expect(readField(map as never, row as never)).toEqual({ ok: false, message });
  });
});
