import type { AreaCode } from "#kernel/area";
import { assert } from "#kernel/assert";
import type { Tx } from "./context.ts";

/** An event as a use case emits it. */
export interface EventInput {
  readonly name: string;
  readonly outbreakId?: string;
  readonly areaCode: AreaCode;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly data: object;
}

/** An event as it is stored. */
export interface StoredEvent extends EventInput {
  readonly id: string;
  readonly at: string;
}

export type Reaction<D = never> = (tx: Tx, event: StoredEvent & { readonly data: D }) => Promise<void>;
export type Duty = (tx: Tx) => Promise<void>;

/** A duty that repeats on the outbreak's clock, such as escalating what is late. */
export interface RepeatingDuty {
  readonly name: string;
  readonly everyMinutes: number;
  readonly run: Duty;
}

/** Which module reacts to which event, in the order the modules were registered. */
export interface Bus {
  on<D>(eventName: string, module: string, reaction: Reaction<D>): void;
  every(everyMinutes: number, name: string, run: Duty): void;
  reactions(eventName: string): readonly Reaction<object>[];
  readonly duties: readonly RepeatingDuty[];
}

/** Makes an empty bus; the composition root registers the modules in their order. */
export function createBus(): Bus {
  const byName = new Map<string, Reaction<object>[]>();
  const duties: RepeatingDuty[] = [];
  return {
    on(eventName, _module, reaction) {
      const list = byName.get(eventName) ?? [];
      list.push(reaction as unknown as Reaction<object>);
      byName.set(eventName, list);
    },
    every(everyMinutes, name, run) {
      assert(everyMinutes >= 1, "a duty repeats at most once a minute");
      assert(!duties.some((duty) => duty.name === name), `duty ${name} is registered twice`);
      duties.push({ name, everyMinutes, run });
    },
    reactions: (eventName) => byName.get(eventName) ?? [],
    duties,
  };
}
