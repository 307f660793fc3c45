import type { TFunction } from "i18next";
import type { Instant } from "#kernel/time";

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "longOffset",
    });
    formatters.set(timeZone, found);
  }
  return found;
}

export interface WallTime {
  readonly day: string;
  /** MM-DD. */
  readonly shortDay: string;
  /** HH:MM. */
  readonly time: string;
  /** +08:00. */
  readonly offset: string;
}

/** The wall clock of the outbreak's zone at an instant, with its offset from UTC. */
export function wallTime(at: Instant, timeZone: string): WallTime {
  const parts: Record<string, string> = {};
  for (const part of formatter(timeZone).formatToParts(new Date(at))) parts[part.type] = part.value;
  const text = (name: string): string => parts[name] ?? "";
  const offset = text("timeZoneName").replace("GMT", "");
  return {
    day: `${text("year")}-${text("month")}-${text("day")}`,
    shortDay: `${text("month")}-${text("day")}`,
    time: `${text("hour")}:${text("minute")}`,
    offset: offset === "" ? "+00:00" : offset,
  };
}

/** A length of time in the two largest units that say something: 45 min, 3 h 05, 2 d 4 h. */
export function durationText(t: TFunction, minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined) return "–";
  const whole = Math.round(Math.abs(minutes));
  if (whole < 60) return t("common.duration.minutes", { minutes: whole });
  const hours = Math.floor(whole / 60);
  if (hours < 48) {
    return t("common.duration.hours", { hours, minutes: String(whole % 60).padStart(2, "0") });
  }
  return t("common.duration.days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** 0.934 → 93 %; never shows 100 % while one is late. */
export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  const percent = share < 1 ? Math.min(99, Math.round(share * 100)) : 100;
  return `${percent}%`;
}

/** 12345 → 12,345 in both languages. */
export function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toLocaleString("en-US");
}

/** A difference with its sign: +3, −12. */
export function signedText(value: number): string {
  return value > 0 ? `+${numberText(value)}` : value < 0 ? `−${numberText(-value)}` : "0";
}
