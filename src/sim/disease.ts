import { assert } from "#kernel/assert";
import type { DiseaseModel, SettingFactors } from "./disease.model.ts";
import { controlModes, countyLevels, settings, villageLevels } from "./engine.model.ts";

export type * from "./disease.model.ts";

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, path: string): Fields {
  assert(typeof value === "object" && value !== null && !Array.isArray(value), `${path} is not a group of values`);
  return Object.fromEntries(Object.entries(value));
}

/** A value is a plain number or `{ value, source }`, so that a data file can name each source. */
function numberAt(fields: Fields, key: string, path: string, low: number, high: number): number {
  const entry = fields[key];
  const value = typeof entry === "object" && entry !== null ? fieldsOf(entry, `${path}.${key}`)["value"] : entry;
  assert(
    typeof value === "number" && value >= low && value <= high,
    `${path}.${key} is not a number from ${low} to ${high}`,
  );
  return value;
}

const daysMax = 365;
const attemptsMax = 1_000;
const minutesMax = 1440;

function settingFactors(fields: Fields, key: string, path: string, high: number): SettingFactors {
  const inner = fieldsOf(fields[key], `${path}.${key}`);
  const read = (setting: string): number => numberAt(inner, setting, `${path}.${key}`, 0, high);
  return {
    household: read("household"),
    team: read("team"),
    venue: read("venue"),
    neighbourhood: read("neighbourhood"),
    far: read("far"),
  };
}

/** Reads one row of factors for each level or mode; unknown rows are refused so that a typing mistake shows. */
function factorTable<K extends string>(fields: Fields, key: string, rows: readonly K[]): Record<K, SettingFactors> {
  const inner = fieldsOf(fields[key], key);
  for (const name of Object.keys(inner))
    assert(
      rows.some((row) => row === name),
      `${key}.${name} is not known`,
    );
  const table: Partial<Record<K, SettingFactors>> = {};
  for (const row of rows) table[row] = settingFactors(inner, row, key, 1);
  assert(hasAll(table, rows), `${key} lacks a row`);
  return table;
}

function hasAll<K extends string>(
  table: Partial<Record<K, SettingFactors>>,
  rows: readonly K[],
): table is Record<K, SettingFactors> {
  return rows.every((row) => table[row] !== undefined);
}

function meanAndSd(fields: Fields, key: string): { meanDays: number; sdDays: number } {
  const inner = fieldsOf(fields[key], key);
  return {
    meanDays: numberAt(inner, "meanDays", key, 0.05, daysMax),
    sdDays: numberAt(inner, "sdDays", key, 0.05, daysMax),
  };
}

function careOf(fields: Fields): DiseaseModel["care"] {
  const inner = fieldsOf(fields["care"], "care");
  return {
    share: numberAt(inner, "share", "care", 0, 1),
    shareOnAlert: numberAt(inner, "shareOnAlert", "care", 0, 1),
    delayMeanDays: numberAt(inner, "delayMeanDays", "care", 0.01, daysMax),
    delaySdDays: numberAt(inner, "delaySdDays", "care", 0.01, daysMax),
    opensAt: numberAt(inner, "opensAt", "care", 0, minutesMax),
    closesAt: numberAt(inner, "closesAt", "care", 0, minutesMax),
  };
}

function ctOf(fields: Fields): DiseaseModel["ct"] {
  const inner = fieldsOf(fields["ct"], "ct");
  return {
    cutoff: numberAt(inner, "cutoff", "ct", 20, 50),
    peakMean: numberAt(inner, "peakMean", "ct", 8, 45),
    peakSd: numberAt(inner, "peakSd", "ct", 0, 10),
    riseDays: numberAt(inner, "riseDays", "ct", 0.01, daysMax),
    declinePerDay: numberAt(inner, "declinePerDay", "ct", 0.01, 40),
  };
}

/** Checks a value read from a scenario's data file and returns it as a disease; stops with the path of what is wrong. */
export function diseaseOf(value: unknown): DiseaseModel {
  const fields = fieldsOf(value, "disease");
  const name = fields["name"];
  assert(typeof name === "string" && name !== "", "disease.name is not a text");
  const top = (key: string, low: number, high: number): number => numberAt(fields, key, "disease", low, high);
  const dispersion = fieldsOf(fields["dispersion"], "dispersion");
  const disease: DiseaseModel = {
    name,
    latentDays: top("latentDays", 0.05, daysMax),
    incubation: meanAndSd(fields, "incubation"),
    generation: meanAndSd(fields, "generation"),
    attempts: settingFactors(fields, "attempts", "disease", attemptsMax),
    dispersion: {
      household: numberAt(dispersion, "household", "dispersion", 0.05, 10_000),
      community: numberAt(dispersion, "community", "dispersion", 0.05, 10_000),
    },
    schoolShare: top("schoolShare", 0, 1),
    farInCountyShare: top("farInCountyShare", 0, 1),
    neighbourReach: top("neighbourReach", 1, 1e6),
    symptomaticShare: top("symptomaticShare", 0, 1),
    reportedAsymptomaticShare: top("reportedAsymptomaticShare", 0, 1),
    care: careOf(fields),
    ct: ctOf(fields),
    control: factorTable(fields, "control", controlModes),
    village: factorTable(fields, "village", villageLevels),
    county: factorTable(fields, "county", countyLevels),
  };
  checkDisease(disease);
  return disease;
}

/** The conditions between values that the engine relies on. */
export function checkDisease(disease: DiseaseModel): void {
  assert(disease.latentDays < disease.generation.meanDays, "the latent time is not shorter than the generation time");
  assert(disease.latentDays < disease.incubation.meanDays, "the latent time is not shorter than the incubation");
  assert(disease.ct.peakMean < disease.ct.cutoff, "the peak Ct is not below the cut-off");
  assert(disease.care.opensAt < disease.care.closesAt, "the clinic closes before it opens");
  const free = disease.control.free;
  assert(
    settings.every((setting) => free[setting] === 1),
    "a free person's contact is not whole",
  );
}
