import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { minuteMs } from "#kernel/time";

/** No page is fetched again more often than this, however fast the rows change. */
const refetchGapMs = 1500;
const tickMs = 500;
const reopenMs = 3000;

export type LiveState = "connecting" | "live" | "lost";

interface ClockReading {
  readonly nowMs: number;
  readonly readAt: number;
}

/** Over how long the pace of a drill's clock is measured. */
const paceWindowMs = 10_000;

let reading: ClockReading | null = null;
/** True once the stream tells the time: a drill, whose clock is only ever shown as told. */
let told = false;
let guessed = false;
let paceFrom: ClockReading | null = null;
let pace = 1;
let state: LiveState = "connecting";
let shownMs = 0;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

function setState(next: LiveState): void {
  state = next;
  tell();
}

/** A reading this much older than the last is another clock (a drill begun anew), not an answer that came late. */
const lateMsMax = 6 * 3_600_000;

/** Takes a time nobody told us, until the server tells its own. */
export function guessClock(now: string): void {
  if (reading) return;
  guessed = true;
  reading = { nowMs: Date.parse(now), readAt: performance.now() };
  tick();
}

/** Takes the outbreak's present. An answer that comes late must not turn the clock back. */
export function readClock(now: string): void {
  const nowMs = Date.parse(now);
  // A server of another version than the page may not tell the time: no clock is better than a broken page.
  if (Number.isNaN(nowMs)) return;
  if (reading && !guessed && nowMs < reading.nowMs && reading.nowMs - nowMs < lateMsMax) return;
  guessed = false;
  reading = { nowMs, readAt: performance.now() };
  tick();
}

/** Learns from the stream's own readings how fast a drill's clock runs. */
function measurePace(next: ClockReading): void {
  if (paceFrom && next.nowMs < paceFrom.nowMs) paceFrom = null;
  if (paceFrom && next.readAt - paceFrom.readAt > paceWindowMs) {
    pace = (next.nowMs - paceFrom.nowMs) / (next.readAt - paceFrom.readAt);
    paceFrom = next;
  }
  paceFrom ??= next;
}

function tick(): void {
  if (!reading) return;
  shownMs = Math.round(reading.nowMs + (told ? 0 : performance.now() - reading.readAt));
  tell();
}

/** The outbreak's present in ms since 1970, running on by itself outside a drill; 0 before the first reading. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => shownMs);
}

/** The outbreak's present to the minute: for what says it in minutes, and would otherwise be drawn anew each second. */
export function useNowMinuteMs(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(shownMs / minuteMs) * minuteMs);
}

/** How many times faster than the wall clock a drill's clock runs, to two figures; 1 before it is known. */
export function usePace(): number {
  return useSyncExternalStore(subscribe, () => Number(pace.toPrecision(2)));
}

/** Whether the page hears the server. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}

function topicsIn(data: string): string[] {
  try {
    const parsed: unknown = JSON.parse(data);
    if (typeof parsed === "object" && parsed !== null && "topics" in parsed) {
      return Array.isArray(parsed.topics) ? parsed.topics.map(String) : [];
    }
  } catch {
    // An unreadable event still says that something changed.
  }
  return [];
}

/** Fetches again what the topics name; a query names its topics in `meta.topics` and none means any. */
function refresh(client: QueryClient, topics: ReadonlySet<string>): void {
  void client.invalidateQueries(
    {
      predicate: (query) => {
        const own = query.meta?.["topics"];
        if (!Array.isArray(own)) return false;
        return own.length === 0 || topics.size === 0 || own.some((topic) => topics.has(String(topic)));
      },
    },
    { cancelRefetch: false },
  );
}

function onClock(data: string): void {
  const parsed: unknown = JSON.parse(data);
  if (typeof parsed !== "object" || parsed === null || !("now" in parsed)) return;
  told = true;
  readClock(String(parsed.now));
  if (reading) measurePace(reading);
}

/** Opens the stream and opens it again for ever; returns what ends it. */
function listen(onChanged: (topics: readonly string[]) => void, onBack: () => void): () => void {
  let source: EventSource | null = null;
  let retry: number | undefined;
  const open = (): void => {
    const made = new EventSource("/api/v1/stream");
    source = made;
    made.addEventListener("open", () => {
      if (state === "lost") onBack();
      setState("live");
    });
    made.addEventListener("error", () => {
      setState("lost");
      // A browser tries again by itself after a broken line, but not after a refusal (a session that ended).
      if (made.readyState !== EventSource.CLOSED) return;
      onBack();
      retry = window.setTimeout(open, reopenMs);
    });
    made.addEventListener("clock", (event) => onClock(String(event.data)));
    made.addEventListener("changed", (event) => onChanged(topicsIn(String(event.data))));
  };
  open();
  return () => {
    window.clearTimeout(retry);
    source?.close();
    setState("connecting");
  };
}

/** Listens to the server for as long as the component stands and keeps the shown queries fresh. */
export function useLiveStream(): void {
  const client = useQueryClient();
  useEffect(() => {
    const waiting = new Set<string>();
    let timer: number | undefined;
    const flush = (): void => {
      timer = undefined;
      refresh(client, new Set(waiting));
      waiting.clear();
    };
    const end = listen(
      (topics) => {
        for (const topic of topics) waiting.add(topic);
        timer ??= window.setTimeout(flush, refetchGapMs);
      },
      // Changes missed while the line was down are fetched once it is back.
      () => refresh(client, new Set()),
    );
    const ticking = window.setInterval(tick, tickMs);
    return () => {
      end();
      window.clearTimeout(timer);
      window.clearInterval(ticking);
    };
  }, [client]);
}
