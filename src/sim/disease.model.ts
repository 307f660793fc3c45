import type { ControlMode, CountyLevel, Setting, VillageLevel } from "./engine.model.ts";

/** What is left of contact in each setting: 1 is everything, 0 nothing. */
export type SettingFactors = Readonly<Record<Setting, number>>;

/** A disease as the engine needs it; all of it comes from a scenario's data file. */
export interface DiseaseModel {
  readonly name: string;
  /** Infection to the first positive PCR; must be shorter than the generation time. */
  readonly latentDays: number;
  /** Infection to onset, for those with symptoms. */
  readonly incubation: { readonly meanDays: number; readonly sdDays: number };
  /** Infection of the infector to infection of the infectee, without control. */
  readonly generation: { readonly meanDays: number; readonly sdDays: number };
  /** Mean attempts of one infected person over the whole course; household: per housemate. */
  readonly attempts: SettingFactors;
  /** Gamma shape of the infectiousness between people; small is more superspreading. */
  readonly dispersion: { readonly household: number; readonly community: number };
  /** Share of school contact that goes on (holidays). */
  readonly schoolShare: number;
  /** Share of far meetings that stay inside the county. */
  readonly farInCountyShare: number;
  /** Mean distance between neighbours who meet, counted in people. */
  readonly neighbourReach: number;
  readonly symptomaticShare: number;
  /** Share of all infections that the bulletin counts as asymptomatic. */
  readonly reportedAsymptomaticShare: number;
  readonly care: {
    /** Share of people with symptoms who go to a clinic. */
    readonly share: number;
    /** The same once the city is alarmed. */
    readonly shareOnAlert: number;
    readonly delayMeanDays: number;
    readonly delaySdDays: number;
    /** Minutes after midnight. */
    readonly opensAt: number;
    readonly closesAt: number;
  };
  readonly ct: {
    /** Positive below this cycle number. */
    readonly cutoff: number;
    readonly peakMean: number;
    readonly peakSd: number;
    /** First positive to the lowest Ct. */
    readonly riseDays: number;
    /** Cycles a day after the lowest Ct. */
    readonly declinePerDay: number;
  };
  /** What is left of each setting's contact when a person is kept so. */
  readonly control: Readonly<Record<ControlMode, SettingFactors>>;
  readonly village: Readonly<Record<VillageLevel, SettingFactors>>;
  readonly county: Readonly<Record<CountyLevel, SettingFactors>>;
}
