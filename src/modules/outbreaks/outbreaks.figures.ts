import type { Instant } from "#kernel/time";

/** What a module counts for the reports: one cell, or one record's part of it when `subjectId` is not empty. */
export interface CountedFigure<F extends string> {
  readonly subjectId: string;
  readonly figure: F;
  /** County. */
  readonly areaCode: string;
  readonly detail: string;
  readonly value: number;
}

/** Which records are counted: those named, or all of the outbreak in an area. */
export interface FigureScope {
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly ids?: readonly string[];
}

/** How long one arrow of the loop took. */
export interface DelayRow {
  readonly arrow: string;
  /** Finished ones. */
  readonly n: number;
  readonly medianMin: number | null;
  readonly p90Min: number | null;
  readonly inTime: number;
  /** Not finished and past the target. */
  readonly lateOpen: number;
}

/** Which arrows to measure: targets in minutes by arrow, on what started in an area since a moment. */
export interface DelayScope {
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly since: Instant | null;
  readonly targets: Readonly<Record<string, number>>;
}

/**
 * Wraps a query of (arrow, start, stop) so that it gives `DelayRow`s: $1 the targets as jsonb, $2 the
 * present. An arrow without a target has nothing in time and nothing late.
 */
export function delaysOf(pairs: string): string {
  return `select arrow, count(minutes)::int as n,
      round(percentile_cont(0.5) within group (order by minutes)::numeric, 1) as "medianMin",
      round(percentile_cont(0.9) within group (order by minutes)::numeric, 1) as "p90Min",
      (count(*) filter (where minutes <= target))::int as "inTime",
      (count(*) filter (where minutes is null and waited > target))::int as "lateOpen"
    from (
      select arrow, case when stop is not null then greatest(extract(epoch from stop - start) / 60, 0)::float8 end as minutes,
        (extract(epoch from $2::timestamptz - start) / 60)::float8 as waited, ($1::jsonb ->> arrow)::float8 as target
      from (${pairs}) pair where start is not null
    ) span group by arrow order by arrow`;
}
