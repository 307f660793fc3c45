import type { ModuleDef } from "#platform/module";
import type { TestWorld } from "#platform/testing";

/** One row of the account of the Heze outbreak: its figures are entered, found again and used. */
export interface HezeRow {
  /** The first cell of the row, as the account writes it. */
  readonly row: string;
  readonly figures: Readonly<Record<string, number | string>>;
  /** The modules the row needs, ground floor first. */
  readonly modules: readonly ModuleDef[];
  play(world: TestWorld, figures: Readonly<Record<string, number | string>>): Promise<void>;
}
