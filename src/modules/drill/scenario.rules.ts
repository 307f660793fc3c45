import { isWithin } from "#kernel/area";
import type { Delay, Scenario } from "./scenario.model.ts";

/** One fault of a scenario file; the pointer is a JSON pointer into it. */
export interface ScenarioFault {
  readonly pointer: string;
  readonly message: string;
}

const shareTolerance = 0.005;
const standardNormal90 = 1.2815515655446004;

/** What the schema cannot say: sums, references and places; an empty list means the scenario holds together. */
export function scenarioFaults(scenario: Scenario): ScenarioFault[] {
  return [...populationFaults(scenario), ...placeFaults(scenario), ...sourceFaults(scenario)];
}

/** The delay at a uniform number in (0, 1), in minutes: log-normal through the median and the 90th percentile. */
export function delayMinutes(delay: Pick<Delay, "medianMin" | "p90Min">, uniform: number): number {
  const sigma = Math.log(delay.p90Min / delay.medianMin) / standardNormal90;
  return delay.medianMin * Math.exp(sigma * normalQuantile(uniform));
}

function populationFaults(scenario: Scenario): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  const { units, total } = scenario.population;
  const sum = units.reduce((n, unit) => n + unit.population, 0);
  if (sum !== total) {
    faults.push({ pointer: "/population/total", message: `the units add to ${sum}, not ${total}` });
  }
  units.forEach((unit, i) => {
    for (const field of ["householdSizes", "ages"] as const) {
      const shares = unit[field].reduce((n, share) => n + share, 0);
      if (Math.abs(shares - 1) > shareTolerance) {
        const message = `the shares add to ${shares.toFixed(4)}, not 1`;
        faults.push({ pointer: `/population/units/${i}/${field}`, message });
      }
    }
  });
  const { single, family, accessible } = scenario.isolation.roomKinds;
  if (Math.abs(single + family + accessible - 1) > shareTolerance) {
    faults.push({ pointer: "/isolation/roomKinds", message: "the shares do not add to 1" });
  }
  return faults;
}

function placeFaults(scenario: Scenario): ScenarioFault[] {
  const places = [
    ...scenario.population.units.map((unit, i) => [`/population/units/${i}/code`, unit.code]),
    ...scenario.seeds.map((seed, i) => [`/seeds/${i}/areaCode`, seed.areaCode]),
    ...scenario.labs.list.map((lab, i) => [`/labs/list/${i}/areaCode`, lab.areaCode]),
    ["/firstPositive/areaCode", scenario.firstPositive.areaCode],
  ] as const;
  const outside = places
    .filter(([, code]) => !isWithin(code ?? "", scenario.areaCode))
    .map(([pointer]) => ({ pointer: pointer ?? "", message: `lies outside ${scenario.areaCode}` }));
  const units = scenario.population.units;
  const homeless = scenario.seeds.flatMap((seed, i) =>
    units.some((unit) => isWithin(seed.areaCode, unit.code))
      ? []
      : [{ pointer: `/seeds/${i}/areaCode`, message: "lies in no unit of the population" }],
  );
  return [...outside, ...homeless];
}

/** Every `source` names an entry of `sources`, so that no figure goes without one. */
function sourceFaults(scenario: Scenario): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  function check(id: unknown, pointer: string): void {
    if (typeof id === "string" && !(id in scenario.sources)) {
      faults.push({ pointer, message: `no source is named ${id}` });
    }
  }
  function walk(value: unknown, pointer: string): void {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const here = `${pointer}/${key}`;
      if (/^(source|[a-z]+Source)$/.test(key)) check(inner, here);
      else if (key === "sources" && Array.isArray(inner)) for (const id of inner) check(id, here);
      else walk(inner, here);
      if (isReversed(inner)) faults.push({ pointer: here, message: "p90Min is below medianMin" });
    }
  }
  walk({ ...scenario, sources: null }, "");
  return faults;
}

function isReversed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { medianMin, p90Min } = value as { medianMin?: unknown; p90Min?: unknown };
  return typeof medianMin === "number" && typeof p90Min === "number" && p90Min < medianMin;
}

const lowTail = 0.02425;

/** The standard normal quantile, by Acklam's rational approximation (relative error below 1.2e-9). */
function normalQuantile(p: number): number {
  if (p < lowTail) return tailQuantile(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - lowTail) return -tailQuantile(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const above =
    ((((-39.6968302866538 * r + 220.946098424521) * r - 275.928510446969) * r + 138.357751867269) * r -
      30.6647980661472) *
      r +
    2.50662827745924;
  const below =
    ((((-54.4760987982241 * r + 161.585836858041) * r - 155.698979859887) * r + 66.8013118877197) * r -
      13.2806815528857) *
      r +
    1;
  return (above * q) / below;
}

function tailQuantile(q: number): number {
  const above =
    ((((-0.00778489400243029 * q - 0.322396458041136) * q - 2.40075827716184) * q - 2.54973253934373) * q +
      4.37466414146497) *
      q +
    2.93816398269878;
  const below = (((0.00778469570904146 * q + 0.32246712907004) * q + 2.445134137143) * q + 3.75440866190742) * q + 1;
  return above / below;
}
