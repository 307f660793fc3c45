import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks } from "#modules/outbreaks";
import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import { createGroup, type Group } from "#platform/group";
import type { Asked, GroupHost } from "#platform/groupcase";
import { poolInTurn } from "#platform/pipeline";
import { testWorld, type TestWorld } from "#platform/testing";
import { makeToken } from "#platform/tokens";
import { linesPerTurn } from "./lines.rules.ts";
import { module, recordVisitLines, registerVenues, type RecordAnswer } from "./index.ts";

const areaOf = { city: "3717", county: "371721" } as const;
type Gateway = keyof typeof areaOf;

describe("lines of several gateways that share a transaction", () => {
  let world: TestWorld;
  let host: GroupHost;
  const tokens = new Map<Gateway, string>();

  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: "2022-07-23T12:00:00.000Z" });
    host = {
      pipeline: poolInTurn(world.pool),
      db: world.pool,
      clock: world.clock,
      wall: wallClock,
      permissionsOf: () => new Set(["venues.visit.write"]),
    };
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: [
        { code: "A", areaCode: "371721123201", kind: "shop", name: "A" },
        { code: "B", areaCode: "371702001001", kind: "shop", name: "B" },
      ],
    });
    for (const [i, name] of (["city", "county"] as const).entries()) {
      const id = `00000000-0000-7000-8000-00000000000${i}`;
      const account = { id, login: name, password: "of a gateway", name, roles: [], areaCode: areaOf[name] };
      await createAccount(world.sql, account, wallClock.now());
      tokens.set(name, (await makeToken(world.sql, { accountId: id, label: "gateway" }, wallClock.now())).token);
    }
  });
  afterAll(() => world.close());

  const open = (callsMax: number): Group<Asked<string>, RecordAnswer> =>
    createGroup<Asked<string>, RecordAnswer>({ ...recordVisitLines.group.limits, callsMax }, (calls) =>
      recordVisitLines.together(host, calls),
    );
  const asked = (gateway: Gateway, input: string): Asked<string> => ({
    token: tokens.get(gateway) ?? "",
    kind: "api_token",
    input,
  });

  const line = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        venueCode: fc.constantFrom("A", "A", "B", "NONE"),
        personId: fc.integer({ min: 1, max: 6 }),
        at: fc.constantFrom("2022-07-23T08:00:00.000Z", "2022-07-23T08:00:01.000Z", "2022-07-23T23:00:00.000Z"),
      }),
    },
    fc.constant("not a scan"),
  );
  const body = fc.record({
    gateway: fc.constantFrom<Gateway>("city", "county"),
    lines: fc.array(line, { maxLength: 8 }),
  });

  it("numbers the lines of a body that is read in many turns as those of a short one", async () => {
    await world.sql.script("truncate visit");
    const count = 5 * linesPerTurn + 1;
    const badAt = [0, linesPerTurn - 1, linesPerTurn, count - 1];
    const elsewhereAt = [1, 2 * linesPerTurn - 1, 2 * linesPerTurn];
    const lines = Array.from({ length: count }, (_, i) => {
      if (badAt.includes(i)) return "not a scan";
      return JSON.stringify({
        venueCode: elsewhereAt.includes(i) ? "NONE" : "A",
        personId: i + 1,
        at: "2022-07-23T08:00:00.000Z",
      });
    });
    const group = open(1);
    const { recorded, already, bad } = await group.add(asked("city", lines.join("\n")));
    await group.close();
    expect({ recorded, already }).toEqual({ recorded: count - badAt.length - elsewhereAt.length, already: 0 });
    const expected = [...badAt, ...elsewhereAt].toSorted((a, b) => a - b);
    expect(bad.map(({ row }) => row)).toEqual(expected);
    expect(bad.filter(({ code }) => code === "notAScan").map(({ row }) => row)).toEqual(badAt);
    const stored = await world.sql.many<{ p: number }>("select person_id as p from visit order by 1");
    expect(stored.map(({ p }) => p - 1)).toEqual(lines.flatMap((_, i) => (expected.includes(i) ? [] : [i])));
  });

  it("VEN-2, VEN-3: each gateway gets its own counts and its own bad lines, and every visit is stored once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (bodies, size) => {
          await world.sql.script("truncate visit");
          const group = open(size);
          const answers = await Promise.all(
            bodies.map(({ gateway, lines }) =>
              group.add(
                asked(
                  gateway,
                  lines.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join("\n"),
                ),
              ),
            ),
          );
          const visits = new Set<string>();
          let good = 0;
          bodies.forEach(({ gateway, lines }, i) => {
            const bad: RecordAnswer["bad"] = [];
            let own = 0;
            lines.forEach((each, row) => {
              if (typeof each === "string") bad.push({ row, field: "line", code: "notAScan" });
              else if (each.venueCode === "NONE" || (each.venueCode === "B" && gateway === "county"))
                bad.push({ row, field: "venueCode", code: "unknownVenue" });
              else if (each.at.includes("T23")) bad.push({ row, field: "at", code: "inFuture" });
              else {
                visits.add(`${each.venueCode} ${each.personId} ${each.at}`);
                own += 1;
              }
            });
            expect(answers[i]?.bad).toEqual(bad);
            expect((answers[i]?.recorded ?? 0) + (answers[i]?.already ?? 0)).toBe(own);
            good += own;
          });
          const recorded = answers.reduce((sum, answer) => sum + answer.recorded, 0);
          expect([recorded, answers.reduce((sum, answer) => sum + answer.already, 0)]).toEqual([
            visits.size,
            good - visits.size,
          ]);
          expect((await world.sql.many("select 1 as one from visit")).length).toBe(visits.size);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("a gateway that sends too many lines is refused alone", async () => {
    const scan = (personId: number) => JSON.stringify({ venueCode: "A", personId, at: "2022-07-23T09:00:00.000Z" });
    const many = Array.from({ length: 10_001 }, (_, i) => scan(i + 1)).join("\n");
    const group = open(8);
    const [refused, taken] = await Promise.allSettled([
      group.add(asked("city", many)),
      group.add(asked("county", scan(1))),
    ]);
    expect(refused).toMatchObject({
      status: "rejected",
      reason: { code: "limit.exceeded", params: { limit: 10_000 } },
    });
    expect(taken).toMatchObject({ status: "fulfilled", value: { recorded: 1, already: 0, bad: [] } });
  });
});
