import { addDays, type Day } from "#kernel/time";
import type { SitrepCount, SitrepDay } from "./sitrep.model.ts";

/** A curve of more days than this is cut at its beginning; no outbreak is drawn day by day for longer. */
export const curveDaysMax = 400;

type CurveCounts = Omit<SitrepDay, "real">;

const none: SitrepCount = { confirmed: 0, asymptomatic: 0 };

/** Fills the days without a case, from the earliest day with anything (at the latest `from`) to `to`. */
export function curveSpan(input: {
  readonly days: readonly CurveCounts[];
  readonly real: readonly (SitrepCount & { readonly day: Day })[];
  readonly from: Day;
  readonly to: Day;
}): SitrepDay[] {
  const counts = new Map(input.days.map((day) => [day.day, day]));
  const real = new Map(input.real.map((day) => [day.day, day]));
  const known = [...counts.keys(), input.from].toSorted();
  const last = [...counts.keys(), input.to].toSorted().at(-1) ?? input.to;
  const span: SitrepDay[] = [];
  for (let day = known[0] ?? input.from; day <= last; day = addDays(day, 1)) {
    const count = counts.get(day);
    const happened = real.get(day);
    span.push({
      day,
      byReport: count?.byReport ?? none,
      bySampling: count?.bySampling ?? none,
      byProvenance: count?.byProvenance ?? {},
      ...(happened ? { real: { confirmed: happened.confirmed, asymptomatic: happened.asymptomatic } } : {}),
    });
  }
  return span.slice(-curveDaysMax);
}
