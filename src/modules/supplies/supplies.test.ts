import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProblemError } from "#kernel/errors";
import type { TestWorld } from "#platform/testing";
import { importSheet } from "#platform/sheets";
import { runDuty } from "#platform/usecase";
import { forecastDemand, watchStock } from "./demand.service.ts";
import {
  askDelivery,
  confirmDelivery,
  countStock,
  discardExpired,
  donate,
  listDeliveries,
  listStock,
  moveStock,
  returnDelivery,
  sendDeliveries,
  suppliesTally,
} from "./index.ts";
import { refuseDelivery } from "./deliveries.service.ts";
import { listDonations, listExpiry, listLots, listMovements } from "./stock.service.ts";
import { sheets } from "./supplies.sheets.ts";
import { city, county, ledgerFaults, otherCounty, suppliedCity, village } from "./testing.supplies.ts";

const cityUser = { areaCode: city, name: "city" };
const caoUser = { areaCode: county, name: "cao" };
const villager = {
  areaCode: village,
  name: "grid",
  permissions: ["supplies.delivery.read", "supplies.delivery.write"],
};

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "done",
    (error: ProblemError) => (error.code === "rule.refused" ? String(error.params["rule"]) : error.code),
  );
}

describe("stock", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await suppliedCity();
  });
  afterEach(() => world.close());

  const held = async (code: string) => {
    const { items } = await listStock(world.ctx(), {});
    return Object.fromEntries(items.filter((row) => row.warehouse === code).map((row) => [row.item, row.onHand]));
  };
  const openTasks = () =>
    world.sql.many<{ kind: string }>("select kind, area_code from task where state = 'open' order by kind, area_code");

  it("SUP-3: what goes out leaves first expiring first, and the ledger says from which batch", async () => {
    await moveStock(world.ctx(cityUser), {
      warehouse: "CITY",
      kind: "issued",
      lines: [{ item: "alcohol", quantity: 60 }],
      note: "villages",
    });
    const { items } = await listMovements(world.ctx(cityUser), { state: "issued" });
    expect(Object.fromEntries(items.map((row) => [row.batch, row.quantity]))).toEqual({ A1: -40, A2: -20 });
    expect(await held("CITY")).toEqual({ mask: 10_000, alcohol: 80 });
    expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
  });

  it("SUP-1: refuses one more than there is, and the database itself refuses a lot below zero", async () => {
    const issue = moveStock(world.ctx(cityUser), {
      warehouse: "CITY",
      kind: "issued",
      lines: [{ item: "mask", quantity: 10_001 }],
      note: "too much",
    });
    expect(await codeOf(issue)).toBe("SUP-1");
    await expect(world.sql.run("update supply_lot set on_hand = -1")).rejects.toThrow(/violates check constraint/);
    await expect(world.sql.run("delete from supply_movement")).rejects.toThrow(/append-only/);
  });

  it("SUP-1 (I11): twelve issues at once of a stock for ten never go below zero", async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        codeOf(
          moveStock(world.ctx({ ...cityUser, name: `clerk ${i}` }), {
            warehouse: "CITY",
            kind: "issued",
            lines: [
              // Half of them name the things in the other order: the locks are taken in one.
              ...(i % 2 === 0 ? [{ item: "alcohol", quantity: 10 }] : []),
              { item: "mask", quantity: 1_000 },
              ...(i % 2 === 1 ? [{ item: "alcohol", quantity: 10 }] : []),
            ],
            note: "at once",
          }),
        ),
      ),
    );
    expect(results.filter((result) => result === "done")).toHaveLength(10);
    expect(results.filter((result) => result === "SUP-1")).toHaveLength(2);
    expect(await held("CITY")).toEqual({ mask: 0, alcohol: 40 });
    expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
  });

  it("SUP-1 (I11): any mixture of movements at once leaves ledger, lots and balances agreeing", async () => {
    const move = fc.record({
      kind: fc.constantFrom("received", "issued", "returned", "lost", "counted" as const),
      item: fc.constantFrom("mask", "alcohol", "tube"),
      quantity: fc.integer({ min: 1, max: 6_000 }),
      batch: fc.constantFrom("A1", "A2", "-"),
    });
    const one = ({ kind, item, quantity, batch }: { kind: string; item: string; quantity: number; batch: string }) =>
      codeOf(
        kind === "counted"
          ? countStock(world.ctx(cityUser), {
              warehouse: "CITY",
              lines: [{ item, batch, counted: quantity, reason: "counted" }],
            })
          : moveStock(world.ctx(cityUser), {
              warehouse: "CITY",
              kind: kind as "issued",
              lines: [{ item, quantity, batch }],
              note: "any",
            }),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 8 }), async (moves) => {
        const results = await Promise.all(moves.map(one));
        expect(results.every((result) => result === "done" || result === "SUP-1")).toBe(true);
        expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
      }),
      { numRuns: 12 },
    );
  });

  it("SUP-4: a difference needs its reason and is a movement; an agreement only notes the count", async () => {
    const count = (counted: number, reason?: string) =>
      countStock(world.ctx(cityUser), {
        warehouse: "CITY",
        lines: [{ item: "mask", counted, ...(reason === undefined ? {} : { reason }) }],
      });
    expect(await codeOf(count(9_990))).toBe("SUP-4");
    expect(await count(9_990, "damp")).toEqual({ movements: 1, quantity: -10 });
    expect(await count(9_990)).toEqual({ movements: 0, quantity: 0 });
    const several = { warehouse: "CITY", lines: [{ item: "alcohol", counted: 1, reason: "?" }] };
    expect(await codeOf(countStock(world.ctx(cityUser), several))).toBe("SUP-4");
    expect((await world.sql.one<{ n: number }>("select count(*)::int as n from supply_count")).n).toBe(5);
  });

  it("SUP-5, SUP-6: running low raises one alert with a task, and ends when the stock lasts again", async () => {
    const use = (quantity: number) =>
      moveStock(world.ctx(cityUser), {
        warehouse: "CITY",
        kind: "issued",
        lines: [{ item: "mask", quantity }],
        note: "use",
      });
    await use(2_000);
    await runDuty(world.ctx(), watchStock);
    expect(await openTasks()).toEqual([]);
    await use(2_000);
    await runDuty(world.ctx(), watchStock);
    await runDuty(world.ctx(), watchStock);
    expect(await openTasks()).toEqual([{ kind: "supplyShort", area_code: city }]);
    const [short] = (await listStock(world.ctx(cityUser), { state: "short" })).items;
    expect(short).toMatchObject({ item: "mask", dailyUse: 4_000, daysLeft: 1.5, state: "short" });
    await moveStock(world.ctx(cityUser), {
      warehouse: "CITY",
      kind: "received",
      lines: [{ item: "mask", quantity: 50_000 }],
      note: "bought",
    });
    await runDuty(world.ctx(), watchStock);
    expect(await openTasks()).toEqual([]);
    await runDuty(world.ctx(), async (tx) => {
      expect(await suppliesTally(tx)).toEqual({ in: 1, done: 1, late: 0, open: 0 });
    });
  });

  it("SUP-10: lists what spoils soon, gives none of it out when it has, and takes it off the shelf", async () => {
    expect((await listExpiry(world.ctx(cityUser), {})).items.map((row) => [row.batch, row.daysToExpiry])).toEqual([
      ["A1", 10],
    ]);
    world.clock.set("2022-08-06T00:00:00.000Z");
    const issue = {
      warehouse: "CITY",
      kind: "issued" as const,
      lines: [{ item: "alcohol", quantity: 101 }],
      note: "x",
    };
    expect(await codeOf(moveStock(world.ctx(cityUser), issue))).toBe("SUP-1");
    expect((await listExpiry(world.ctx(cityUser), { state: "spoiled" })).items).toHaveLength(1);
    expect(await discardExpired(world.ctx(cityUser), { warehouse: "CITY", note: "expired" })).toEqual({
      movements: 1,
      quantity: -40,
    });
    const other = { warehouse: "CITY", kind: "received" as const, note: "x" };
    const clash = { ...other, lines: [{ item: "alcohol", quantity: 1, batch: "A2", expiresOn: "2024-01-01" }] };
    expect(await codeOf(moveStock(world.ctx(cityUser), clash))).toBe("SUP-10");
  });

  it("SUP-11: a receipt is used once, an organisation is named and a person never", async () => {
    const gift = {
      warehouse: "CITY",
      receiptNo: "JZ-1",
      giverKind: "organisation" as const,
      giver: "某公司",
      lines: [
        { item: "mask", quantity: 300 },
        { item: "mask", quantity: 200 },
      ],
    };
    expect(await codeOf(donate(world.ctx(cityUser), { ...gift, giverKind: "person" }))).toBe("SUP-11");
    expect(await donate(world.ctx(cityUser), gift)).toEqual({ movements: 2, quantity: 500 });
    expect(await codeOf(donate(world.ctx(cityUser), gift))).toBe("record.duplicate");
    expect((await listDonations(world.ctx(cityUser), {})).items).toMatchObject([{ receiptNo: "JZ-1", quantity: 500 }]);
    expect(await held("CITY")).toMatchObject({ mask: 10_500 });
  });

  it("SUP-12: villagers ask for masks and alcohol and get them, sent whole, signed for; the rest comes back", async () => {
    const asked = [];
    for (const no of ["PS-1", "PS-2", "PS-3"])
      asked.push(
        await askDelivery(world.ctx(villager), {
          areaCode: village,
          no,
          grid: "G1",
          household: no,
          need: "masks, alcohol",
          lines: [
            { item: "mask", quantity: 20 },
            { item: "alcohol", quantity: no === "PS-3" ? 200 : 50 },
          ],
        }),
      );
    expect(await openTasks()).toHaveLength(3);
    const ids = asked.map((row) => row.id);
    const sent = await sendDeliveries(world.ctx(cityUser), { warehouse: "CITY", ids });
    expect(sent).toEqual({ sent: 2, short: [ids[2]] });
    expect(await held("CITY")).toEqual({ mask: 9_960, alcohol: 40 });
    const [first = "", second = "", third = ""] = ids;
    expect((await confirmDelivery(world.ctx(villager), { id: first, signed: true })).state).toBe("delivered");
    await returnDelivery(world.ctx(villager), { id: second, note: "nobody at home" });
    expect(await held("CITY")).toEqual({ mask: 9_980, alcohol: 90 });
    expect(await codeOf(refuseDelivery(world.ctx(villager), { id: third, note: "x" }))).toBe("auth.forbidden");
    await refuseDelivery(world.ctx(cityUser), { id: third, note: "too little" });
    expect(await codeOf(confirmDelivery(world.ctx(villager), { id: third, signed: true }))).toBe("state.notAllowed");
    expect(await openTasks()).toEqual([]);
    expect((await listDeliveries(world.ctx(villager), { state: "returned" })).items).toMatchObject([{ no: "PS-2" }]);
    expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
  });

  it("SUP-13: the forecast follows the test plan and the people in quarantine", async () => {
    const forecast = await forecastDemand(world.ctx(caoUser), { rounds: 1, days: 7 });
    const tubes = forecast.items.find((row) => row.item === "tube");
    expect(tubes).toMatchObject({ demand: 52_500, onHand: 0, gap: 52_500 });
    expect(forecast.items.find((row) => row.item === "swab")).toMatchObject({ demand: 1_050_000 });
    expect(forecast.items.find((row) => row.item === "ppe")).toMatchObject({ demand: 2 * 2_778 });
    expect(forecast.drivers.find((row) => row.driver === "centralDay")).toEqual({ driver: "centralDay", count: 0 });
  });

  it("a role without the permission is refused, and another county sees and touches nothing", async () => {
    const reader = { areaCode: city, permissions: ["supplies.stock.read"] };
    const issue = { warehouse: "CITY", kind: "issued" as const, lines: [{ item: "mask", quantity: 1 }], note: "x" };
    expect(await codeOf(moveStock(world.ctx(reader), issue))).toBe("auth.forbidden");
    await countStock(world.ctx(caoUser), {
      warehouse: "CAO",
      lines: [{ item: "mask", counted: 5, reason: "opening" }],
    });
    const mudan = { areaCode: otherCounty, name: "mudan" };
    expect((await listStock(world.ctx(mudan), {})).items).toEqual([]);
    expect((await listLots(world.ctx(mudan), {})).items).toEqual([]);
    expect((await listMovements(world.ctx(mudan), { areaCode: county })).items).toEqual([]);
    expect(await codeOf(moveStock(world.ctx(mudan), { ...issue, warehouse: "CAO" }))).toBe("record.notFound");
    expect(
      await codeOf(
        askDelivery(world.ctx(mudan), {
          areaCode: village,
          grid: "",
          household: "1",
          need: "x",
          lines: [{ item: "mask", quantity: 1 }],
        }),
      ),
    ).toBe("auth.outsideJurisdiction");
  });

  it("the same key twice is one movement", async () => {
    const issue = { warehouse: "CITY", kind: "issued" as const, lines: [{ item: "mask", quantity: 5 }], note: "x" };
    const once = await moveStock(world.ctx({ ...cityUser, key: "k1" }), issue);
    expect(await moveStock(world.ctx({ ...cityUser, key: "k1" }), issue)).toEqual(once);
    expect(await held("CITY")).toMatchObject({ mask: 9_995 });
  });

  describe("spreadsheets", () => {
    const table = (headings: string[], ...rows: string[][]) => ({
      headings,
      rows: rows.map((cells, i) => ({
        line: i + 2,
        cells: Object.fromEntries(headings.map((heading, at) => [heading, cells[at] ?? ""])),
      })),
    });
    const sheet = (name: string) => {
      const found = sheets.find((each) => each.name === name);
      if (!found) throw new Error(`no sheet ${name}`);
      return found;
    };

    it("counts come in: good rows stay, bad ones come back with their line, a repeat is known", async () => {
      const counts = table(
        ["warehouse", "item", "batch", "expires on", "counted", "reason of the difference"],
        ["CAO", "mask", "", "", "500", "opening"],
        ["CAO", "alcohol", "B1", "2023-01-01", "30", "opening"],
        ["CAO", "nothing", "", "", "5", "opening"],
        ["CITY", "mask", "", "", "5", "opening"],
        ["CAO", "tube", "", "", "-4", "opening"],
        ["CAO", "swab", "", "", "9", ""],
      );
      const outcome = await importSheet(world.ctx(caoUser), sheet("supplies-stock"), counts, false);
      expect(outcome).toMatchObject({ rows: 6, taken: 2, known: 0, bad: 4 });
      expect(outcome.faults.map((fault) => fault.row)).toEqual([4, 5, 6, 7]);
      expect(await held("CAO")).toMatchObject({ mask: 500, alcohol: 30 });
      const again = await importSheet(world.ctx(caoUser), sheet("supplies-stock"), counts, false);
      expect(again).toMatchObject({ taken: 0, known: 2, bad: 4 });
      const dry = table(["warehouse", "item", "counted", "reason of the difference"], ["CAO", "mask", "1", "x"]);
      expect(await importSheet(world.ctx(caoUser), sheet("supplies-stock"), dry, true)).toMatchObject({ taken: 1 });
      expect(await held("CAO")).toMatchObject({ mask: 500 });
      expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
    });

    it("requests, donations, items and warehouses come in the same way", async () => {
      const requests = table(
        ["request no.", "warehouse", "asked of (area code)", "item", "quantity", "needed by", "reason"],
        ["R1", "CAO", "", "mask", "100", "2022-07-27 08:00", "round 3"],
        ["R1", "CAO", "", "tube", "10", "2022-07-27 08:00", "round 3"],
        ["R2", "CAO", "371721", "tube", "10", "2022-07-27 08:00", "own area"],
        ["R3", "CAO", "", "tube", "10", "soon", "no time"],
      );
      const first = await importSheet(world.ctx(caoUser), sheet("supplies-requests"), requests, false);
      expect(first).toMatchObject({ taken: 2, known: 0, bad: 2 });
      expect(await importSheet(world.ctx(caoUser), sheet("supplies-requests"), requests, false)).toMatchObject({
        taken: 0,
        known: 2,
        bad: 2,
      });
      const gifts = table(
        ["warehouse", "receipt no.", "given by", "organisation", "item", "batch", "quantity"],
        ["CAO", "J1", "organisation", "ACME", "mask", "", "50"],
        ["CAO", "J2", "person", "Somebody", "mask", "", "50"],
      );
      const given = await importSheet(world.ctx(caoUser), sheet("supplies-donations"), gifts, false);
      expect(given).toMatchObject({ taken: 1, bad: 1 });
      expect(await importSheet(world.ctx(caoUser), sheet("supplies-donations"), gifts, false)).toMatchObject({
        taken: 0,
        known: 1,
      });
      const items = table(
        ["item", "name (Chinese)", "name (English)", "unit (Chinese)", "unit (English)", "kind", "perishable"],
        ["visor", "面屏", "Visor", "个", "pieces", "防护", "否"],
        ["mask", "口罩", "Masks", "只", "pieces", "防护", "否"],
      );
      expect(await importSheet(world.ctx(), sheet("supplies-items"), items, false)).toMatchObject({
        taken: 1,
        known: 1,
      });
      const places = table(
        ["area code", "warehouse", "name (Chinese)", "name (English)", "level"],
        ["371721100", "ZZ", "庄寨库", "Zhuangzhai store", "镇级"],
        ["371721999", "NO", "无", "None", "镇级"],
        ["371702", "OUT", "外", "Outside", "县级"],
      );
      expect(await importSheet(world.ctx(caoUser), sheet("supplies-warehouses"), places, false)).toMatchObject({
        taken: 1,
        bad: 2,
      });
    });
  });
});
