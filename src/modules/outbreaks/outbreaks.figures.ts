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
  // Both percentiles from one sort, and of floating numbers: two sorts of numerics took three times as long.
  return `select arrow, n, round((percentiles)[1]::numeric, 1) as "medianMin", round((percentiles)[2]::numeric, 1) as "p90Min",
      "inTime", "lateOpen"
    from (
      select arrow, count(minutes)::int as n, percentile_cont(array[0.5, 0.9]) within group (order by minutes) as percentiles,
        (count(*) filter (where minutes <= target))::int as "inTime",
        (count(*) filter (where minutes is null and waited > target))::int as "lateOpen"
      from (
        select arrow, case when stop is not null then greatest(date_part('epoch', stop - start) / 60, 0) end as minutes,
          date_part('epoch', $2::timestamptz - start) / 60 as waited, ($1::jsonb ->> arrow)::float8 as target
        from (${pairs}) pair where start is not null
      ) span group by arrow
    ) figures order by arrow`;
}
