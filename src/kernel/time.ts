import { assert } from "./assert.ts";

/** A moment: ISO 8601 UTC with milliseconds and Z, so that string order is time order. */
export type Instant = string;

/** A calendar day in the outbreak's time zone: YYYY-MM-DD. */
export type Day = string;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

let textDay = Number.NaN;
let textOfDay = "";
const pairs = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, "0"));

/**
 * Makes an instant from milliseconds since 1970 (UTC). The day's text is kept from one call to the next, because answers
 * hold thousands of moments of few days, and a Date for each took most of the time of making them.
 */
export function instantOf(epochMs: number): Instant {
  const whole = Math.trunc(epochMs);
  const day = Math.floor(whole / dayMs);
  if (day !== textDay) {
    textOfDay = new Date(whole).toISOString().slice(0, -"HH:MM:SS.mmmZ".length);
    textDay = day;
  }
  const ms = whole - day * dayMs;
  const minutes = Math.floor(ms / minuteMs);
  const rest = ms % minuteMs;
  const seconds = Math.floor(rest / 1_000);
  return `${textOfDay}${pairs[Math.floor(minutes / 60)]}:${pairs[minutes % 60]}:${pairs[seconds]}.${String(rest % 1_000).padStart(3, "0")}Z`;
}

/** Reads any ISO 8601 text with an offset as an instant; throws on anything else. */
export function parseInstant(text: string): Instant {
  const ms = Date.parse(text);
  assert(Number.isFinite(ms), `not an instant: ${text}`);
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970 (UTC). */
export function epochMs(at: Instant): number {
  return Date.parse(at);
}

export function addMinutes(at: Instant, minutes: number): Instant {
  return instantOf(epochMs(at) + minutes * minuteMs);
}

export function addHours(at: Instant, hours: number): Instant {
  return instantOf(epochMs(at) + hours * hourMs);
}

/** Minutes from `from` to `to`; negative when `to` is earlier. */
export function minutesBetween(from: Instant, to: Instant): number {
  return (epochMs(to) - epochMs(from)) / minuteMs;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const formatterCountMax = 64;

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    assert(formatters.size < formatterCountMax, "too many time zones");
    found = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formatters.set(timeZone, found);
  }
  return found;
}

/** The wall-clock parts of an instant in a zone: day YYYY-MM-DD and time HH:MM. */
export function wallClock(at: Instant, timeZone: string): { day: Day; time: string } {
  const parts: Record<string, string> = {};
  for (const part of formatter(timeZone).formatToParts(new Date(at))) parts[part.type] = part.value;
  return {
    day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
    time: `${parts["hour"]}:${parts["minute"]}`,
  };
}

/** The calendar day of an instant in a zone. */
export function dayOf(at: Instant, timeZone: string): Day {
  return wallClock(at, timeZone).day;
}

const quarterMs = 15 * minuteMs;
const quartersMax = 10_000;
const dayFunctions = new Map<string, (epochMs: number) => Day>();

/**
 * The calendar day of many moments (milliseconds since 1970) of a zone. Every zone's day begins on a quarter of an
 * hour of UTC, so one look at its wall clock does for all moments of the quarter, and is remembered.
 */
export function daysOf(timeZone: string): (epochMs: number) => Day {
  const made = dayFunctions.get(timeZone);
  if (made) return made;
  const known = new Map<number, Day>();
  const dayAt = (ms: number): Day => {
    const quarter = Math.floor(ms / quarterMs);
    let day = known.get(quarter);
    if (day === undefined) {
      if (known.size >= quartersMax) known.clear();
      day = dayOf(instantOf(quarter * quarterMs), timeZone);
      known.set(quarter, day);
    }
    return day;
  };
  if (dayFunctions.size >= formatterCountMax) dayFunctions.clear();
  dayFunctions.set(timeZone, dayAt);
  return dayAt;
}

/** The instant at which the wall clock of a zone shows `day` `time` (HH:MM). */
export function instantAt(day: Day, time: string, timeZone: string): Instant {
  const guess = Date.parse(`${day}T${time}:00.000Z`);
  assert(Number.isFinite(guess), `not a day and time: ${day} ${time}`);
  let at = guess;
  // Two passes settle zones whose offset differs between the guess and the answer.
  for (let pass = 0; pass < 2; pass++) {
    const shown = wallClock(instantOf(at), timeZone);
    at += guess - Date.parse(`${shown.day}T${shown.time}:00.000Z`);
  }
  return instantOf(at);
}

/** Adds whole calendar days. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole calendar days from `from` to `to`. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / dayMs;
}

/** The source of the present; virtual in a drill. */
export interface Clock {
  now(): Instant;
}
