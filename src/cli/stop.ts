import { isOneOfSeveral } from "#platform/process";

/** What who started several processes sends to one of them that is to end. */
export const stopWord = "stop";

/** One of several that could not start ends only when nothing joins it to who started it. */
export function leaveOthers(): void {
  if (isOneOfSeveral()) process.disconnect();
}

function ended(stop: () => Promise<void>): void {
  stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`wuyang: ${(error as Error).message}\n`);
      process.exit(1);
    },
  );
}

/**
 * Ends in order when asked to; a second signal, of either kind, ends at once. One of several processes is told by who
 * started it, and ends too when that one is gone: a Ctrl+C reaches all of them at once and is answered there.
 */
export function onStop(stop: () => Promise<void>): void {
  let asked = false;
  const alone = !isOneOfSeveral();
  const end = (): void => {
    if (asked && alone) process.exit(1);
    if (!asked) ended(stop);
    asked = true;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, alone ? end : () => undefined);
  if (alone) return;
  process.on("message", (word) => {
    if (word === stopWord) end();
  });
  process.on("disconnect", end);
}
