import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { recordVisit, type Scan } from "#modules/venues";
import { createGroup } from "#platform/group";
import { limitsOf, type Asked } from "#platform/groupcase";
import { openPool } from "#platform/db";
import { openPipeline } from "#platform/pipeline";
import { isOneOfSeveral } from "#platform/process";
import { movableClock, wallClock } from "#platform/clocks";
import { appRole } from "#platform/store";
import { allPermissions, modules } from "#server/modules";
import { permissionTable } from "#server/roles";

/**
 * A bare `node:http` server in front of the same group of calls: no router, no schema, no headers of safety, no metrics.
 * What Fastify and we cost is the difference to this.
 */
export async function serveBare(url: string, at: string): Promise<{ base: string; stop: () => Promise<void> }> {
  const limits = limitsOf(recordVisit.group, isOneOfSeveral());
  const pipeline = openPipeline(url, { role: appRole, size: limits.flightsMax });
  const pool = openPool(url, { role: appRole, size: 1 });
  const host = {
    pipeline,
    db: pool,
    clock: movableClock(at),
    wall: wallClock,
    permissionsOf: permissionTable(allPermissions(modules)),
  };
  const group = createGroup<Asked<Scan>, unknown>(limits, (asked) => recordVisit.together(host, asked));
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
      group.add({ token, kind: "api_token", input: JSON.parse(text) as Scan }).then(
        (answer) => {
          const body = JSON.stringify(answer);
          response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
          response.end(body);
        },
        (error: unknown) => {
          response.writeHead(500);
          response.end((error as Error).message);
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      await new Promise((resolve) => server.close(resolve));
      await group.close();
      await pipeline.close();
      await pool.close();
    },
  };
}
