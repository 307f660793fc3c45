/** Lets the event loop take a turn: long work waits for it now and then, so that no other request waits for all of the work. */
export const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));
