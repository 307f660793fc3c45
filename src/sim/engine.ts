import { assert, need } from "#kernel/assert";
import { uniform } from "#kernel/prng";
import type { City } from "./city.model.ts";
import { checkDisease } from "./disease.ts";
import type { DiseaseModel } from "./disease.model.ts";
import { AttemptPlanner } from "./engine.attempts.ts";
import { Controls } from "./engine.controls.ts";
import { CourseModel } from "./engine.course.ts";
import { InfectionList, type InfectionRow } from "./engine.infections.ts";
import {
  controlModes,
  countyLevels,
  settings,
  villageLevels,
  type Compartments,
  type ControlMode,
  type CountyLevel,
  type Engine,
  type Infection,
  type Setting,
  type SimEvent,
  type VillageLevel,
} from "./engine.model.ts";
import { decodeState, encodeState, originOf } from "./engine.snapshot.ts";
import { purpose } from "./purposes.ts";
import { EventQueue, type QueueEntry } from "./queue.ts";

export type * from "./engine.model.ts";
export { controlModes, countyLevels, settings, villageLevels } from "./engine.model.ts";

// Controls of a minute come before its infections, and infections before what is seen of them.
const kindControl = 0;
const kindVillage = 1;
const kindCounty = 2;
const kindAlert = 3;
const kindSeed = 4;
const kindAttempt = 5;
const kindOnset = kindAttempt + settings.length;
const kindCare = kindOnset + 1;

const seedSetting = settings.length;
const minuteMax = 2 ** 30;
const minutesPerDay = 1440;

function settingOf(code: number): Setting | "seed" {
  return settings[code] ?? "seed";
}

class SparseEngine implements Engine {
  readonly #city: City;
  readonly #disease: DiseaseModel;
  readonly #seed: number;
  readonly #course: CourseModel;
  readonly #planner: AttemptPlanner;
  readonly #controls: Controls;
  readonly #infections = new InfectionList();
  readonly #queue = new EventQueue();
  readonly #entry: QueueEntry = { minute: 0, kind: 0, a: 0, b: 0, c: 0 };
  #now: number;
  /** Orders controls of the same person and minute by the order of the calls. */
  #sequence = 0;

  constructor(city: City, disease: DiseaseModel, seed: number, startMinute: number) {
    checkDisease(disease);
    assert(Number.isInteger(startMinute), "the start minute is not whole");
    this.#city = city;
    this.#disease = disease;
    this.#seed = seed;
    this.#course = new CourseModel(disease, seed);
    this.#planner = new AttemptPlanner(city, disease, this.#course, seed);
    this.#controls = new Controls(city, disease, seed);
    this.#now = startMinute;
  }

  get now(): number {
    return this.#now;
  }

  get infectionCount(): number {
    return this.#infections.count;
  }

  seeds(persons: readonly number[], minute: number): void {
    assert(minute > this.#now, "seeds must lie in the future");
    for (const person of persons) {
      this.#checkPerson(person);
      this.#queue.push(minute, kindSeed, person, 0, 0);
    }
  }

  advanceTo(minute: number): SimEvent[] {
    assert(Number.isInteger(minute) && minute >= this.#now && minute < minuteMax, "time cannot run backwards");
    const events: SimEvent[] = [];
    while (this.#queue.firstMinute <= minute && this.#queue.pop(this.#entry)) {
      this.#now = this.#entry.minute;
      this.#fire(this.#entry, events);
    }
    this.#now = minute;
    return events;
  }

  nextEventMinute(): number {
    return this.#queue.firstMinute;
  }

  setControl(person: number, mode: ControlMode, minute: number): void {
    this.#checkPerson(person);
    const code = Controls.modeCode(mode);
    if (this.#isNow(minute)) this.#controls.setMode(person, code);
    else this.#pushControl(minute, kindControl, person, code);
  }

  setVillageControl(village: number | string, level: VillageLevel, minute: number): void {
    const index =
      typeof village === "number" ? village : this.#city.villages.findIndex((entry) => entry.code === village);
    assert(this.#city.villages[index] !== undefined, "no such village in this city");
    const code = villageLevels.indexOf(level);
    if (this.#isNow(minute)) this.#controls.villageLevel[index] = code;
    else this.#pushControl(minute, kindVillage, index, code);
  }

  setCountyControl(county: string, level: CountyLevel, minute: number): void {
    const index = this.#city.counties.findIndex((entry) => entry.code === county);
    assert(index >= 0, "no such county in this city");
    const code = countyLevels.indexOf(level);
    if (this.#isNow(minute)) this.#controls.countyLevel[index] = code;
    else this.#pushControl(minute, kindCounty, index, code);
  }

  setAlert(alert: boolean, minute: number): void {
    if (this.#isNow(minute)) this.#controls.alert = alert;
    else this.#pushControl(minute, kindAlert, 0, alert ? 1 : 0);
  }

  controlOf(person: number): ControlMode {
    return this.#controls.modeOf(person);
  }

  visitHappens(person: number, venue: number, day: number): boolean {
    return this.#controls.visitHappens(person, venue, day);
  }

  isInfected(person: number, minute: number): boolean {
    const row = this.#infections.find(person);
    return row !== null && row.minute <= minute;
  }

  infectedAt(person: number): number | null {
    return this.#infections.find(person)?.minute ?? null;
  }

  ctAt(person: number, minute: number): number | null {
    const row = this.#infections.find(person);
    return row && this.#course.ctAt(person, row.visibleMinute, minute);
  }

  infectorOf(person: number): number | null {
    return this.#infections.find(person)?.infector ?? null;
  }

  reportLabel(person: number): "confirmed" | "asymptomatic" {
    return this.#course.reportLabel(person);
  }

  truth(): Infection[] {
    return Array.from({ length: this.#infections.count }, (_, index) => {
      const row = this.#infections.row(index);
      return {
        person: row.person,
        minute: row.minute,
        infector: row.infector,
        setting: settingOf(row.setting),
        generation: row.generation,
        mode: need(controlModes[row.mode], "a known mode"),
        visibleMinute: row.visibleMinute,
        onsetMinute: row.onsetMinute < 0 ? null : row.onsetMinute,
      };
    });
  }

  compartments(minute: number): Compartments {
    const counts = { susceptible: this.#city.personCount, exposed: 0, infectious: 0, removed: 0 };
    for (let index = 0; index < this.#infections.count; index++) {
      const row = this.#infections.row(index);
      if (row.minute > minute) continue;
      counts.susceptible -= 1;
      if (minute < row.visibleMinute) counts.exposed += 1;
      else if (minute < this.#course.clearMinute(row.person, row.visibleMinute)) counts.infectious += 1;
      else counts.removed += 1;
    }
    return counts;
  }

  snapshot(): Uint8Array {
    const modes = [...this.#controls.modes].sort((a, b) => a[0] - b[0]).flat();
    return encodeState(originOf(this.#city, this.#disease, this.#seed), {
      now: this.#now,
      sequence: this.#sequence,
      alert: this.#controls.alert,
      infections: this.#infections.rows(),
      queue: this.#queue.entries(),
      modes: Int32Array.from(modes),
      villageLevels: this.#controls.villageLevel,
      countyLevels: this.#controls.countyLevel,
    });
  }

  restore(bytes: Uint8Array): void {
    const state = decodeState(originOf(this.#city, this.#disease, this.#seed), bytes);
    this.#now = state.now;
    this.#sequence = state.sequence;
    this.#controls.alert = state.alert;
    this.#infections.load(state.infections);
    this.#queue.load(state.queue);
    this.#controls.modes.clear();
    for (let i = 0; i < state.modes.length; i += 2) {
      this.#controls.setMode(need(state.modes[i], "a person"), need(state.modes[i + 1], "a mode"));
    }
    this.#controls.villageLevel.set(state.villageLevels);
    this.#controls.countyLevel.set(state.countyLevels);
  }

  digest(): string {
    return this.#infections.digest();
  }

  #checkPerson(person: number): void {
    assert(Number.isInteger(person) && person >= 0 && person < this.#city.personCount, "no such person");
  }

  /** Everything up to `now` has fired, so a control set for `now` holds from here on. */
  #isNow(minute: number): boolean {
    assert(Number.isInteger(minute) && minute >= this.#now, "a control cannot begin in the past");
    return minute === this.#now;
  }

  #pushControl(minute: number, kind: number, subject: number, value: number): void {
    this.#sequence += 1;
    this.#queue.push(minute, kind, subject, this.#sequence, value);
  }

  #fire(entry: QueueEntry, events: SimEvent[]): void {
    const { minute, kind, a, b, c } = entry;
    if (kind === kindControl) this.#controls.setMode(a, c);
    else if (kind === kindVillage) this.#controls.villageLevel[a] = c;
    else if (kind === kindCounty) this.#controls.countyLevel[a] = c;
    else if (kind === kindAlert) this.#controls.alert = c === 1;
    else if (kind === kindSeed) this.#infect(a, minute, -1, seedSetting, events);
    else if (kind === kindOnset) events.push({ kind: "symptomOnset", minute, person: a });
    else if (kind === kindCare) this.#fireCare(a, minute, events);
    else this.#fireAttempt(a, b, c, kind - kindAttempt, minute, events);
  }

  /** A person who is already kept somewhere is looked after there and does not come to a clinic. */
  #fireCare(person: number, minute: number, events: SimEvent[]): void {
    if (this.#controls.modeOf(person) !== "free") return;
    if (!this.#course.seeksCare(person, this.#controls.alert)) return;
    events.push({ kind: "seeksCare", minute, person });
  }

  #fireAttempt(
    infector: number,
    infectee: number,
    venue: number,
    settingCode: number,
    minute: number,
    events: SimEvent[],
  ): void {
    if (this.#infections.has(infectee)) return;
    const setting = need(settings[settingCode], "a known setting");
    if (!this.#passes(infector, infectee, setting, venue, minute)) return;
    this.#infect(infectee, minute, infector, settingCode, events);
  }

  /** Thinning: a pure function of the two people, the minute and the controls now in force. */
  #passes(infector: number, infectee: number, setting: Setting, venue: number, minute: number): boolean {
    if (setting === "venue") {
      const day = Math.floor(minute / minutesPerDay);
      return this.#controls.visitHappens(infector, venue, day) && this.#controls.visitHappens(infectee, venue, day);
    }
    const factor = this.#controls.contactFactor(infector, infectee, setting);
    return factor >= 1 || uniform(this.#seed, purpose.thinning, infectee, infector, minute) < factor;
  }

  #infect(person: number, minute: number, infector: number, setting: number, events: SimEvent[]): void {
    if (this.#infections.has(person)) return;
    const course = this.#course.courseOf(person, minute);
    const source: InfectionRow | null = infector < 0 ? null : this.#infections.find(infector);
    this.#infections.add({
      person,
      minute,
      infector,
      setting,
      mode: Controls.modeCode(this.#controls.modeOf(person)),
      generation: source ? source.generation + 1 : 0,
      visibleMinute: course.visibleMinute,
      onsetMinute: course.onsetMinute ?? -1,
    });
    events.push({ kind: "infection", minute, person, infector, setting: settingOf(setting) });
    if (course.onsetMinute !== null) {
      this.#queue.push(course.onsetMinute, kindOnset, person, 0, 0);
      if (this.#course.seeksCare(person, true)) {
        this.#queue.push(this.#course.careMinute(person, course.onsetMinute), kindCare, person, 0, 0);
      }
    }
    this.#planner.plan(person, minute, course.visibleMinute, (at, where, infectee, venue) => {
      if (this.#infections.has(infectee)) return;
      this.#queue.push(at, kindAttempt + settings.indexOf(where), person, infectee, venue);
    });
  }
}

/** Creates an epidemic without infections on a city; minutes count from the local midnight that begins day 0. */
export function createEngine(city: City, disease: DiseaseModel, seed: number, startMinute: number): Engine {
  return new SparseEngine(city, disease, seed, startMinute);
}
