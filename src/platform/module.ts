import type { Bus } from "./events.ts";
import type { JobHandler } from "./jobs.ts";
import type { Route } from "./http.ts";
import type { SheetDef } from "./sheets.ts";

/** What a module gives the composition root. */
export interface ModuleDef {
  readonly name: string;
  /** Every permission its use cases name, as `module.noun.verb`. */
  readonly permissions: readonly string[];
  /** Registers its reactions and repeating duties. */
  register(bus: Bus): void;
  readonly routes: readonly Route[];
  /** What comes in and goes out as a spreadsheet; its routes and its command are made from it. */
  readonly sheets?: readonly SheetDef[];
  /** Handlers of the jobs its transactions put into the queue, by name. */
  readonly jobs?: Readonly<Record<string, JobHandler>>;
}
