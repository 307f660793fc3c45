import { addDays, daysBetween, type Day } from "#kernel/time";

/** The ISO 8601 week of a day (weeks begin on Monday; week 1 holds the year's first Thursday), as China and WHO count. */
export function isoWeek(day: Day): { readonly year: number; readonly week: number } {
  // 1970-01-05 was a Monday.
  const weekday = ((daysBetween("1970-01-05", day) % 7) + 7) % 7;
  const thursday = addDays(day, 3 - weekday);
  const year = Number(thursday.slice(0, 4));
  return { year, week: Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1 };
}
