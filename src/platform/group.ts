/** Calls that arrive one by one and are done together, a group at a time. */

export interface GroupLimits {
  /** How many calls one group holds at most. */
  readonly callsMax: number;
  /** How many may wait for their turn; more are turned away. */
  readonly waitingMax: number;
  /** How many groups are under way at once. */
  readonly flightsMax: number;
  /** How long the first call of a group waits for company. */
  readonly gatherMs: number;
}

export interface Group<I, O> {
  /** Joins the next group; rejects with the error of this call, or with that of its whole group. */
  add(call: I): Promise<O>;
  /** Takes no further call and waits until every one that was taken is answered. */
  close(): Promise<void>;
}

/** The group's waiting room is full, or closed. */
export class GroupFull extends Error {
  constructor() {
    super("no more calls may wait");
    this.name = "GroupFull";
  }
}

interface Waiter<O> {
  readonly resolve: (answer: O) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers calls and hands them to `run`, which answers each of them by its place. What `run` throws fails the calls of
 * that group and no other.
 */
export function createGroup<I, O>(
  limits: GroupLimits,
  run: (calls: readonly I[]) => Promise<readonly (O | Error)[]>,
): Group<I, O> {
  let calls: I[] = [];
  let waiters: Waiter<O>[] = [];
  let flights = 0;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  let idle: (() => void) | null = null;

  async function fly(group: readonly I[], whose: readonly Waiter<O>[]): Promise<void> {
    flights += 1;
    try {
      const answers = await run(group);
      whose.forEach(({ resolve, reject }, i) => {
        const answer = answers[i];
        if (answer instanceof Error) reject(answer);
        else if (answer === undefined) reject(new Error("a call of a group was not answered"));
        else resolve(answer);
      });
    } catch (error) {
      for (const { reject } of whose) reject(error as Error);
    }
    flights -= 1;
    start();
    if (flights === 0 && calls.length === 0) idle?.();
  }

  /** Sends as many groups on their way as there may be. */
  function start(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    while (flights < limits.flightsMax && calls.length > 0) {
      const group = calls.slice(0, limits.callsMax);
      const whose = waiters.slice(0, limits.callsMax);
      calls = calls.slice(limits.callsMax);
      waiters = waiters.slice(limits.callsMax);
      void fly(group, whose);
    }
  }

  return {
    add(call) {
      if (closed || calls.length >= limits.waitingMax) return Promise.reject(new GroupFull());
      calls.push(call);
      const answer = new Promise<O>((resolve, reject) => waiters.push({ resolve, reject }));
      if (flights < limits.flightsMax) {
        if (calls.length >= limits.callsMax) start();
        else timer ??= setTimeout(start, limits.gatherMs);
      }
      return answer;
    },
    async close() {
      closed = true;
      start();
      if (flights === 0) return;
      await new Promise<void>((resolve) => (idle = resolve));
    },
  };
}
