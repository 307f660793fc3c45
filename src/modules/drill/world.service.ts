import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { assert, need } from "#kernel/assert";
import { addDays, dayOf, minutesBetween, parseInstant, type Instant } from "#kernel/time";
import type { Protocol } from "#domain/outbreaks";
import { buildAreas, type AreaRow } from "#modules/areas";
import { protocolById } from "#modules/outbreaks";
import { buildCity, type City, type CitySpec } from "#sim/city";
import { diseaseOf, type DiseaseModel } from "#sim/disease";
import { createEngine, type Engine } from "#sim/engine";
import { findIntroduction, type Introduction } from "#sim/introduce";
import { dayZeroOf, instantOfMinute } from "./runner.service.ts";
import { loadScenario, loadSystems } from "./scenario.load.ts";
import { ageBandStarts, type Scenario } from "./scenario.model.ts";
import { drillSystems } from "./systems/index.ts";
import type { PlayedSystem } from "./systems/system.ts";

/** A scenario made into a city, before anything is in a database. */
export interface CityWorld {
  readonly scenario: Scenario;
  /** The systems beside the loop that the scenario plays. */
  readonly systems: readonly PlayedSystem[];
  readonly protocol: Protocol;
  readonly disease: DiseaseModel;
  readonly seed: number;
  readonly scale: number;
  readonly areas: readonly AreaRow[];
  readonly city: City;
  /** The local midnight that begins the city's day 0. */
  readonly dayZero: Instant;
  instantAt(minute: number): Instant;
}

/** A city with an epidemic that begins as the scenario says. */
export interface DrillWorld extends CityWorld {
  readonly engine: Engine;
}

const scenariosFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "scenarios");
const oldestAge = 99;
const minutesPerDay = 1_440;

/** The census and the daily life of the scenario as the simulator takes them. */
export function citySpecOf(scenario: Scenario, areas: readonly AreaRow[]): CitySpec {
  const villages = areas.filter((area) => area.level === "village");
  const units = scenario.population.units;
  return {
    villages: villages.map((village) => ({
      code: village.code,
      townCode: need(village.parentCode, "a village has a town"),
      countyCode: need(
        units.find((unit) => village.code.startsWith(unit.code)),
        `no census for ${village.code}`,
      ).code,
      population: village.population,
      kind: village.kind,
    })),
    counties: units.map((unit) => ({
      code: unit.code,
      householdShares: unit.householdSizes,
      ageBands: ageBandStarts.map((from, i) => ({
        from,
        to: (ageBandStarts[i + 1] ?? oldestAge + 1) - 1,
        share: unit.ages[i] ?? 0,
      })),
      maleShare: unit.menPer100Women / (100 + unit.menPer100Women),
    })),
    teams: scenario.dailyLife.teams,
    venues: scenario.dailyLife.venues,
    mustInclude: scenario.seeds.map((seed) => seed.areaCode),
    preferAreas: [scenario.firstPositive.areaCode.slice(0, 9)],
  };
}

const leadSpread = 0.5;
const introductionTriesMax = 600;
const careWindowDays = 1;

/**
 * Who was infected from outside, and when: a chain of the scenario's age whose first patient comes to a clinic
 * in the day before the observed first positive. The story must begin where the real one did; what follows is free.
 */
function introduce(
  scenario: Scenario,
  city: City,
  disease: DiseaseModel,
  seed: number,
  firstPositiveMinute: number,
): Introduction {
  const { firstPositive, clinic } = scenario;
  const firstCareTo = Math.round(firstPositiveMinute - clinic.visitToResult.medianMin);
  const goal = {
    groups: scenario.seeds.map((place) => ({
      areaCode: place.areaCode,
      infections: place.infections.value,
      daysBefore: place.daysBeforeFirstPositive.value,
    })),
    firstCareFrom: firstCareTo - careWindowDays * minutesPerDay,
    firstCareTo,
    firstCareArea: firstPositive.areaCode.slice(0, 6),
    infectedMin: firstPositive.infectedMin.value,
    infectedMax: firstPositive.infectedMax.value,
    leadSpread,
    triesMax: introductionTriesMax,
  };
  const found = findIntroduction(city, disease, seed, goal);
  if (found === null)
    throw new Error(
      `No chain of ${introductionTriesMax} tried begins as the scenario says with seed ${seed}; try another seed.`,
    );
  return found;
}

/** Reads a scenario of the scenarios folder by its name. */
export async function scenarioById(scenarioId: string): Promise<Scenario> {
  assert(/^[a-z0-9-]+$/.test(scenarioId), "a scenario is named by letters, digits and hyphens");
  return loadScenario(path.join(scenariosFolder, scenarioId, "scenario.yaml"));
}

/**
 * Reads the scenario and builds its city: a pure function of (scenario, seed, scale). `known` are its areas where somebody
 * has worked them out already: that takes longer than the city itself.
 */
export async function buildCityWorld(
  scenarioId: string,
  seed: number,
  scale: number,
  known?: readonly AreaRow[],
): Promise<CityWorld> {
  const folder = path.join(scenariosFolder, scenarioId);
  const scenario = await scenarioById(scenarioId);
  const systems = await loadSystems(folder, drillSystems);
  const disease = diseaseOf(parse(await readFile(path.join(folder, scenario.disease), "utf8")));
  const protocol = await protocolById(scenario.protocol);
  const areas = known ?? (await buildAreas(scenario.areaCode, scenario.population.units));
  const city = buildCity(citySpecOf(scenario, areas), seed, scale);
  const leadDays =
    Math.max(...scenario.seeds.map((place) => place.daysBeforeFirstPositive.value)) * (1 + leadSpread) + careWindowDays;
  const firstPositive = parseInstant(scenario.firstPositive.observedAt);
  const dayZero = dayZeroOf(
    addDays(dayOf(firstPositive, scenario.timeZone), -Math.ceil(leadDays) - 1),
    scenario.timeZone,
  );
  return {
    scenario,
    systems,
    protocol,
    disease,
    seed,
    scale,
    areas,
    city,
    dayZero,
    instantAt: (minute) => instantOfMinute(dayZero, minute),
  };
}

/** The city of a scenario with its epidemic: a pure function of (scenario, seed, scale). */
export async function buildWorld(scenarioId: string, seed: number, scale: number): Promise<DrillWorld> {
  const world = await buildCityWorld(scenarioId, seed, scale);
  const { scenario, city, disease, dayZero } = world;
  const firstPositive = parseInstant(scenario.firstPositive.observedAt);
  const start = introduce(scenario, city, disease, seed, Math.floor(minutesBetween(dayZero, firstPositive)));
  const engine = createEngine(city, disease, seed, start.startMinute);
  for (const group of start.groups) engine.seeds(group.persons, group.minute);
  return { ...world, engine };
}
