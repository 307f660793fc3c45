import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

/** No page is fetched again more often than this, however fast the rows change. */
const refetchGapMs = 1500;
/** The shown clock runs on between two clock events for at most this long. */
const clockDriftMsMax = 3000;
const tickMs = 500;

export type LiveState = "connecting" | "live" | "lost";

interface ClockReading {
  readonly nowMs: number;
  readonly speed: number;
  readonly readAt: number;
}

let reading: ClockReading | null = null;
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

/** Takes the outbreak's present (from the board or the stream); `speed` is virtual minutes a real minute. */
export function readClock(now: string, speed: number): void {
  reading = { nowMs: Date.parse(now), speed, readAt: performance.now() };
  tick();
}

function tick(): void {
  if (!reading) return;
  const passed = Math.min(performance.now() - reading.readAt, clockDriftMsMax);
  shownMs = Math.round(reading.nowMs + passed * reading.speed);
  tell();
}

/** The outbreak's present in ms since 1970, running between events; 0 before the first reading. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => shownMs);
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
  const speed = "speed" in parsed ? Number(parsed.speed) : (reading?.speed ?? 1);
  readClock(String(parsed.now), speed);
}

/** Listens to the server for as long as the component stands and keeps the shown queries fresh. */
export function useLiveStream(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource("/api/v1/stream");
    const waiting = new Set<string>();
    let timer: number | undefined;
    const flush = (): void => {
      timer = undefined;
      refresh(client, new Set(waiting));
      waiting.clear();
    };
    source.addEventListener("open", () => {
      // Changes missed while the line was down are fetched once it is back.
      if (state === "lost") refresh(client, new Set());
      setState("live");
    });
    source.addEventListener("error", () => setState("lost"));
    source.addEventListener("clock", (event) => onClock(String(event.data)));
    source.addEventListener("changed", (event) => {
      for (const topic of topicsIn(String(event.data))) waiting.add(topic);
      timer ??= window.setTimeout(flush, refetchGapMs);
    });
    const ticking = window.setInterval(tick, tickMs);
    return () => {
      source.close();
      window.clearTimeout(timer);
      window.clearInterval(ticking);
      setState("connecting");
    };
  }, [client]);
}
