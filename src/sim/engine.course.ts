import { uniform } from "#kernel/prng";
import type { DiseaseModel } from "./disease.model.ts";
import { purpose } from "./purposes.ts";
import { gammaOf, gammaOfShape, normalQuantile, type GammaQuantile } from "./quantiles.ts";

const dayMinutes = 1440;
/** Nobody's lowest Ct is below this, and the curve keeps two cycles between peak and cut-off. */
const ctLowest = 10;
const ctRoom = 2;

/** When one infected person turns positive, feels ill and goes to a clinic. */
export interface Course {
  readonly visibleMinute: number;
  readonly onsetMinute: number | null;
}

/**
 * The natural history of each infected person, drawn from (seed, person) alone.
 *
 * The generation time is the latent time plus an infectious delay: two gammas of the same scale, so
 * their sum is exactly the gamma the disease file names, and nobody infects before PCR could see it.
 */
export class CourseModel {
  readonly #seed: number;
  readonly #disease: DiseaseModel;
  readonly #latent: GammaQuantile;
  readonly #infectiousDelay: GammaQuantile;
  readonly #onsetDelay: GammaQuantile;
  readonly #careDelay: GammaQuantile;
  readonly #householdShape: GammaQuantile;
  readonly #communityShape: GammaQuantile;

  constructor(disease: DiseaseModel, seed: number) {
    this.#seed = seed;
    this.#disease = disease;
    const { generation, incubation, latentDays, dispersion, care } = disease;
    const scale = generation.sdDays ** 2 / generation.meanDays;
    this.#latent = gammaOfShape(latentDays / scale, scale);
    this.#infectiousDelay = gammaOfShape((generation.meanDays - latentDays) / scale, scale);
    const delayMean = incubation.meanDays - latentDays;
    const latentVariance = latentDays * scale;
    const delayVariance = Math.max(0.05, incubation.sdDays ** 2 - latentVariance);
    this.#onsetDelay = gammaOf(delayMean, Math.sqrt(delayVariance));
    this.#careDelay = gammaOf(care.delayMeanDays, care.delaySdDays);
    this.#householdShape = gammaOfShape(dispersion.household, 1 / dispersion.household);
    this.#communityShape = gammaOfShape(dispersion.community, 1 / dispersion.community);
  }

  courseOf(person: number, infectedMinute: number): Course {
    const latent = this.#latent.of(uniform(this.#seed, purpose.latent, person));
    const visibleMinute = infectedMinute + Math.max(1, Math.round(latent * dayMinutes));
    if (uniform(this.#seed, purpose.symptoms, person) >= this.#disease.symptomaticShare) {
      return { visibleMinute, onsetMinute: null };
    }
    const delay = this.#onsetDelay.of(uniform(this.#seed, purpose.incubation, person));
    return { visibleMinute, onsetMinute: visibleMinute + Math.max(1, Math.round(delay * dayMinutes)) };
  }

  /** How infectious a person is relative to the mean; one draw serves both, so a spreader is one everywhere. */
  infectiousness(person: number): { household: number; community: number } {
    const u = uniform(this.#seed, purpose.infectiousness, person);
    return { household: this.#householdShape.of(u), community: this.#communityShape.of(u) };
  }

  /** Minutes from the first positive PCR to an attempt. */
  attemptDelay(u: number): number {
    return Math.max(1, Math.round(this.#infectiousDelay.of(u) * dayMinutes));
  }

  /** The clinic visit of a person with symptoms, moved into opening hours. */
  careMinute(person: number, onsetMinute: number): number {
    const { opensAt, closesAt } = this.#disease.care;
    const delay = this.#careDelay.of(uniform(this.#seed, purpose.careDelay, person));
    const minute = onsetMinute + Math.max(1, Math.round(delay * dayMinutes));
    const midnight = Math.floor(minute / dayMinutes) * dayMinutes;
    const clock = minute - midnight;
    if (clock < opensAt) return midnight + opensAt;
    return clock < closesAt ? minute : midnight + dayMinutes + opensAt;
  }

  /** Does this person go to a clinic when ill? Everybody who goes in a calm city goes in an alarmed one. */
  seeksCare(person: number, alert: boolean): boolean {
    const { share, shareOnAlert } = this.#disease.care;
    const u = uniform(this.#seed, purpose.care, person);
    return u < (alert ? Math.max(share, shareOnAlert) : share);
  }

  /** A found infection is "confirmed" in the bulletin only with symptoms, and then only in part. */
  reportLabel(person: number): "confirmed" | "asymptomatic" {
    const { symptomaticShare, reportedAsymptomaticShare } = this.#disease;
    if (uniform(this.#seed, purpose.symptoms, person) >= symptomaticShare) return "asymptomatic";
    const share = (1 - reportedAsymptomaticShare) / symptomaticShare;
    return uniform(this.#seed, purpose.label, person) < share ? "confirmed" : "asymptomatic";
  }

  #peak(person: number): number {
    const { cutoff, peakMean, peakSd } = this.#disease.ct;
    const drawn = peakMean + peakSd * normalQuantile(uniform(this.#seed, purpose.ctPeak, person));
    return Math.min(cutoff - ctRoom, Math.max(ctLowest, drawn));
  }

  /** Ct at a minute: a straight fall from the cut-off to the peak, then a straight rise; null outside. */
  ctAt(person: number, visibleMinute: number, minute: number): number | null {
    const { cutoff, riseDays, declinePerDay } = this.#disease.ct;
    const days = (minute - visibleMinute) / dayMinutes;
    if (days < 0) return null;
    const peak = this.#peak(person);
    if (days < riseDays) return cutoff - ((cutoff - peak) * days) / riseDays;
    const ct = peak + (days - riseDays) * declinePerDay;
    return ct < cutoff ? ct : null;
  }

  /** The first minute at which PCR is negative again. */
  clearMinute(person: number, visibleMinute: number): number {
    const { cutoff, riseDays, declinePerDay } = this.#disease.ct;
    const days = riseDays + (cutoff - this.#peak(person)) / declinePerDay;
    return visibleMinute + Math.ceil(days * dayMinutes);
  }
}
