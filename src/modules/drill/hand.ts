import type { AreaCode } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Protocol } from "#domain/outbreaks";
import type { Actor, Ctx, Tx } from "#platform/context";
import type { StoredEvent } from "#platform/events";
import type { City } from "#sim/city";
import type { Engine, SimEvent } from "#sim/engine";
import type { DrillItem } from "./queue.rules.ts";
import type { ServedSite } from "./sites.rules.ts";
import type { Delay, Scenario } from "./scenario.model.ts";

/** What the actors remember between steps; plain data, saved with every step. */
export interface DrillMemory {
  /** Day on which the first positive was found, or null before it. */
  firstPositiveMinute: number | null;
  /** Rounds opened so far, by area. */
  rounds: Record<string, RoundMemory>;
  /** When each lab is free again, in minutes. */
  labFreeAt: Record<string, number>;
  /** Counts the summary prints and nothing else decides by. */
  counts: Record<string, number>;
  /** Records waiting for a batch, by actor and area. */
  waiting: Record<string, string[]>;
  /** Counties told to stay at home. */
  lockedCounties: string[];
  /** From which minute each county was told to reduce contact or stay at home. */
  confinedFrom: Record<string, number>;
  /** The level of each village's zone, as published. */
  zoneLevels: Record<string, "high" | "medium" | "low">;
  /** What each system beside the loop remembers, by its name; plain data. */
  systems: Record<string, unknown>;
}

export interface RoundMemory {
  no: number;
  lastDay: string;
  roundId: string;
}

/** Sites and laboratories as they were registered at set-up. */
export interface Places {
  /** Ids of the sampling sites by their codes. */
  readonly sites: ReadonlyMap<string, string>;
  /** The sites of the mass rounds, with the people each serves. */
  readonly served: ReadonlyMap<string, ServedSite>;
  readonly labs: readonly { readonly id: string; readonly areaCode: string; readonly tubesPerMinute: number }[];
}

/** What a running drill lends its actors. */
export interface Hand {
  readonly seed: number;
  /** Share of the city that plays; head counts of a scenario are multiplied by it. */
  readonly scale: number;
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly outbreakId: string;
  readonly city: City;
  readonly engine: Engine;
  readonly places: Places;
  readonly memory: DrillMemory;
  /** The virtual present. */
  readonly minute: number;
  readonly now: Instant;
  /** The context of a role over an area; `command` names the call, so that its ids are the same in every run. */
  ctx(role: string, areaCode: AreaCode, command: string, extra?: { key?: string; reason?: string }): Ctx;
  /** Runs one read or an internal operation in a transaction of the system. */
  system<T>(command: string, run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Puts a thing to do into the queue, `delay` minutes from now (at least one). */
  after(delayMin: number, kind: string, key: string, data?: unknown): void;
  /** Puts a thing to do at a minute that is not before now. */
  at(minute: number, kind: string, key: string, data?: unknown): void;
  /** A delay of the scenario, drawn for this key, in whole minutes. */
  delay(delay: Delay, purpose: string, key: string): number;
  /** True with a probability, drawn for this key. */
  chance(probability: number, purpose: string, key: string): boolean;
  count(name: string, by?: number): void;
  instantAt(minute: number): Instant;
  minuteOf(at: Instant): number;
  /** The minute of HH:MM on the day of `minute` plus `days`. */
  clockMinute(time: string, days?: number): number;
  /** The next minute after now at which the clock shows HH:MM. */
  nextClock(time: string): number;
  /** The calendar day of a minute in the drill's zone. */
  dayAt(minute: number): Day;
}

/** One group of people who act: what they do when its time comes, and what makes them act. */
export interface DrillActor {
  readonly name: string;
  readonly items: Readonly<Record<string, (hand: Hand, item: DrillItem) => Promise<void>>>;
  readonly events?: Readonly<Record<string, (hand: Hand, event: StoredEvent) => void>>;
  readonly sim?: (hand: Hand, event: SimEvent) => void;
  /** Called once, at the drill's first minute. */
  readonly begin?: (hand: Hand) => void;
}

export { personIdOf, personIndexOf } from "./residents.rules.ts";

/** Makes the actor (account) of a role over an area, as the composition root knows roles. */
export type ActorOf = (role: string, areaCode: AreaCode) => Actor;
