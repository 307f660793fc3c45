import type { Day } from "#kernel/time";

/** A synthetic city to be loaded: the same order always gives the same city. */
export interface LoadOrder {
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  /** Days of visits, the last of them `until`. */
  readonly days: number;
  readonly until: Day;
  /** Scans a person and day, on average. */
  readonly visits: number;
  readonly cases: number;
  readonly contacts: number;
  /** Open tasks; some times as many closed ones lie behind them. */
  readonly tasks: number;
}

/** The parts of an order beside the city itself. */
export type LoadSizes = Omit<LoadOrder, "scenario" | "seed" | "scale">;

/** What was loaded, by table and county, so that two loads can be told apart. */
export interface LoadReport {
  readonly order: LoadOrder;
  readonly people: number;
  readonly households: number;
  readonly visits: number;
  /** The time spent on chunks, added up over those that ran side by side and over all starts. */
  readonly phases: readonly LoadPhase[];
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
  readonly databaseBytes: number;
  /** SHA-256 over counts and sums by table and county. */
  readonly digest: string;
}

export interface LoadPhase {
  readonly phase: string;
  readonly rows: number;
  readonly seconds: number;
}
