import { describe, expect, it } from "vitest";
import { testWorld } from "#platform/testing";
import { hezeRows } from "./heze/index.ts";

describe("the account of the Heze outbreak, row by row", () => {
  it("names each row once", () => {
    const names = hezeRows.map(({ row }) => row);
    expect(names).toEqual([...new Set(names)]);
  });

  it.for(hezeRows.map((row) => [row.row, row] as const))(
    "%s: entered, found again and used",
    { timeout: 120_000 },
    async ([, { modules, figures, play }]) => {
      const world = await testWorld({ modules });
      try {
        await play(world, figures);
      } finally {
        await world.close();
      }
    },
  );
});
