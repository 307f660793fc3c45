import { describe, expect, it } from "vitest";
import type { RoomKind } from "./isolation.model.ts";
import {
  allocateRooms,
  allocationPolicy,
  caseMode,
  type AllocationInput,
  type WaitingOrder,
} from "./isolation.rules.ts";
import type { FreeRoom } from "./rooms.rules.ts";
import { enoughSites, sitesInOrder, type SiteLoad } from "./shortlist.rules.ts";
import { forecastRunOut } from "./forecast.rules.ts";

const exceptions = { rule: "CC-HOME", ageMax: 14, conditions: ["pregnant", "severeIllness", "dependent"] };

function order(personId: number, facts: Partial<WaitingOrder> = {}): WaitingOrder {
  return {
    orderId: `o${personId}`,
    personId,
    householdId: null,
    age: 40,
    needs: [],
    category: "contact",
    purpose: "close",
    mode: "central",
    countyCode: "371721",
    dueAt: "2022-07-24T08:00:00.000Z",
    ...facts,
  };
}

let nextRoom = 0;
function room(kind: RoomKind, facts: Partial<FreeRoom> & { beds?: number } = {}): FreeRoom {
  nextRoom += 1;
  const { beds = 1, ...rest } = facts;
  return {
    roomId: nextRoom,
    siteId: "caoxian",
    floorId: 1,
    floorPurpose: null,
    kind,
    party: null,
    bedIds: Array.from({ length: beds }, (_, i) => nextRoom * 100 + i + 1),
    ...rest,
  };
}

function run(orders: WaitingOrder[], rooms: FreeRoom[], more: Partial<AllocationInput> = {}) {
  const preference = new Map([
    ["371721", ["caoxian", "mudan", "hospital", "fangcang"]],
    ["371702", ["mudan", "caoxian"]],
  ]);
  const result = allocateRooms({
    orders,
    rooms,
    preference,
    fangcang: new Set(["fangcang"]),
    hospital: new Set(["hospital"]),
    exceptions,
    policy: allocationPolicy,
    ...more,
  });
  return result.map((row) => [row.personId, row.outcome, row.rule, row.siteId ?? null] as const);
}

describe("allocation by rule (domain.md §1.4, §3.1, §3.2)", () => {
  const single = () => [room("single"), room("single"), room("single", { siteId: "mudan", floorId: 2 })];
  it.each([
    ["ISO-1 own county first", [order(1)], single(), [[1, "bed", "ISO-1", "caoxian"]]],
    [
      "ISO-1 then the nearest with a free room",
      [order(1), order(2), order(3)],
      single(),
      [
        [1, "bed", "ISO-1", "caoxian"],
        [2, "bed", "ISO-1", "caoxian"],
        [3, "bed", "ISO-1", "mudan"],
      ],
    ],
    [
      "ISO-1 the earliest due first",
      [order(1, { dueAt: "2022-07-25T00:00:00.000Z" }), order(2)],
      [room("single")],
      [
        [2, "bed", "ISO-1", "caoxian"],
        [1, "none", "ISO-11", null],
      ],
    ],
    [
      "ISO-6 a family of one class together",
      [order(1, { householdId: 9 }), order(2, { householdId: 9 })],
      [room("single"), room("family", { beds: 3 })],
      [
        [1, "bed", "ISO-6", "caoxian"],
        [2, "bed", "ISO-6", "caoxian"],
      ],
    ],
    [
      "ISO-6 not with another class of contact",
      [order(1, { householdId: 9 }), order(2, { householdId: 9, purpose: "secondary" })],
      [room("single"), room("single", { floorId: 2 })],
      [
        [1, "bed", "ISO-1", "caoxian"],
        [2, "bed", "ISO-1", "caoxian"],
      ],
    ],
    ["ISO-7 a child alone stays home with a carer", [order(1, { age: 14 })], single(), [[1, "home", "ISO-7", null]]],
    ["ISO-7 fifteen is not a child", [order(1, { age: 15 })], single(), [[1, "bed", "ISO-1", "caoxian"]]],
    ["ISO-7 pregnant", [order(1, { needs: ["pregnant"] })], single(), [[1, "home", "ISO-7", null]]],
    ["ISO-7 dependent", [order(1, { needs: ["dependent"] })], single(), [[1, "home", "ISO-7", null]]],
    [
      "ISO-6 a child with its parent in a family room",
      [order(1, { age: 6, householdId: 9 }), order(2, { householdId: 9 })],
      [room("family", { beds: 2 })],
      [
        [2, "bed", "ISO-6", "caoxian"],
        [1, "bed", "ISO-6", "caoxian"],
      ],
    ],
    [
      "ISO-7 a grandparent is no carer",
      [order(1, { age: 6, householdId: 9 }), order(2, { age: 66, householdId: 9 })],
      [room("family", { beds: 2 }), room("single")],
      [
        [1, "home", "ISO-7", null],
        [2, "bed", "ISO-1", "caoxian"],
      ],
    ],
    [
      "ISO-7 no family room: the child home, the parent single",
      [order(1, { age: 6, householdId: 9 }), order(2, { householdId: 9 })],
      [room("single")],
      [
        [1, "home", "ISO-7", null],
        [2, "bed", "ISO-1", "caoxian"],
      ],
    ],
    [
      "ISO-6 a child joins its parent's room",
      [order(1, { age: 6, householdId: 9 })],
      [room("family", { beds: 1, party: "h9", floorPurpose: "close" })],
      [[1, "bed", "ISO-6", "caoxian"]],
    ],
    [
      "ISO-8 eighty: an accessible room",
      [order(1, { age: 80 })],
      [room("single"), room("accessible")],
      [[1, "bed", "ISO-8", "caoxian"]],
    ],
    [
      "ISO-8 disabled: an accessible room",
      [order(1, { needs: ["disabled"] })],
      [room("single"), room("accessible")],
      [[1, "bed", "ISO-8", "caoxian"]],
    ],
    ["ISO-8 none accessible: single", [order(1, { age: 85 })], [room("single")], [[1, "bed", "ISO-1", "caoxian"]]],
    [
      "ISO-10 the last resort is another kind",
      [order(1)],
      [room("family", { beds: 3 })],
      [[1, "bed", "ISO-10", "caoxian"]],
    ],
    ["ISO-11 nothing free", [order(1)], [], [[1, "none", "ISO-11", null]]],
    [
      "ISO-12 a floor of another purpose is not used",
      [order(1)],
      [room("single", { floorPurpose: "secondary" })],
      [[1, "none", "ISO-11", null]],
    ],
    [
      "ISO-9 a patient who looks after himself: fangcang",
      [order(1, { category: "case", purpose: "case", mode: "fangcang" })],
      [
        room("ward", { siteId: "hospital", floorId: 5, beds: 2 }),
        room("ward", { siteId: "fangcang", floorId: 6, beds: 20 }),
      ],
      [[1, "bed", "ISO-9", "fangcang"]],
    ],
    [
      "ISO-10 fangcang full: hospital",
      [order(1, { category: "case", purpose: "case", mode: "fangcang" })],
      [room("ward", { siteId: "hospital", floorId: 5, beds: 2 })],
      [[1, "bed", "ISO-10", "hospital"]],
    ],
    [
      "ISO-9 an old patient never in fangcang",
      [order(1, { category: "case", purpose: "case", mode: "hospital", age: 70 })],
      [room("ward", { siteId: "fangcang", floorId: 6, beds: 20 })],
      [[1, "none", "ISO-11", null]],
    ],
    [
      "I4 a case never in a quarantine site",
      [order(1, { category: "case", purpose: "case", mode: "hospital" })],
      single(),
      [[1, "none", "ISO-11", null]],
    ],
  ])("%s", (_name, orders, rooms, expected) => {
    expect(run(orders as WaitingOrder[], rooms as FreeRoom[])).toEqual(expected);
  });

  it("ISO-12: two classes never share a floor, no bed is given twice", () => {
    const rooms = [1, 2, 3].flatMap((floorId) => Array.from({ length: 10 }, () => room("single", { floorId })));
    const orders = Array.from({ length: 25 }, (_, i) => order(i + 1, { purpose: i % 3 === 0 ? "secondary" : "close" }));
    const result = allocateRooms({
      orders,
      rooms,
      preference: new Map([["371721", ["caoxian"]]]),
      fangcang: new Set(),
      hospital: new Set(),
      exceptions,
      policy: allocationPolicy,
    });
    const beds = result.flatMap((row) => row.bedId ?? []);
    expect(new Set(beds).size).toBe(beds.length);
    const floorOf = new Map(rooms.map((row) => [row.roomId, row.floorId]));
    const purposes = new Map<number, Set<string>>();
    for (const row of result) {
      if (row.roomId === undefined) continue;
      const floor = floorOf.get(row.roomId) ?? 0;
      const purpose = orders.find((o) => o.orderId === row.orderId)?.purpose ?? "";
      purposes.set(floor, (purposes.get(floor) ?? new Set()).add(purpose));
    }
    expect([...purposes.values()].every((set) => set.size === 1)).toBe(true);
    expect(beds).toHaveLength(25);
  });

  it.each([
    ["ISO-9 17", 17, [], null, "hospital"],
    ["ISO-9 18", 18, [], null, "fangcang"],
    ["ISO-9 65", 65, [], "mild", "fangcang"],
    ["ISO-9 66", 66, [], null, "hospital"],
    ["ISO-9 pregnant", 30, ["pregnant"], null, "hospital"],
    ["ISO-9 severe", 30, [], "severe", "hospital"],
    ["ISO-9 age unknown", null, [], null, "hospital"],
  ] as const)("%s", (_name, age, needs, severity, mode) => {
    expect(caseMode({ age, needs }, severity, allocationPolicy)).toBe(mode);
  });
});

describe("which sites are looked at", () => {
  const site = (
    siteId: string,
    no: number,
    areaCode: string,
    roomsFree: number,
    lat: number | null,
    kind: SiteLoad["kind"] = "central",
  ): SiteLoad => ({
    siteId,
    no,
    kind,
    areaCode,
    lat,
    lon: lat === null ? null : 115.5,
    roomsFree,
    bedsFree: roomsFree,
  });
  const sites = [
    site("a", 1, "371702", 10, 36),
    site("b", 2, "371721", 30, 34.8),
    site("c", 3, "371722", 40, 34.9),
    site("d", 4, "371728", 40, null),
  ];

  it("ISO-1: its own, then the nearest, then those without coordinates", () => {
    expect(sitesInOrder("371721", { lat: 34.8, lon: 115.5 }, sites).map((s) => s.siteId)).toEqual(["b", "c", "a", "d"]);
  });
  it("stops when there is surely room", () => {
    expect(enoughSites(sites, 1)).toEqual(["a", "b"]);
    expect(enoughSites(sites, 40)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("forecast (ISO-16)", () => {
  it.each([
    [100, [10, 10, 10], 10, 10],
    [100, [-5, 0, 5], 0, null],
    [0, [0], 0, 0],
    [90, [30], 30, 3],
    [50, [], 0, null],
  ] as const)("%i free, net %j → %d a day, %s days", (free, net, perDay, daysLeft) => {
    expect(forecastRunOut(free, net, "2022-07-24T00:00:00.000Z")).toMatchObject({ netPerDay: perDay, daysLeft });
  });
});
