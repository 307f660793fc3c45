/** What a drill comes to, as `summary.json` holds it. */
export interface DrillSummary {
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  readonly protocol: string;
  readonly people: number;
  readonly firstPositive: string | null;
  readonly communityZero: string | null;
  readonly allClear: string | null;
  readonly peak: { readonly date: string; readonly new: number } | null;
  readonly total: { readonly confirmed: number; readonly asymptomatic: number };
  readonly clocks: Readonly<Record<string, ClockFigure>>;
  readonly invariants: Readonly<Record<string, { readonly checked: number; readonly broken: number }>>;
  /** How each system beside the loop stands at the end, by its name. */
  readonly systems: Readonly<Record<string, SystemFigure>>;
  readonly rounds: readonly RoundFigure[];
  readonly days: readonly DayFigure[];
  readonly counts: Readonly<Record<string, number>>;
  /** Infections that truly happened, which no office ever sees. */
  readonly truth: { readonly infections: number; readonly beforeFirstPositive: number };
  readonly digest: string;
}

export interface ClockFigure {
  readonly n: number;
  readonly medianMin: number | null;
  readonly p90Min: number | null;
  readonly inTimeShare: number | null;
}

export interface SystemFigure {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

export interface RoundFigure {
  readonly no: number;
  readonly areaCode: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly due: number;
  readonly sampled: number;
  readonly positives: number;
}

export interface DayFigure {
  readonly date: string;
  readonly confirmed: number;
  readonly asymptomatic: number;
  readonly real: number | null;
}
