import { assert, need } from "#kernel/assert";
import { uniform } from "#kernel/prng";
import { at } from "./arrays.ts";
import type { City } from "./city.model.ts";
import type { DiseaseModel, SettingFactors } from "./disease.model.ts";
import { controlModes, countyLevels, villageLevels, type ControlMode, type Setting } from "./engine.model.ts";
import { purpose } from "./purposes.ts";

/** Where a mode keeps a person: people of one household meet only when they are kept together. */
function placeOf(mode: ControlMode): "home" | "site" | "ward" {
  if (mode === "centralQuarantine") return "site";
  return mode === "hospital" ? "ward" : "home";
}

function index<T>(list: readonly T[], value: T): number {
  const found = list.indexOf(value);
  assert(found >= 0, "not a known control");
  return found;
}

/** The controls in force, and what they leave of each contact. */
export class Controls {
  readonly #city: City;
  readonly #disease: DiseaseModel;
  readonly #seed: number;
  /** Only people who are not free. */
  readonly modes = new Map<number, number>();
  readonly villageLevel: Uint8Array;
  readonly countyLevel: Uint8Array;
  alert = false;

  constructor(city: City, disease: DiseaseModel, seed: number) {
    this.#city = city;
    this.#disease = disease;
    this.#seed = seed;
    this.villageLevel = new Uint8Array(city.villages.length);
    this.countyLevel = new Uint8Array(city.counties.length);
  }

  static modeCode(mode: ControlMode): number {
    return index(controlModes, mode);
  }

  modeOf(person: number): ControlMode {
    return need(controlModes[this.modes.get(person) ?? 0], "a known mode");
  }

  setMode(person: number, code: number): void {
    if (code === 0) this.modes.delete(person);
    else this.modes.set(person, code);
  }

  #modeFactors(person: number): SettingFactors {
    return this.#disease.control[this.modeOf(person)];
  }

  /** The stricter of the village's and the county's level. */
  #areaFactor(person: number, setting: Setting): number {
    const village = this.#city.villageOf(person);
    const level = need(villageLevels[at(this.villageLevel, village)], "a known village level");
    const county = need(countyLevels[at(this.countyLevel, this.#city.countyOf(person))], "a known county level");
    return Math.min(this.#disease.village[level][setting], this.#disease.county[county][setting]);
  }

  /** What is left of a contact between two people in a setting, in [0, 1]. */
  contactFactor(infector: number, infectee: number, setting: Setting): number {
    const from = this.#modeFactors(infector)[setting];
    const to = this.#modeFactors(infectee)[setting];
    const area = Math.min(this.#areaFactor(infector, setting), this.#areaFactor(infectee, setting));
    if (setting !== "household") return from * to * area;
    const together = placeOf(this.modeOf(infector)) === placeOf(this.modeOf(infectee));
    return together ? Math.min(from, to) * area : 0;
  }

  /** Does the person still make this stay? Check-ins and transmission ask the same question. */
  visitHappens(person: number, venue: number, day: number): boolean {
    const factor = this.#modeFactors(person).venue * this.#areaFactor(person, "venue");
    return uniform(this.#seed, purpose.visitKept, person, venue, day) < factor;
  }
}
