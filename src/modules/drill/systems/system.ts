import type { Static, TSchema } from "typebox";
import type { Ctx, Tx } from "#platform/context";
import type { CityArea } from "#sim/city";
import type { DrillActor, Hand } from "../hand.ts";
import type { CityWorld } from "../world.service.ts";

/** How a system of the response stands: records that came in, done, done or open after their deadline, and still open. */
export interface SystemTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

/**
 * One system of the response beside the loop, as a drill plays it. A scenario plays it when its folder holds
 * `<name>.yaml`; the file's shape is `section`.
 */
export interface DrillSystem {
  readonly name: string;
  /** Its name as people read it, in the report. */
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly section: TSchema;
  /** Registers what the system starts with, once, before the first minute. */
  readonly setUp: ((ctx: Ctx, world: CityWorld, section: unknown) => Promise<void>) | null;
  /** The same for one county, where there is too much of it for one transaction; counties may be set up side by side. */
  readonly setUpCounty: ((ctx: Ctx, world: CityWorld, section: unknown, county: CityArea) => Promise<void>) | null;
  readonly actor: (section: unknown) => DrillActor;
  /** Kinds of tasks that this system's own work completes; the others are ticked off by the teams' rounds. */
  readonly ownTasks: readonly string[];
  readonly tally: (tx: Tx) => Promise<SystemTally>;
}

/** A system with what the scenario says about it. */
export interface PlayedSystem {
  readonly system: DrillSystem;
  readonly section: unknown;
}

/** What a system remembers between steps: its own part of the drill's memory, made empty when first asked for. */
export function memoryFor<M extends object>(hand: Hand, name: string, empty: () => M): M {
  return (hand.memory.systems[name] ??= empty()) as M;
}

/** Declares a system; the types of its section come from the schema, which the loader has checked. */
export function defineSystem<S extends TSchema>(definition: {
  readonly name: string;
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly section: S;
  readonly setUp?: (ctx: Ctx, world: CityWorld, section: Static<S>) => Promise<void>;
  readonly setUpCounty?: (ctx: Ctx, world: CityWorld, section: Static<S>, county: CityArea) => Promise<void>;
  readonly actor: (section: Static<S>) => DrillActor;
  readonly ownTasks?: readonly string[];
  readonly tally: (tx: Tx) => Promise<SystemTally>;
}): DrillSystem {
  return { setUp: null, setUpCounty: null, ownTasks: [], ...definition } as DrillSystem;
}
