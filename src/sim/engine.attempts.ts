import { need } from "#kernel/assert";
import { uniform } from "#kernel/prng";
import { at } from "./arrays.ts";
import { minutesPerDay } from "./city.ts";
import type { City, CityArea, Household, Visit } from "./city.model.ts";
import type { DiseaseModel } from "./disease.model.ts";
import type { CourseModel } from "./engine.course.ts";
import { settings, type Setting } from "./engine.model.ts";
import { purpose } from "./purposes.ts";
import { poissonQuantile } from "./quantiles.ts";

/** Takes one planned attempt; `venue` is −1 outside venues. */
export type AttemptSink = (minute: number, setting: Setting, infectee: number, venue: number) => void;

/** A venue attempt lands on a day near the drawn one on which the infector goes out, tried in this order. */
const dayOffsets = [0, 1, -1, 2, -2];
/** A venue with more regulars than this is sampled, not listed. */
const listedRegularsMax = 256;
const sampleTriesMax = 256;

/**
 * Plans every transmission attempt of one infected person at the moment of infection. Who, where and
 * when are pure hashes of (seed, infector, setting, attempt); controls only thin them when they fire.
 */
export class AttemptPlanner {
  readonly #city: City;
  readonly #disease: DiseaseModel;
  readonly #course: CourseModel;
  readonly #seed: number;

  constructor(city: City, disease: DiseaseModel, course: CourseModel, seed: number) {
    this.#city = city;
    this.#disease = disease;
    this.#course = course;
    this.#seed = seed;
  }

  plan(person: number, infectedMinute: number, visibleMinute: number, sink: AttemptSink): void {
    const factor = this.#course.infectiousness(person);
    const household = this.#city.householdOf(person);
    this.#planHousehold(person, household, factor.household, visibleMinute, sink);
    const { attempts } = this.#disease;
    this.#each(person, "team", factor.community * this.#teamAttempts(person), visibleMinute, (minute, n) => {
      const mate = this.#teamMate(person, n);
      if (mate >= 0) sink(minute, "team", mate, -1);
    });
    this.#each(person, "venue", factor.community * attempts.venue, visibleMinute, (minute, n) => {
      this.#planVenue(person, n, minute, infectedMinute, sink);
    });
    this.#each(person, "neighbourhood", factor.community * attempts.neighbourhood, visibleMinute, (minute, n) => {
      const neighbour = this.#neighbour(person, household, n);
      if (neighbour >= 0) sink(minute, "neighbourhood", neighbour, -1);
    });
    this.#each(person, "far", factor.community * attempts.far, visibleMinute, (minute, n) => {
      const other = this.#farPerson(person, n);
      if (other !== person) sink(minute, "far", other, -1);
    });
  }

  #planHousehold(person: number, household: Household, factor: number, visibleMinute: number, sink: AttemptSink): void {
    const mean = this.#disease.attempts.household * factor;
    for (let mate = household.first; mate < household.end; mate++) {
      if (mate === person) continue;
      const count = poissonQuantile(uniform(this.#seed, purpose.householdCount, person, mate), mean);
      for (let n = 0; n < count; n++) {
        const u = uniform(this.#seed, purpose.householdTime, person, mate, n);
        sink(visibleMinute + this.#course.attemptDelay(u), "household", mate, -1);
      }
    }
  }

  /** Calls back for each attempt of a setting with its minute and number. */
  #each(
    person: number,
    setting: Setting,
    mean: number,
    visibleMinute: number,
    found: (minute: number, n: number) => void,
  ): void {
    if (mean <= 0) return;
    const code = settings.indexOf(setting);
    const count = poissonQuantile(uniform(this.#seed, purpose.settingCount, person, code), mean);
    for (let n = 0; n < count; n++) {
      const u = uniform(this.#seed, purpose.settingTime, person, code, n);
      found(visibleMinute + this.#course.attemptDelay(u), n);
    }
  }

  #who(person: number, setting: Setting, n: number, extra: number): number {
    return uniform(this.#seed, purpose.settingWho, person, settings.indexOf(setting) + 8 * extra, n);
  }

  #teamAttempts(person: number): number {
    const team = this.#city.teamOf(person);
    if (!team || team.size < 2) return 0;
    return this.#disease.attempts.team * (team.school ? this.#disease.schoolShare : 1);
  }

  #teamMate(person: number, n: number): number {
    const team = this.#city.teamOf(person);
    if (!team || team.size < 2) return -1;
    const members = this.#city.teamMembers(team.index);
    const drawn = at(members, Math.floor(this.#who(person, "team", n, 0) * (team.size - 1)));
    // The last member stands in for the infector, so that every mate is equally likely.
    return drawn === person ? at(members, team.size - 1) : drawn;
  }

  #neighbour(person: number, household: Household, n: number): number {
    const village = need(this.#city.villages[this.#city.villageOf(person)], "the person's village");
    const size = village.endPerson - village.firstPerson;
    const u = this.#who(person, "neighbourhood", n, 0);
    const distance = 1 + Math.floor(-Math.log(u) * this.#disease.neighbourReach);
    const after = uniform(this.#seed, purpose.settingSide, person, n) < 0.5;
    const place = after ? household.end - 1 + distance : household.first - distance;
    const offset = (((place - village.firstPerson) % size) + size) % size;
    const neighbour = village.firstPerson + offset;
    return neighbour >= household.first && neighbour < household.end ? -1 : neighbour;
  }

  #farPerson(person: number, n: number): number {
    const inCounty = this.#who(person, "far", n, 1) < this.#disease.farInCountyShare;
    const range = inCounty ? this.#countyRange(person) : { firstPerson: 0, endPerson: this.#city.personCount };
    const size = range.endPerson - range.firstPerson;
    return range.firstPerson + Math.floor(this.#who(person, "far", n, 0) * size);
  }

  #countyRange(person: number): CityArea {
    return need(this.#city.counties[this.#city.countyOf(person)], "the person's county");
  }

  #planVenue(person: number, n: number, drawnMinute: number, infectedMinute: number, sink: AttemptSink): void {
    const visit = this.#visitNear(person, n, drawnMinute, infectedMinute);
    if (!visit) return;
    const met = this.#fellowVisitor(person, n, visit, infectedMinute);
    if (met) sink(met.minute, "venue", met.person, visit.venue);
  }

  /** One of the infector's stays on the drawn day, or on the nearest day with a stay after the infection. */
  #visitNear(person: number, n: number, drawnMinute: number, infectedMinute: number): Visit | null {
    const day = Math.floor(drawnMinute / minutesPerDay);
    for (const offset of dayOffsets) {
      const visits = this.#city.visits(person, day + offset).filter((visit) => visit.fromMinute > infectedMinute);
      if (visits.length === 0) continue;
      const pick = Math.floor(this.#who(person, "venue", n, 1) * visits.length);
      return need(visits[pick], "a stay of the day");
    }
    return null;
  }

  /** Somebody else at the venue at the same time; each is equally likely. */
  #fellowVisitor(
    person: number,
    n: number,
    visit: Visit,
    infectedMinute: number,
  ): { person: number; minute: number } | null {
    const day = Math.floor(visit.fromMinute / minutesPerDay);
    const count = this.#city.regularCount(visit.venue);
    const meet = (other: number): number => {
      if (other === person) return -1;
      const theirs = this.#city.visitTo(other, visit.venue, day);
      if (!theirs) return -1;
      const minute = Math.max(visit.fromMinute, theirs.fromMinute);
      return minute < Math.min(visit.toMinute, theirs.toMinute) && minute > infectedMinute ? minute : -1;
    };
    if (count > listedRegularsMax) {
      for (let attempt = 0; attempt < sampleTriesMax; attempt++) {
        const u = uniform(this.#seed, purpose.settingSide, person, n, attempt + 1);
        const other = this.#city.regularAt(visit.venue, Math.floor(u * count));
        const minute = meet(other);
        if (minute >= 0) return { person: other, minute };
      }
      return null;
    }
    const met: { person: number; minute: number }[] = [];
    for (let i = 0; i < count; i++) {
      const other = this.#city.regularAt(visit.venue, i);
      const minute = meet(other);
      if (minute >= 0) met.push({ person: other, minute });
    }
    return met[Math.floor(this.#who(person, "venue", n, 0) * met.length)] ?? null;
  }
}
