import { movableClock, wallClock } from "#platform/clocks";
import { createLog } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import { buildApp } from "#server/app";
import { identifier, type AppContext } from "#server/identity";
import { allPermissions, modules } from "#server/modules";
import { permissionTable } from "#server/roles";
import { openStream } from "#server/stream";
import { webFolder } from "#web/build";
import type { BenchWorld } from "./load.ts";

export const password = "correct horse battery";

/** Serves the pages and the API of a bench's database at a moment of its outbreak. */
export async function serve(world: BenchWorld, at: string): Promise<{ base: string; stop: () => Promise<void> }> {
  const permissionsOf = permissionTable(allPermissions(modules));
  const stream = await openStream(world.pool, () => undefined);
  const context: AppContext = {
    pool: world.pool,
    services: world.ctx("").services,
    clock: movableClock(at),
    wall: wallClock,
    permissionsOf,
    options: { secureCookies: false, webFolder },
    identify: identifier(world.pool, permissionsOf, wallClock),
  };
  const app = await buildApp({
    context,
    modules,
    log: createLog("silent"),
    metrics: createMetrics(),
    stream,
    ready: () => Promise.resolve(true),
  });
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    base,
    stop: async () => {
      await stream.close();
      await app.close();
    },
  };
}

/** The cookie of an account that logs in with the bench's password. */
export async function logIn(base: string, login: string): Promise<string> {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}
