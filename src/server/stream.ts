import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Instant } from "#kernel/time";
import type { Pool } from "#platform/db";

const streamCountMax = 2_000;
/** Changes that come together are told together: first soon, then at most four times a second. */
const firstFlushMs = 25;
const restMs = 250;
const heartbeatMs = 15_000;
const reconnectMs = 1_000;

/** The live stream: tells browsers which topics changed, so that they ask again for what they show. */
export interface LiveStream {
  /** False when the server already feeds as many browsers as it may. */
  add(response: ServerResponse): boolean;
  close(): Promise<void>;
}

/**
 * Listens to PostgreSQL's notifications (so it works with several server processes) and passes them on, gathered,
 * a moment after the first and then at most four times a second. `onClock` hears the drill's clock.
 */
export async function openStream(pool: Pool, onClock: (at: Instant) => void): Promise<LiveStream> {
  const responses = new Set<ServerResponse>();
  const topics = new Set<string>();
  let now: Instant | null = null;
  /** Runs until what was gathered is told, and after that while the stream rests. */
  let pause: NodeJS.Timeout | null = null;
  let closed = false;
  let release: (() => Promise<void>) | null = null;

  async function listen(): Promise<void> {
    const connection = await pool.connect();
    release = connection.release;
    connection.client.on("notification", (message) => {
      const payload = message.payload ?? "";
      if (payload.startsWith("clock:")) {
        now = payload.slice(6);
        onClock(now);
      } else topics.add(payload.split(".")[0] ?? "");
      pause ??= setTimeout(flush, firstFlushMs);
    });
    connection.client.on("end", () => {
      if (!closed) void listenAgain();
    });
    await connection.sql.script("listen wuyang");
  }
  /** The database went away (a restart, a fail-over): tries until it listens again, then has every browser ask anew. */
  async function listenAgain(): Promise<void> {
    let back = false;
    while (!closed && !back) {
      await sleep(reconnectMs, undefined, { ref: false });
      back = await listen().then(
        () => true,
        () => false,
      );
    }
    // What changed meanwhile nobody heard; a browser whose line breaks comes back and fetches what it shows.
    for (const response of responses) response.end();
  }
  function flush(): void {
    let text = "";
    if (topics.size > 0) text += `event: changed\ndata: ${JSON.stringify({ topics: [...topics].toSorted() })}\n\n`;
    if (now !== null) text += `event: clock\ndata: ${JSON.stringify({ now })}\n\n`;
    topics.clear();
    now = null;
    for (const response of responses) response.write(text);
    pause = setTimeout(rested, restMs);
  }
  function rested(): void {
    pause = null;
    if (topics.size > 0 || now !== null) flush();
  }
  await listen();

  const heartbeat = setInterval(() => {
    for (const response of responses) response.write(": still here\n\n");
  }, heartbeatMs);

  return {
    add(response) {
      if (responses.size >= streamCountMax) return false;
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      response.write("retry: 2000\n\n");
      responses.add(response);
      response.on("close", () => responses.delete(response));
      return true;
    },
    async close() {
      closed = true;
      if (pause) clearTimeout(pause);
      clearInterval(heartbeat);
      for (const response of responses) response.end();
      await release?.();
    },
  };
}
