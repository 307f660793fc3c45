import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TubePositive } from "#domain/screening";
import { recordVisits, registerVenues } from "#modules/venues";
import { tubeContacts } from "./prospects.service.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

const here = "371721123201";
const away = "371702001001";
const at = (time: string): string => `2022-07-27T${time}:00.000Z`;
const tubeId = 901;

describe("whom the members of a positive tube met", () => {
  let world: TracingWorld;
  /** Members 0 and 1; 2 lives with 0; 3 and 4 were where members were; 5 lives elsewhere; 6 met nobody. */
  let ids: number[];
  const id = (i: number): number => ids[i] ?? 0;
  beforeAll(async () => {
    world = await tracingWorld();
    ids = await world.people(
      [here, here, here, here, here, away, here].map((areaCode, i) => ({
        ref: `p${i}`,
        areaCode,
        name: ["张三", "李四", "张二", "王五", "赵六", "钱七", "孙八"][i] ?? "",
        sex: "female" as const,
        birthDate: "1980-01-01",
        ...([0, 2].includes(i) ? { household: "h1", address: "一号" } : {}),
      })),
    );
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "MEAL", areaCode: here, kind: "restaurant", name: "饭店" },
        { code: "SHOP", areaCode: here, kind: "supermarket", name: "超市" },
      ],
    });
    const scan = (i: number, venueCode: string, time: string, until: string) => ({
      personId: id(i),
      venueCode,
      at: at(time),
      until: at(until),
    });
    await recordVisits(world.ctx(), {
      visits: [
        scan(0, "MEAL", "04:00", "05:00"),
        scan(1, "MEAL", "04:00", "05:00"),
        scan(3, "MEAL", "04:10", "05:00"),
        scan(5, "MEAL", "04:20", "05:00"),
        scan(1, "SHOP", "07:00", "07:20"),
        scan(4, "SHOP", "07:05", "07:20"),
        scan(6, "SHOP", "15:00", "15:20"),
      ],
    });
    const tube: TubePositive = {
      tubeId,
      barcode: "T901",
      kind: "pool",
      purpose: "area",
      recheckOf: null,
      roundId: world.outbreakId,
      size: 2,
      personIds: [id(0), id(1)].toSorted((a, b) => a - b),
      ctN: 25,
      ctOrf: 26,
      collectedAt: at("10:00"),
      resultedAt: at("20:00"),
      labId: world.outbreakId,
    };
    await world.tell("screening.tubePositive", tube);
  });
  afterAll(() => world.close());

  const ctx = (areaCode = "3717") => world.ctx({ areaCode, reason: "复核期间排查" });

  it("TRACE-15: ranks them by the protocol, counts the members met, and leaves the members out", async () => {
    const found = await tubeContacts(ctx(), { tubeId });
    expect(found).toMatchObject({ suspects: 2, next: null });
    expect(found.close + found.general).toBe(found.items.length);
    const by = new Map(found.items.map((row) => [row.personId, row]));
    expect([...by.keys()].toSorted((a, b) => a - b)).toEqual([id(2), id(3), id(4), id(5)].toSorted((a, b) => a - b));
    expect(by.get(id(2))).toMatchObject({ class: "close", setting: "household", members: 1, name: "张*" });
    expect(by.get(id(3))).toMatchObject({
      class: "close",
      setting: "meal",
      members: 2,
      place: "饭店",
      overlapMinutes: 50,
    });
    expect(by.get(id(4))).toMatchObject({ class: "general", ofPersonId: id(1), members: 1 });
    expect(found.items.map((row) => row.class)).toEqual(["close", "close", "close", "general"]);
  });

  it("TRACE-15: asks for one class, pages without losing anybody", async () => {
    const close = await tubeContacts(ctx(), { tubeId, class: "close", limit: 2 });
    const rest = await tubeContacts(ctx(), { tubeId, class: "close", limit: 2, cursor: close.next ?? "" });
    expect(close.items).toHaveLength(2);
    expect(rest.items).toHaveLength(1);
    expect(rest.next).toBeNull();
  });

  it("TRACE-15: stores no contact, names only people of the reader's area, and keeps the look", async () => {
    expect(await world.sql.many("select 1 from contact")).toEqual([]);
    const seen = await tubeContacts(ctx("371721"), { tubeId });
    expect(seen.items.map((row) => row.personId)).not.toContain(id(5));
    expect(seen.close).toBe(3);
    await expect(tubeContacts(world.ctx(), { tubeId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    await expect(tubeContacts(ctx("371722"), { tubeId })).rejects.toMatchObject({ code: "record.notFound" });
    const kept = await world.sql.many("select count, reason from audit where action = 'tracing.tubeContacts'");
    expect(kept).toContainEqual({ count: 3, reason: "复核期间排查" });
  });

  it("TRACE-15: looks for nobody's contacts once the tube is cleared", async () => {
    await world.sql.run("update positive_tube set state = 'cleared', settled_at = $2 where tube_id = $1", [
      tubeId,
      at("23:00"),
    ]);
    expect(await tubeContacts(ctx(), { tubeId })).toMatchObject({ suspects: 0, close: 0, general: 0, items: [] });
  });
});
