import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ProblemError } from "#kernel/errors";
import { addMinutes } from "#kernel/time";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { createAccount, type TokenKind } from "#platform/accounts";
import { tallyMinutes, writeTallies } from "#platform/audit.tally";
import { wallClock } from "#platform/clocks";
import { createGroup, type Group } from "#platform/group";
import type { Asked, GroupHost } from "#platform/groupcase";
import { openPipeline, type Pipeline } from "#platform/pipeline";
import { asIfSpread, testWorld, type TestWorld } from "#platform/testing";
import { makeToken } from "#platform/tokens";
import { coPresence, module, recordVisit, recordVisitLines, recordVisits, registerVenues } from "./index.ts";
import type { Scan, ScanAnswer } from "./venues.model.ts";

const scanLimits = recordVisit.group.limits;
const now = "2022-07-23T12:00:00.000Z";
const epochS = Date.parse("2020-01-01T00:00:00.000Z") / 1_000;
/** Gates of the city, of a county and of another county, one that may not write, one whose account is blocked, one whose token has ended. */
const gates = ["city", "county", "other", "reader", "blocked", "ended"] as const;
type Gate = (typeof gates)[number];
const accountOf = (i: number): string => `00000000-0000-7000-8000-00000000000${i}`;
const areaOf: Readonly<Record<Gate, string>> = {
  city: "3717",
  county: "371721",
  other: "371702",
  reader: "3717",
  blocked: "3717",
  ended: "3717",
};
const venueAreas: Readonly<Record<string, string>> = { A: "371721123201", B: "371702001001" };

describe("single scans that share a transaction", () => {
  let world: TestWorld;
  let host: GroupHost;
  let pipeline: Pipeline;
  let group: Group<Asked<Scan>, ScanAnswer>;
  const tokens = new Map<Gate, string>();

  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, module], at: now });
    pipeline = openPipeline(world.url, { role: "wuyang_app", size: 4 });
    host = {
      pipeline,
      db: world.pool,
      clock: world.clock,
      wall: wallClock,
      permissionsOf: (roles) => new Set(roles.includes("gate") ? ["venues.visit.write"] : []),
    };
    await registerVenues(world.ctx(), {
      areaCode: "3717",
      venues: Object.entries(venueAreas).map(([code, areaCode]) => ({ code, areaCode, kind: "shop", name: code })),
    });
    for (const [i, name] of gates.entries()) {
      const id = accountOf(i);
      const roles = [name === "reader" ? "viewer" : "gate"];
      const areaCode = areaOf[name];
      await createAccount(
        world.sql,
        { id, login: name, password: "of a gate", name, roles, areaCode },
        wallClock.now(),
      );
      tokens.set(name, (await makeToken(world.sql, { accountId: id, label: "device" }, wallClock.now())).token);
    }
    await world.sql.run("update account set disabled_at = now() where login = 'blocked'");
    await world.sql.run(
      "update api_token set ended_at = now() where account_id = (select id from account where login = 'ended')",
    );
  });
  afterAll(async () => {
    await pipeline.close();
    await world.close();
  });
  beforeEach(() => {
    group = open({});
  });
  afterEach(async () => {
    await group.close();
    await world.sql.script("truncate visit");
  });

  const open = (limits: Partial<typeof scanLimits>): Group<Asked<Scan>, ScanAnswer> =>
    createGroup<Asked<Scan>, ScanAnswer>({ ...scanLimits, ...limits }, (calls) => recordVisit.together(host, calls));
  const asked = (gate: Gate, input: Scan, kind: TokenKind = "api_token"): Asked<Scan> => ({
    token: tokens.get(gate) ?? "",
    kind,
    input,
  });
  const scan = (venueCode: string, personId: number, time: string, until?: string): Scan => ({
    venueCode,
    personId,
    at: `2022-07-23T${time}.000Z`,
    ...(until === undefined ? {} : { until: `2022-07-23T${until}.000Z` }),
  });
  const rows = () =>
    world.sql.many<{ day: string; code: string; person: number; s: number; len: number | null }>(
      `select day, code, person_id as person, s, len from visit join venue on no = venue_no order by code, person_id, s`,
    );
  /** What a call came to: its outcome, or the code of its refusal with the field at fault. */
  const outcome = (answer: Promise<ScanAnswer>): Promise<string> =>
    answer.then(
      ({ outcome: text }) => text,
      (error: unknown) =>
        error instanceof ProblemError
          ? [error.code, ...error.fields.map(({ pointer }) => pointer)].join(" ")
          : "failed",
    );
  const auditCounts = async (): Promise<Record<string, number>> => {
    await writeTallies(world.pool, addMinutes(now, tallyMinutes));
    return Object.fromEntries(
      (
        await world.sql.many<{ actor_name: string; n: number }>(
          "select actor_name, sum(count)::int as n from audit where action = 'venues.recordVisit' group by 1",
        )
      ).map(({ actor_name, n }) => [actor_name, n]),
    );
  };

  /** Scans that often are the same: few venues, people and moments; some wrong in one way or another. */
  const call = fc.record({
    gate: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<Gate>("city", "county") }, fc.constantFrom(...gates)),
    venue: fc.oneof({ weight: 8, arbitrary: fc.constantFrom("A", "B") }, fc.constant("NONE")),
    person: fc.integer({ min: 1, max: 2 }),
    at: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom("08:00:00", "08:00:01", "09:30:00", "11:59:59", "12:09:59") },
      fc.constantFrom("12:10:01", "23:00:00", "25:00:00"),
    ),
    until: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      fc.constantFrom("08:40:00", "11:00:00", "13:00:00"),
      fc.constantFrom("07:00:00", "25:00:00"),
    ),
    pause: fc.boolean(),
  });

  /** The same rules in plain words. */
  function expected(gate: Gate, venue: string, at: string, until: string | undefined): string | null {
    if (gate === "ended" || gate === "blocked") return "auth.required";
    if (gate === "reader") return "auth.forbidden";
    if (!(venueAreas[venue] ?? "-").startsWith(areaOf[gate])) return "request.invalid /venueCode";
    if (at >= "12:10:01") return "request.invalid /at";
    if (until !== undefined && (until < at || until === "25:00:00")) return "request.invalid /until";
    return null;
  }

  it("VEN-11: a scan of a day without a partition is stored, where the visits are spread as well", async () => {
    const late = (at: string): Promise<string> =>
      outcome(group.add(asked("city", { venueCode: "A", personId: 1, at })));
    expect(await late("2022-07-02T08:00:00.000Z")).toBe("recorded");
    await asIfSpread(world, async () => {
      expect(await late("2022-07-03T08:00:00.000Z")).toBe("recorded");
      expect(await late("2022-07-23T08:00:00.000Z")).toBe("recorded");
      expect(await late("2022-07-03T08:00:00.000Z")).toBe("already");
    });
    expect((await rows()).map(({ day }) => day)).toEqual(["2022-07-02", "2022-07-03", "2022-07-23"]);
  });

  it("VEN-2, VEN-3, VEN-11: whatever comes together, each scan is answered by itself and stored once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(call, { maxLength: 25 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 8 }),
        async (bursts, callsMax) => {
          await world.sql.script("truncate visit");
          const before = await auditCounts();
          group = open({ callsMax, flightsMax: 3 });
          const answers: Promise<string>[] = [];
          const plan = bursts.flat();
          for (const burst of bursts) {
            for (const { gate, venue, person, at, until, pause } of burst) {
              answers.push(outcome(group.add(asked(gate, scan(venue, person, at, until)))));
              if (pause) await new Promise(setImmediate);
            }
            // The next burst comes when this one is stored: its repeats lie in another transaction.
            await Promise.all(answers);
          }
          const told = await Promise.all(answers);
          const lens = new Map<string, number | null>();
          const news = new Map<string, number>();
          const taken: Record<string, number> = { ...before };
          plan.forEach(({ gate, venue, person, at, until }, i) => {
            const refusal = expected(gate, venue, at, until);
            expect(told[i]).toMatch(refusal ?? /^(?:recorded|already)$/);
            if (refusal) return;
            taken[gate] = (taken[gate] ?? 0) + 1;
            const s = Date.parse(`2022-07-23T${at}.000Z`) / 1_000 - epochS;
            const key = `${venue} ${person} ${s}`;
            const len = until === undefined ? null : Date.parse(`2022-07-23T${until}.000Z`) / 1_000 - epochS - s;
            const known = lens.get(key) ?? null;
            lens.set(key, len === null || (known !== null && known > len) ? known : len);
            news.set(key, (news.get(key) ?? 0) + (told[i] === "recorded" ? 1 : 0));
          });
          // Of the scans of one visit exactly one is told that it is new.
          expect([...news.values()].filter((n) => n !== 1)).toEqual([]);
          const stored = (await rows()).map(({ code, person, s, len }) => [`${code} ${person} ${s}`, len] as const);
          expect(new Map(stored)).toEqual(lens);
          expect(await auditCounts()).toEqual(taken);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("the same scan by itself, in a list and as a line is one visit", async () => {
    const one = scan("A", 1, "08:00:00");
    expect(await group.add(asked("city", one))).toEqual({ outcome: "recorded" });
    expect(await recordVisits(world.ctx(), { visits: [one] })).toMatchObject({ recorded: 0, already: 1 });
    expect(await recordVisitLines(world.ctx(), JSON.stringify(one))).toMatchObject({ already: 1 });
    expect(await recordVisit(world.ctx(), one)).toEqual({ outcome: "already" });
    expect(await recordVisit(world.ctx(), scan("A", 2, "08:00:00", "08:10:00"))).toEqual({ outcome: "recorded" });
    expect(await group.add(asked("city", scan("A", 2, "08:00:00")))).toEqual({ outcome: "already" });
    expect((await rows()).map(({ person, len }) => [person, len])).toEqual([
      [1, null],
      [2, 600],
    ]);
    for (const [until, len] of [
      ["08:05:00", 600],
      ["08:20:00", 1_200],
      ["08:15:00", 1_200],
    ] as const) {
      expect(await group.add(asked("city", scan("A", 2, "08:00:00", until)))).toEqual({ outcome: "already" });
      expect((await rows())[1]?.len).toBe(len);
    }
    await expect(recordVisit(world.ctx({ areaCode: "371702" }), one)).rejects.toMatchObject({
      fields: [{ pointer: "/venueCode", detail: "unknownVenue" }],
    });
  });

  it("a scan that is answered is seen by the next question about contacts", async () => {
    const ctx = world.ctx({ reason: "流调" });
    const span = { personId: 1, from: "2022-07-23T00:00:00.000Z", to: "2022-07-24T00:00:00.000Z" };
    await group.add(asked("county", scan("A", 1, "08:00:00")));
    for (let person = 2; person < 40; person++) {
      await group.add(asked("county", scan("A", person, "08:05:00")));
      const met = await coPresence(ctx, span);
      expect(met.length).toBe(person - 1);
      expect(met.some(({ otherPersonId }) => otherPersonId === person)).toBe(true);
    }
  });

  it("a token that ends is refused from the next group on, and its neighbours are not", async () => {
    const wish = { accountId: accountOf(gates.indexOf("city")), label: "another device" };
    const { token } = await makeToken(world.sql, wish, wallClock.now());
    const call = (person: number): Asked<Scan> => ({
      token,
      kind: "api_token",
      input: scan("A", person, "08:00:00"),
    });
    expect(await group.add(call(1))).toEqual({ outcome: "recorded" });
    await world.sql.run("update api_token set ended_at = now() where label = 'another device'");
    const told = [call(2), asked("city", scan("A", 3, "08:00:00")), call(4)].map((each) => outcome(group.add(each)));
    expect(await Promise.all(told)).toEqual(["auth.required", "recorded", "auth.required"]);
    // A token of one kind is none of the other.
    expect(await outcome(group.add(asked("city", scan("A", 5, "08:00:00"), "session")))).toBe("auth.required");
    expect((await rows()).map(({ person }) => person)).toEqual([1, 3]);
  });

  it("a role or an area that is taken away counts from the next group on", async () => {
    const one = asked("county", scan("A", 1, "08:00:00"));
    await world.sql.run("update account set area_code = '371702' where login = 'county'");
    expect(await outcome(group.add(one))).toBe("request.invalid /venueCode");
    await world.sql.run("update account set roles = '{viewer}' where login = 'county'");
    expect(await outcome(group.add(one))).toBe("auth.forbidden");
    await world.sql.run("update account set roles = '{gate}', area_code = '371721' where login = 'county'");
    expect(await outcome(group.add(one))).toBe("recorded");
  });

  it("the day is the outbreak's: UTC's between outbreaks, the zone's while one is open", async () => {
    const late = scan("A", 1, "17:00:00");
    world.clock.set("2022-07-23T20:00:00.000Z");
    await group.add(asked("city", late));
    expect((await rows()).map(({ day }) => day)).toEqual(["2022-07-23"]);
    await openOutbreak(world.ctx(), {
      name: "时区",
      nameEn: "Zone",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    await group.add(asked("city", { ...late, personId: 2 }));
    expect(await recordVisits(world.ctx(), { visits: [{ ...late, personId: 2 }] })).toMatchObject({ already: 1 });
    await world.sql.run("update outbreak set closed_at = now()");
    await group.add(asked("city", { ...late, personId: 3 }));
    expect((await rows()).map(({ day }) => day)).toEqual(["2022-07-23", "2022-07-24", "2022-07-23"]);
    world.clock.set(now);
  });

  it("a connection that is killed fails its own group only; sent again, each scan is one visit", async () => {
    group = open({ callsMax: 10, flightsMax: 1 });
    const calls = Array.from({ length: 30 }, (_, i) => asked("city", scan("A", i + 1, "08:00:00")));
    await group.add(asked("city", scan("B", 99, "08:00:00")));
    await world.sql.script("begin; lock table visit in access exclusive mode");
    const told = calls.map((each) => outcome(group.add(each)));
    const stuck = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await expect.poll(() => world.sql.many(stuck)).toHaveLength(1);
    await world.sql.run(`select pg_terminate_backend(pid) from (${stuck}) as waiting`);
    await world.sql.script("commit");
    const outcomes = await Promise.all(told);
    expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => "failed"));
    expect(outcomes.slice(10)).toEqual(Array.from({ length: 20 }, () => "recorded"));
    const again = await Promise.all(calls.map((each) => outcome(group.add(each))));
    expect(again.map((each, i) => (i < 10 ? each === "recorded" : each === "already"))).not.toContain(false);
    expect(await rows()).toHaveLength(31);
  });

  it("two processes that are sent the same at once store it once and wait for each other in one order", async () => {
    const calls = Array.from({ length: 3_000 }, (_, i) => asked("city", scan(i % 2 ? "A" : "B", i + 1, "08:00:00")));
    const groups = [open({ callsMax: calls.length }), open({ callsMax: calls.length })];
    const told = await Promise.all(
      groups.map((each, i) => Promise.all((i === 0 ? calls : calls.toReversed()).map((one) => outcome(each.add(one))))),
    );
    const count = (text: string): number => told.flat().filter((each) => each === text).length;
    expect([count("recorded"), count("already")]).toEqual([calls.length, calls.length]);
    expect(await rows()).toHaveLength(calls.length);
  });
});
