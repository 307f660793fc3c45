import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerVenues } from "#modules/venues";
import { chains, identifyContacts } from "./index.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

const village = "371721123201";

describe("TRACE-16: chains by the place of infection", () => {
  let world: TracingWorld;
  const ids = new Map<string, number>();
  const of = (name: string): number => ids.get(name) ?? 0;

  beforeAll(async () => {
    world = await tracingWorld();
    const names = ["stall", "buyer1", "buyer2", "buyer3", "guest", "wife", "stranger"];
    const made = await world.people(
      names.map((name) => ({
        ref: name,
        areaCode: village,
        name,
        sex: "female" as const,
        birthDate: "1980-01-01",
        household: name === "wife" ? "stall" : name,
      })),
    );
    names.forEach((name, i) => ids.set(name, made[i] ?? 0));
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: ["market", "inn"].map((code) => ({ code, areaCode: village, kind: code, name: `${code}名` })),
    });
  });
  afterAll(() => world.close());

  it("names the market that several share, keeps the inn of one person alone, and says what is unknown", async () => {
    const venues = await world.sql.many<{ id: string; code: string }>("select id, code from venue");
    const venueId = (code: string): string => venues.find((venue) => venue.code === code)?.id ?? "";
    const met = (name: string, code: string) => ({
      personId: of(name),
      setting: "shop" as const,
      overlapMinutes: 45,
      gapMinutes: 0,
      venueId: venueId(code),
    });
    const first = await world.positive(of("stall"));
    await identifyContacts(world.ctx(), {
      caseId: first,
      exposures: [met("buyer1", "market"), met("buyer2", "market"), met("buyer3", "market"), met("guest", "inn")],
    });
    world.clock.forward(24 * 60);
    for (const name of ["buyer1", "buyer2", "buyer3", "guest", "wife", "stranger"]) await world.positive(of(name));
    const { nodes, edges, venues: shared } = await chains(world.ctx(), {});
    expect(edges.filter(({ from }) => from === first)).toHaveLength(5);
    expect(shared).toEqual([{ name: "market名", nameEn: "market名" }]);
    const cases = await world.sql.many<{ id: string; ref: string }>(
      "select c.id, p.ref from case_record c join person p on p.id = c.person_id",
    );
    const where = Object.fromEntries(
      cases.map(({ id, ref }) => {
        const node = nodes.find((one) => one.id === id);
        return [ref, [node?.venue ?? null, node?.setting ?? null]];
      }),
    );
    expect(where).toEqual({
      stall: [null, null],
      buyer1: [0, "shop"],
      buyer2: [0, "shop"],
      buyer3: [0, "shop"],
      guest: [null, "shop"],
      wife: [null, "household"],
      stranger: [null, null],
    });
  });
});
