import { describe, expect, it } from "vitest";
import type { RoomRefusal } from "./floors.model.ts";
import { refusalOf, refusalRules, roomState, type RoomFacts } from "./floors.rules.ts";
import { allocationPolicy, type WaitingOrder } from "./isolation.rules.ts";

const exceptions = { rule: "CC-HOME", ageMax: 14, conditions: ["pregnant", "dependent"] };
const contact: WaitingOrder = {
  orderId: "o",
  personId: 1,
  householdId: 7,
  age: 40,
  needs: [],
  category: "contact",
  purpose: "close",
  mode: "central",
  countyCode: "371721",
  dueAt: "2022-07-25T00:00:00.000Z",
};
const patient: WaitingOrder = { ...contact, category: "case", purpose: "case", mode: "fangcang" };
const room: RoomFacts = {
  siteKind: "central",
  siteState: "open",
  zone: "isolation",
  ward: false,
  floorPurpose: null,
  beds: ["free", "free"],
  people: [],
};
const mate = { category: "contact" as const, party: "h7", age: 40, needs: [] };
const hospital: RoomFacts = { ...room, siteKind: "hospital", ward: true };

describe("refusalOf", () => {
  it.each<[string, RoomRefusal | null, WaitingOrder, Partial<RoomFacts>]>([
    ["an empty room", null, contact, {}],
    ["ISO-22: a site that is not open", "siteNotOpen", contact, { siteState: "planned" }],
    ["ISO-12: a room of the clean zone", "notForGuests", contact, { zone: "clean", beds: [] }],
    ["I4: a case in a quarantine site", "otherPlace", patient, {}],
    ["I4: a contact in a hospital", "otherPlace", contact, hospital],
    ["ISO-9: a fangcang for who looks after himself", null, patient, { siteKind: "fangcang", ward: true }],
    ["ISO-9: too old for a fangcang", "needsHospital", { ...patient, age: 66 }, { siteKind: "fangcang", ward: true }],
    ["ISO-9: sent to hospital", "needsHospital", { ...patient, mode: "hospital" }, { siteKind: "fangcang" }],
    ["I4: beside a case", "besideCase", contact, { people: [{ ...mate, category: "case" }] }],
    ["I4: the bed is kept", "held", contact, { beds: ["reserved"], people: [{ ...mate, party: "h8" }] }],
    ["I4: the bed is taken", "taken", contact, { beds: ["inUse", "reserved"] }],
    ["I4: being disinfected", "cleaning", contact, { beds: ["cleaning"] }],
    ["ISO-18: beds of a later batch", "closed", contact, { beds: ["blocked"] }],
    ["ISO-6: his own household", null, contact, { beds: ["inUse", "free"], people: [mate] }],
    ["ISO-6: another", "otherHousehold", contact, { beds: ["inUse", "free"], people: [{ ...mate, party: "h8" }] }],
    ["ISO-6: a ward is shared", null, patient, { ...hospital, people: [{ ...mate, category: "case", party: "p9" }] }],
    ["ISO-12: the floor serves the same", null, contact, { floorPurpose: "close" }],
    ["ISO-12: the floor serves another group", "otherPurpose", contact, { floorPurpose: "secondary" }],
    ["ISO-7: a child alone", "needsCarer", { ...contact, age: 9 }, {}],
    ["ISO-7: a child beside its mother", null, { ...contact, age: 9 }, { beds: ["inUse", "free"], people: [mate] }],
    [
      "ISO-7: beside its grandmother, who is no carer",
      "needsCarer",
      { ...contact, age: 9 },
      { beds: ["inUse", "free"], people: [{ ...mate, age: 70 }] },
    ],
  ])("%s", (_name, expected, person, facts) => {
    expect(refusalOf(person, { ...room, ...facts }, exceptions, allocationPolicy)).toBe(expected);
  });

  it("has a rule and words in both languages for every refusal", () => {
    for (const { rule, why } of Object.values(refusalRules)) {
      expect(rule).toMatch(/^(ISO-\d+|I4)$/);
      expect(why).toMatch(/^[\x20-\x7e]+ \/ \p{Script=Han}/u);
    }
  });
});

describe("roomState", () => {
  it.each([
    ["staff", []],
    ["free", ["free", "cleaning"]],
    ["partly", ["free", "inUse"]],
    ["held", ["reserved", "cleaning"]],
    ["taken", ["inUse", "reserved"]],
    ["cleaning", ["cleaning", "blocked"]],
    ["closed", ["blocked"]],
  ] as const)("%s", (state, beds) => {
    expect(roomState(beds)).toBe(state);
  });
});
