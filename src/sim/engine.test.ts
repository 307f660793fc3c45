import { describe, expect, it } from "vitest";
import { buildCity } from "./city.ts";
import type { City } from "./city.model.ts";
import type { DiseaseModel } from "./disease.model.ts";
import { createEngine } from "./engine.ts";
import type { Engine, SimEvent } from "./engine.model.ts";
import { factors, mixedAttempts, smallCity, testDisease } from "./sim.testing.ts";

const day = 1440;
const city = buildCity(smallCity, 7, 1);
const disease = testDisease({ attempts: mixedAttempts });
/** An epidemic that does not die out early. */
const seedOfLarge = 3;

/** Calls back at every event and lets the caller change controls before the next one. */
function runStepwise(engine: Engine, until: number, react: (event: SimEvent) => void): void {
  while (engine.nextEventMinute() <= until)
    for (const event of engine.advanceTo(engine.nextEventMinute())) react(event);
  engine.advanceTo(until);
}

function started(seed: number, model: DiseaseModel = disease, where: City = city): Engine {
  const engine = createEngine(where, model, seed, 0);
  engine.seeds([100, 2_000, 9_000], 600);
  return engine;
}

/** A run in which each person with symptoms goes to hospital and the rest of the home to quarantine after a delay. */
function runWithResponse(seed: number, delay: number, until: number, engine = started(seed), from = 0): Engine {
  runStepwise(engine, until, (event) => {
    if (event.kind !== "symptomOnset" || event.minute < from) return;
    engine.setControl(event.person, "hospital", event.minute + delay);
    const home = city.householdOf(event.person);
    for (let mate = home.first; mate < home.end; mate++) {
      if (mate !== event.person) engine.setControl(mate, "centralQuarantine", event.minute + delay);
    }
  });
  return engine;
}

describe("the same seed (check 1)", () => {
  it("gives the same digest, in a new engine and a rebuilt city, and in one step or many", () => {
    const whole = started(3);
    whole.advanceTo(25 * day);
    expect(whole.infectionCount).toBeGreaterThan(200);
    const stepwise = started(3, disease, buildCity(smallCity, 7, 1));
    const seen: SimEvent[] = [];
    runStepwise(stepwise, 25 * day, (event) => seen.push(event));
    expect(stepwise.digest()).toBe(whole.digest());
    expect(seen.filter((event) => event.kind === "infection").length).toBe(whole.infectionCount);
    const other = started(4);
    other.advanceTo(25 * day);
    expect(other.digest()).not.toBe(whole.digest());
  });

  it("does not depend on the order in which seeds and controls are given", () => {
    const seeds = [100, 2_000, 9_000, 15_000];
    const homes = Array.from({ length: 4_000 }, (_, person) => person * 7);
    const run = (order: (list: number[]) => number[]): string => {
      const engine = createEngine(city, disease, 5, 0);
      for (const person of order([...seeds])) engine.seeds([person], 600);
      for (const person of order([...homes])) engine.setControl(person, "homeQuarantine", 8 * day);
      for (const county of order([0, 1])) engine.setCountyControl(city.counties[county]!.code, "reduced", 12 * day);
      engine.advanceTo(25 * day);
      return engine.digest();
    };
    expect(run((list) => list.toReversed())).toBe(run((list) => list));
  });

  it("continues from a snapshot at any minute as if it had never stopped", () => {
    // Controls of each kind are in force or still to come at each stop.
    const prepared = (): Engine => {
      const engine = started(seedOfLarge);
      engine.setAlert(true, 5 * day);
      engine.setCountyControl(city.counties[0]!.code, "reduced", 10 * day);
      engine.setVillageControl(0, "medium", 12 * day);
      engine.setVillageControl(2, "high", 24 * day);
      return engine;
    };
    const run = (until: number, engine = prepared()): [Engine, SimEvent[]] => {
      const events: SimEvent[] = [];
      runStepwise(engine, until, (event) => {
        events.push(event);
        if (event.kind === "symptomOnset") engine.setControl(event.person, "homeQuarantine", event.minute + day);
      });
      return [engine, events];
    };
    const [whole, allEvents] = run(28 * day);
    expect(whole.infectionCount).toBeGreaterThan(300);
    for (const stop of [599, 3 * day + 17, 14 * day, 21 * day + 1]) {
      const [before, earlier] = run(stop);
      const after = createEngine(city, disease, seedOfLarge, 0);
      after.restore(before.snapshot());
      expect(after.now).toBe(stop);
      expect(after.snapshot()).toEqual(before.snapshot());
      const [end, later] = run(28 * day, after);
      expect([...earlier, ...later]).toEqual(allEvents);
      expect(end.digest()).toBe(whole.digest());
      expect(end.truth()).toEqual(whole.truth());
      expect(end.snapshot()).toEqual(whole.snapshot());
    }
  });

  it("refuses a snapshot that is damaged or of another epidemic", () => {
    const bytes = started(6).snapshot();
    expect(() => createEngine(city, disease, 7, 0).restore(bytes)).toThrow("another city, disease or seed");
    const damaged = bytes.slice();
    damaged[40]! ^= 1;
    expect(() => createEngine(city, disease, 6, 0).restore(damaged)).toThrow("damaged");
  });
});

describe("conservation and causality (check 9)", () => {
  it("hold at every event of a mixed run with controls", () => {
    const engine = started(8);
    const infectedAt = new Map<number, number>();
    let last = 0;
    while (engine.infectionCount < 1_000) {
      for (const event of engine.advanceTo(engine.nextEventMinute())) {
        expect(event.minute).toBe(engine.now);
        if (event.kind === "infection") {
          expect(infectedAt.has(event.person)).toBe(false);
          infectedAt.set(event.person, event.minute);
          if (event.infector >= 0) expect(infectedAt.get(event.infector)).toBeLessThan(event.minute);
          else expect(event.setting).toBe("seed");
        } else {
          expect(infectedAt.get(event.person)).toBeLessThan(event.minute);
        }
      }
      expect(engine.now).toBeGreaterThan(last);
      last = engine.now;
      const { susceptible, exposed, infectious, removed } = engine.compartments(engine.now);
      expect(susceptible + exposed + infectious + removed).toBe(city.personCount);
      expect(susceptible).toBe(city.personCount - infectedAt.size);
    }
    expect(infectedAt.size).toBe(engine.infectionCount);
    expect(engine.truth().map((infection) => infection.person)).toEqual([...infectedAt.keys()]);
    for (const infection of engine.truth()) {
      expect(infection.generation > 0).toBe(infection.infector >= 0);
      if (infection.onsetMinute !== null) expect(infection.onsetMinute).toBeGreaterThan(infection.visibleMinute);
    }
  });

  it("keep each infection to people whom its setting brings together", () => {
    const engine = started(9);
    engine.advanceTo(25 * day);
    const settingsSeen = new Set<string>();
    for (const { person, infector, setting, minute } of engine.truth()) {
      if (infector < 0) continue;
      settingsSeen.add(setting);
      const sameHome = city.householdOf(person).index === city.householdOf(infector).index;
      if (setting === "household") expect(sameHome).toBe(true);
      if (setting === "neighbourhood")
        expect([city.villageOf(person), sameHome]).toEqual([city.villageOf(infector), false]);
      if (setting === "team") expect(city.teamOf(person)?.index).toBe(city.teamOf(infector)?.index);
      if (setting !== "venue") continue;
      const today = Math.floor(minute / day);
      const together = city
        .visits(person, today)
        .some((mine) =>
          city
            .visits(infector, today)
            .some(
              (theirs) =>
                theirs.venue === mine.venue &&
                minute >= Math.max(mine.fromMinute, theirs.fromMinute) &&
                minute < Math.min(mine.toMinute, theirs.toMinute),
            ),
        );
      expect(together).toBe(true);
    }
    expect([...settingsSeen].toSorted()).toEqual(["far", "household", "neighbourhood", "team", "venue"]);
  });
});

describe("nulls and limits (check 10)", () => {
  it("has only seeds when nobody infects", () => {
    const engine = started(1, testDisease());
    engine.advanceTo(60 * day);
    expect(engine.infectionCount).toBe(3);
    expect(engine.nextEventMinute()).toBe(Infinity);
  });

  it("has no case outside the home when everybody is isolated at infection", () => {
    const strict = testDisease({
      attempts: mixedAttempts,
      control: { ...disease.control, held: factors(0, { household: 1 }) },
    });
    const engine = started(2, strict);
    runStepwise(engine, 60 * day, (event) => {
      if (event.kind === "infection") engine.setControl(event.person, "held", event.minute);
    });
    expect(engine.infectionCount).toBeGreaterThan(3);
    expect(new Set(engine.truth().map((infection) => infection.setting))).toEqual(new Set(["seed", "household"]));
  });

  it("stops at once in hospital, and at the home under total lockdown", () => {
    const hospital = started(2);
    runStepwise(hospital, 60 * day, (event) => {
      if (event.kind === "infection") hospital.setControl(event.person, "hospital", event.minute);
    });
    expect(hospital.infectionCount).toBe(3);
    const closed = testDisease({
      attempts: mixedAttempts,
      county: { ...disease.county, lockdown: factors(0, { household: 1 }) },
    });
    const engine = started(2, closed);
    engine.advanceTo(8 * day);
    const before = engine.infectionCount;
    for (const county of city.counties) engine.setCountyControl(county.code, "lockdown", 8 * day);
    engine.advanceTo(60 * day);
    const later = engine.truth().slice(before);
    expect(later.length).toBeGreaterThan(0);
    expect(new Set(later.map((infection) => infection.setting))).toEqual(new Set(["household"]));
  });

  it("keeps a family together in quarantine and apart when only one goes", () => {
    const together = testDisease({
      attempts: factors(0, { household: 20 }),
      dispersion: { household: 1_000, community: 1 },
      control: { ...disease.control, centralQuarantine: factors(0, { household: 1 }) },
    });
    const home = Array.from({ length: city.householdCount }, (_, i) => city.household(i)).find(
      (h) => h.end - h.first === 3,
    )!;
    const run = (kept: readonly number[]): number => {
      const engine = createEngine(city, together, 1, 0);
      for (const person of kept) engine.setControl(person, "centralQuarantine", 0);
      engine.seeds([home.first], 10);
      engine.advanceTo(60 * day);
      return engine.infectionCount;
    };
    expect(run([])).toBe(3);
    expect(run([home.first, home.first + 1, home.first + 2])).toBe(3);
    expect(run([home.first])).toBe(1);
    expect(run([home.first, home.first + 1])).toBe(2);
  });
});

describe("controls", () => {
  it("hold from their minute on, not before", () => {
    const engine = started(1);
    engine.setControl(50, "held", 3 * day);
    engine.advanceTo(3 * day - 1);
    expect(engine.controlOf(50)).toBe("free");
    engine.advanceTo(3 * day);
    expect(engine.controlOf(50)).toBe("held");
    engine.setControl(50, "free", 3 * day);
    expect(engine.controlOf(50)).toBe("free");
    expect(() => engine.setControl(50, "held", 3 * day - 1)).toThrow("past");
    expect(() => engine.advanceTo(2 * day)).toThrow("backwards");
    expect(() => engine.setControl(city.personCount, "held", 4 * day)).toThrow("no such person");
  });

  it("keep back the same stays from check-ins and from transmission", () => {
    const engine = started(1);
    const village = city.villages[0]!;
    const stays = (): number => {
      let count = 0;
      for (let person = village.firstPerson; person < village.endPerson; person++) {
        for (const visit of city.visits(person, 2)) if (engine.visitHappens(person, visit.venue, 2)) count += 1;
      }
      return count;
    };
    const free = stays();
    engine.setVillageControl(village.code, "medium", 0);
    const medium = stays();
    engine.setVillageControl(village.index, "high", 0);
    const high = stays();
    expect(medium / free).toBeCloseTo(0.3, 1);
    expect(high / free).toBeCloseTo(0.05, 1);
    engine.setVillageControl(village.index, "none", 0);
    expect(stays()).toBe(free);
  });

  it("send nobody to a clinic who is already looked after, and more people when the city is alarmed", () => {
    const visits = (prepare: (engine: Engine) => void): number => {
      const engine = started(12);
      prepare(engine);
      let count = 0;
      runStepwise(engine, 25 * day, (event) => {
        if (event.kind !== "seeksCare") return;
        count += 1;
        const clock = event.minute % day;
        expect(clock >= disease.care.opensAt && clock < disease.care.closesAt).toBe(true);
        expect(engine.ctAt(event.person, event.minute) ?? 99).toBeGreaterThan(0);
      });
      return count;
    };
    const calm = visits(() => undefined);
    const alarmed = visits((engine) => engine.setAlert(true, 1));
    expect(calm).toBeGreaterThan(5);
    expect(alarmed).toBeGreaterThan(3 * calm);
    const people = Array.from({ length: city.personCount }, (_, person) => person);
    expect(visits((engine) => people.forEach((person) => engine.setControl(person, "held", 1)))).toBe(0);
  });
});

describe("what can be observed", () => {
  it("is a Ct that falls to its peak, rises again, and is null before and after", () => {
    const engine = started(1);
    engine.advanceTo(20 * day);
    for (const { person, minute, visibleMinute } of engine.truth().slice(0, 50)) {
      expect(engine.isInfected(person, minute - 1)).toBe(false);
      expect(engine.isInfected(person, minute)).toBe(true);
      expect(engine.ctAt(person, visibleMinute - 1)).toBe(null);
      expect(engine.ctAt(person, visibleMinute)).toBe(40);
      const atPeak = engine.ctAt(person, visibleMinute + 1.5 * day)!;
      expect(atPeak).toBeLessThan(38.1);
      expect(engine.ctAt(person, visibleMinute + 2.5 * day)).toBeCloseTo(atPeak + 1.5, 6);
      expect(engine.ctAt(person, visibleMinute + 30 * day)).toBe(null);
    }
    expect(engine.ctAt(city.personCount - 1, 20 * day)).toBe(null);
  });

  it("labels the share of infections as asymptomatic that the disease names", () => {
    const engine = started(1);
    let asymptomatic = 0;
    for (let person = 0; person < 20_000; person++)
      if (engine.reportLabel(person) === "asymptomatic") asymptomatic += 1;
    expect(Math.abs(asymptomatic / 20_000 - 0.9)).toBeLessThan(3 * Math.sqrt(0.09 / 20_000));
  });
});

describe("common random numbers (check 11)", () => {
  it("leave a county exactly as it was when another county is treated differently", () => {
    const apart = testDisease({ attempts: mixedAttempts, farInCountyShare: 1 });
    const [first, second] = city.counties;
    const run = (prepare: (engine: Engine) => void): string[] => {
      const engine = createEngine(city, apart, 21, 0);
      engine.setCountyControl(second!.code, "reduced", 10 * day);
      engine.seeds([second!.firstPerson + 40, second!.firstPerson + 4_000, second!.endPerson - 90], 600);
      prepare(engine);
      engine.advanceTo(25 * day);
      const there = engine.truth().filter((infection) => infection.person >= second!.firstPerson);
      return there.map(({ person, minute, infector }) => `${person} ${minute} ${infector}`);
    };
    const alone = run(() => undefined);
    expect(alone.length).toBeGreaterThan(50);
    expect(run((engine) => engine.seeds([5, 500, 7_000], 500))).toEqual(alone);
    const locked = run((engine) => {
      engine.seeds([5, 500, 7_000], 500);
      engine.setCountyControl(first!.code, "lockdown", 3 * day);
    });
    expect(locked).toEqual(alone);
  });

  const hours = [6, 24, 48, 96];
  const found = 12 * day;
  /** Free growth for twelve days, then a lockdown, and each person with symptoms moved after a delay. */
  const sizes = Array.from({ length: 60 }, (_, run) =>
    hours.map((delay) => {
      const engine = started(100 + run);
      for (const county of city.counties) engine.setCountyControl(county.code, "lockdown", found + day);
      return runWithResponse(100 + run, delay * 60, 40 * day, engine, found).infectionCount;
    }),
  );

  it("make a longer transfer never lower the mean, and hardly ever one run", () => {
    const means = hours.map((_, i) => sizes.reduce((sum, run) => sum + run[i]!, 0) / sizes.length);
    for (let i = 1; i < means.length; i++) expect(means[i]).toBeGreaterThanOrEqual(means[i - 1]!);
    const differences = sizes.map((run) => run[3]! - run[0]!).filter((difference) => difference !== 0);
    const up = differences.filter((difference) => difference > 0).length;
    // The sign test: 0.01 in the upper tail of a fair coin.
    expect(up).toBeGreaterThan(differences.length / 2 + 2.33 * Math.sqrt(differences.length / 4));
  });

  it("leave less than a tenth of the variance of unpaired runs", async ({ annotate }) => {
    const large = sizes.filter((run) => run[0]! >= 50);
    expect(large.length).toBeGreaterThan(20);
    const variance = (list: readonly number[]): number => {
      const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
      return list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1);
    };
    const paired = variance(large.map((run) => Math.log(run[1]! / run[0]!)));
    const unpaired = variance(large.map((run, i) => Math.log(large[(i + 1) % large.length]![1]! / run[0]!)));
    await annotate(`variance of the log ratio ${paired.toFixed(4)} paired, ${unpaired.toFixed(3)} unpaired`);
    expect(paired / unpaired).toBeLessThan(0.1);
  });
});
