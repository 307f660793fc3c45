import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** How long a request in hand may still take once the server is asked to end. */
const requestMsMax = 4_000;
const lookMs = 50;
/** How long the server's parts may take to end; orchestrators kill ten seconds after they asked. */
const partMsMax = 5_000;

/**
 * Has `app.close()` end every connection: at once those on which nobody has asked anything, the others as soon as they
 * are answered, and after `msMax` whatever is left. Node counts a connection that has never carried a request as busy for
 * a minute, and browsers open such ones to spare; and it keeps one that is answered while it closes for the next request.
 */
export function endConnections(app: FastifyInstance, msMax: number = requestMsMax): void {
  const connections = new Set<Socket>();
  app.server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  app.addHook("preClose", async () => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    const looks = setInterval(() => app.server.closeIdleConnections(), lookMs);
    const late = setTimeout(() => app.server.closeAllConnections(), msMax);
    app.server.once("close", () => {
      clearInterval(looks);
      clearTimeout(late);
    });
    looks.unref();
    late.unref();
  });
}

/**
 * Ends parts side by side and names those that had not ended in time. What they leave is as after a kill: an open
 * transaction is rolled back, a job is given back to the queue.
 */
export async function endParts(
  parts: Readonly<Record<string, () => Promise<unknown>>>,
  msMax: number = partMsMax,
): Promise<string[]> {
  const left = new Set(Object.keys(parts));
  const ended = Object.entries(parts).map(async ([name, end]) => {
    await end();
    left.delete(name);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, msMax)));
  await Promise.race([Promise.allSettled(ended), late]);
  clearTimeout(timer);
  return [...left];
}
