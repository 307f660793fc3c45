import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordVisits, registerVenues } from "#modules/venues";
import { caseReach } from "./reach.service.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

const here = "371721123201";
const away = "371702001001";
const at = (time: string): string => `2022-07-27T${time}:00.000Z`;

describe("how far a case reached through visits", () => {
  let world: TracingWorld;
  let caseId: string;
  let ids: number[];
  beforeAll(async () => {
    world = await tracingWorld();
    ids = await world.people(
      [here, here, away, here, here].map((areaCode, i) => ({
        ref: `p${i}`,
        areaCode,
        name: ["张三", "李四", "王五", "赵六", "钱七"][i] ?? "",
        sex: "female" as const,
        birthDate: "1980-01-01",
      })),
    );
    caseId = await world.positive(ids[0] ?? 0);
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: ["SHOP", "BUS"].map((code) => ({ code, areaCode: here, kind: "shop", name: code })),
    });
    const scan = (i: number, venueCode: string, time: string) => ({ personId: ids[i] ?? 0, venueCode, at: at(time) });
    await recordVisits(world.ctx(), {
      visits: [
        // The case meets the second and the third; the fourth meets the second later; the fifth meets nobody.
        scan(0, "SHOP", "08:00"),
        scan(1, "SHOP", "08:10"),
        scan(2, "SHOP", "08:20"),
        scan(1, "BUS", "10:00"),
        scan(3, "BUS", "10:05"),
        scan(4, "BUS", "16:00"),
      ],
    });
  });
  afterAll(() => world.close());

  const ctx = (areaCode = "3717") => world.ctx({ areaCode, reason: "流调" });

  it("TRACE-14: counts both sets and explains the people of a page", async () => {
    const first = await caseReach(ctx(), { caseId });
    expect(first).toMatchObject({ met: 2, further: 1, next: null });
    expect(first.items.map((row) => [row.personId, row.name, row.meetings])).toEqual([
      [ids[1], "李*", 1],
      [ids[2], "王*", 1],
    ]);
    expect(first.items[0]?.visits).toEqual([
      { venueName: "SHOP", fromAt: at("08:10"), toAt: at("08:30"), overlapMinutes: 20 },
    ]);
    const second = await caseReach(ctx(), { caseId, degree: "2" });
    expect(second.items.map((row) => [row.personId, row.visits[0]?.venueName])).toEqual([[ids[3], "BUS"]]);
  });

  it("TRACE-14: pages through a set without losing anybody", async () => {
    const first = await caseReach(ctx(), { caseId, limit: 1 });
    const rest = await caseReach(ctx(), { caseId, limit: 1, cursor: first.next ?? "" });
    expect([...first.items, ...rest.items].map((row) => row.personId)).toEqual([ids[1], ids[2]]);
    expect(rest.next).toBeNull();
  });

  it("TRACE-14: names only people of the reader's area, with a reason, and keeps the look", async () => {
    const seen = await caseReach(ctx("371721"), { caseId });
    expect(seen.met).toBe(2);
    expect(seen.items.map((row) => row.personId)).toEqual([ids[1]]);
    await expect(caseReach(world.ctx(), { caseId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    // Another county does not see the case at all.
    await expect(caseReach(ctx("371722"), { caseId })).rejects.toMatchObject({ code: "record.notFound" });
    const kept = await world.sql.many(
      "select count, reason from audit where action = 'tracing.caseReach' order by seq",
    );
    expect(kept.at(-1)).toEqual({ count: 1, reason: "流调" });
  });
});
