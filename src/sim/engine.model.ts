/** Where a person is kept; `free` is everybody at the start. */
export const controlModes = ["free", "held", "homeQuarantine", "centralQuarantine", "hospital"] as const;
export type ControlMode = (typeof controlModes)[number];

/** The risk level of a village. */
export const villageLevels = ["none", "low", "medium", "high"] as const;
export type VillageLevel = (typeof villageLevels)[number];

/** The contact reduction ordered for a county. */
export const countyLevels = ["none", "reduced", "lockdown"] as const;
export type CountyLevel = (typeof countyLevels)[number];

/** Where a transmission happens; `far` is a chance meeting anywhere in the county or city. */
export const settings = ["household", "team", "venue", "neighbourhood", "far"] as const;
export type Setting = (typeof settings)[number];

/** What the epidemic lets the world see; minutes count from the local midnight that begins day 0. */
export type SimEvent =
  | {
      readonly kind: "infection";
      readonly minute: number;
      readonly person: number;
      /** −1 for a seed. */
      readonly infector: number;
      readonly setting: Setting | "seed";
    }
  | { readonly kind: "symptomOnset"; readonly minute: number; readonly person: number }
  | { readonly kind: "seeksCare"; readonly minute: number; readonly person: number };

/** One infection as it truly was: what the operations system never sees. */
export interface Infection {
  readonly person: number;
  readonly minute: number;
  /** −1 for a seed. */
  readonly infector: number;
  readonly setting: Setting | "seed";
  /** 0 for a seed. */
  readonly generation: number;
  /** How the person was kept at that minute. */
  readonly mode: ControlMode;
  /** First minute with a positive PCR. */
  readonly visibleMinute: number;
  /** First minute of symptoms; null when there never are any. */
  readonly onsetMinute: number | null;
}

export interface Compartments {
  readonly susceptible: number;
  /** Infected, PCR still negative. */
  readonly exposed: number;
  /** PCR positive. */
  readonly infectious: number;
  /** PCR negative again. */
  readonly removed: number;
}

/** One epidemic on one city. Calls must come in time order; `now` is the last minute advanced to. */
export interface Engine {
  readonly now: number;
  readonly infectionCount: number;
  /** Infects the people at a minute that is later than `now`. */
  seeds(persons: readonly number[], minute: number): void;
  /** Fires every event up to and including the minute and returns what could be seen, in order. */
  advanceTo(minute: number): SimEvent[];
  /** The minute of the next event inside the engine; Infinity when there is none. */
  nextEventMinute(): number;
  /** Changes how a person is kept, for all events after the minute (which is not before `now`). */
  setControl(person: number, mode: ControlMode, minute: number): void;
  /** Changes the level of a village (index or 12-digit code). */
  setVillageControl(village: number | string, level: VillageLevel, minute: number): void;
  /** Changes the level of a county (6-digit code). */
  setCountyControl(county: string, level: CountyLevel, minute: number): void;
  /** Whether people with symptoms go to a clinic as often as in an alarmed city. */
  setAlert(alert: boolean, minute: number): void;
  controlOf(person: number): ControlMode;
  /** Does this stay take place under the controls in force now? Check-ins and transmission agree on it. */
  visitHappens(person: number, venue: number, day: number): boolean;
  isInfected(person: number, minute: number): boolean;
  infectedAt(person: number): number | null;
  /** Ct of a swab taken at the minute; null when PCR is negative. */
  ctAt(person: number, minute: number): number | null;
  /** −1 for a seed, null when never infected. */
  infectorOf(person: number): number | null;
  /** What the bulletin will call this infection if the person is found: with symptoms or without. */
  reportLabel(person: number): "confirmed" | "asymptomatic";
  /** Every infection so far, in order of time. */
  truth(): Infection[];
  compartments(minute: number): Compartments;
  snapshot(): Uint8Array;
  /** Takes over the state of a snapshot of the same city, disease and seed. */
  restore(bytes: Uint8Array): void;
  /** 64 bits in hex over every (person, minute, infector), whatever their order. */
  digest(): string;
}
