/** Lets the event loop take a turn. */
export const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));

/**
 * Does long work that says where it may be interrupted: at each `yield` the event loop takes a turn, so that no other
 * request of the process waits for all of it.
 */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await breathe();
  }
}
