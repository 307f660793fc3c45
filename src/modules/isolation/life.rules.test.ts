import { describe, expect, it } from "vitest";
import { protocolById } from "#modules/outbreaks";
import { runsOutWith } from "./forecast.rules.ts";
import { siteLives, type SiteLife } from "./life.model.ts";
import {
  itemsFor,
  itemsMissing,
  logDue,
  logRefusal,
  mayBecome,
  openingRefusal,
  postsToOpen,
  staffTestDue,
  stateOf,
  stepDue,
} from "./life.rules.ts";
import { outlookOf } from "./outlook.rules.ts";
import { siteStandard } from "./standard.load.ts";

const zone = "Asia/Shanghai";
const now = "2022-07-25T00:00:00.000Z";
const times = (await protocolById("covid-19.cn-9")).isolation ?? null;

describe("ISO-22: the steps of a site's life", () => {
  it.each([
    ["selected", ["converting"]],
    ["converting", ["converted"]],
    ["converted", ["converting", "checked"]],
    ["checked", ["converted", "opened"]],
    ["opened", ["cleaning"]],
    ["cleaning", ["stoodDown"]],
    ["stoodDown", ["converting"]],
  ] as [SiteLife, SiteLife[]][])("from %s only to %s", (from, to) => {
    expect(siteLives.filter((life) => mayBecome(from, life))).toEqual(to);
  });

  it("goes with the state that beds and allocation know", () => {
    expect(siteLives.map(stateOf)).toEqual(["planned", "planned", "planned", "planned", "open", "closed", "closed"]);
  });
});

describe("ISO-23: each step has its time from the protocol", () => {
  it.each([
    ["central", "converting", "2022-07-26T12:00:00.000Z"],
    ["fangcang", "converting", "2022-07-26T00:00:00.000Z"],
    ["central", "converted", "2022-07-25T12:00:00.000Z"],
    ["central", "opened", null],
    ["central", "cleaning", "2022-07-26T00:00:00.000Z"],
  ] as const)("%s %s: %s", (kind, life, due) => {
    expect(stepDue(times, kind, life, now)).toBe(due);
  });
  it("and none without a section in the protocol", () => {
    expect(stepDue(null, "central", "converting", now)).toBeNull();
  });
});

describe("ISO-24, ISO-25: what keeps a site from opening", () => {
  const all = itemsFor(siteStandard, "central").map(({ id }) => ({ item: id, met: true }));
  it("the list holds its zones, its passages, and what only a fangcang needs", () => {
    const parts = new Set(siteStandard.items.map((item) => item.part));
    expect([...parts].toSorted()).toEqual(["air", "passages", "rooms", "running", "siting", "zones"]);
    expect(itemsFor(siteStandard, "fangcang").map((item) => item.id)).toContain("bedArea");
    expect(itemsFor(siteStandard, "central").map((item) => item.id)).not.toContain("bedArea");
  });
  it.each([
    ["nothing", all, []],
    ["one mandatory item unmet", all.map((a) => (a.item === "neverCross" ? { ...a, met: false } : a)), ["neverCross"]],
    ["an item that is not mandatory", all.filter((a) => a.item !== "contactlessMeals"), []],
  ])("missing: %s", (_, answers, missing) => {
    expect(itemsMissing(siteStandard, "central", answers)).toEqual(missing);
  });
  it.each([
    ["converting", [], [...postsToOpen], "ISO-22"],
    ["converted", ["airFlow"], [...postsToOpen], "ISO-24"],
    ["checked", [], ["countyLeader"], "ISO-25"],
    ["checked", [], ["disciplineOfficer", "security"], "ISO-25"],
    ["checked", [], [...postsToOpen], undefined],
  ] as const)("%s, missing %s, posts %s: %s", (life, missing, posts, rule) => {
    expect(openingRefusal({ life, missing, posts })?.rule).toBe(rule);
  });
});

describe("ISO-26: when rooms run out", () => {
  it.each([
    ["no inflow", 10, 0, [], null],
    ["nothing free and nothing comes in", 0, 0, [], now],
    ["alone", 20, 10, [], "2022-07-27T00:00:00.000Z"],
    ["with rooms in time", 20, 10, [{ rooms: 10, at: "2022-07-26T00:00:00.000Z" }], "2022-07-28T00:00:00.000Z"],
    ["with rooms too late", 20, 10, [{ rooms: 10, at: "2022-07-28T00:00:00.000Z" }], "2022-07-27T00:00:00.000Z"],
  ])("%s", (_, free, net, gains, end) => {
    expect(runsOutWith(free, net, gains, now)).toBe(end);
  });
  it("asks for a conversion when what is in hand does not last", () => {
    const facts = {
      areaCode: "371721",
      kind: "central" as const,
      counters: { rooms: 100, roomsFree: 40, free: 50, inUse: 80, reserved: 0 },
      planned: [
        { life: "selected" as const, dueAt: null, rooms: 1_066, beds: 1_200 },
        { life: "converting" as const, dueAt: "2022-07-26T00:00:00.000Z", rooms: 15, beds: 20 },
      ],
      netPeople: 60,
      days: 3,
      orderAtDaysLeft: 4,
    };
    expect(outlookOf(facts, now)).toMatchObject({ free: 40, inHand: 15, notOrdered: 1, netPerDay: 15, orderNow: true });
    expect(outlookOf({ ...facts, netPeople: 0 }, now)).toMatchObject({ runsOutAt: null, orderNow: false });
    expect(outlookOf({ ...facts, netPeople: 12 }, now)).toMatchObject({ orderNow: false });
  });
});

describe("ISO-27, ISO-28: days and tests", () => {
  it.each([
    [null, 5, 0, 5, undefined],
    [5, 3, 2, 6, undefined],
    [5, 3, 2, 7, "ISO-27"],
  ])("%s + %s − %s = %s", (before, cameIn, wentOut, present, rule) => {
    expect(logRefusal({ cameIn, wentOut, present }, before)?.rule).toBe(rule);
  });
  it("a log is due the next morning, a test by the end of the next day", () => {
    expect(logDue(times, "2022-07-25", zone)).toBe("2022-07-26T02:00:00.000Z");
    expect(staffTestDue(times, "isolation", now, zone)).toBe("2022-07-26T16:00:00.000Z");
    expect(staffTestDue(null, "isolation", now, zone)).toBeNull();
  });
});
