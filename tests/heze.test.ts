import { describe, expect, it } from "vitest";
import { testWorld } from "#platform/testing";
import { hezeRows } from "./heze/index.ts";

/** The first cells of the account's two tables, its course and its parts. */
const rowsOfAccount = [
  "23 Jul, evening",
  "24 Jul 0–12 h",
  "24 Jul evening",
  "25 Jul",
  "28 Jul",
  "3 Aug",
  "8 Aug",
  "10 Aug 08:00",
  "13 Aug 12:00",
  "15 Aug 08:00",
  "from 17 Aug",
  "Command post (指挥部)",
  "Testing (采送检报: collect, deliver, test, report)",
  "Mixed-tube positives (混管阳性)",
  "Tracing (流调溯源)",
  "Reaching everyone (双扫双敲)",
  "Inbound control (外防输入)",
  "Grid work (网格化)",
  "Three probes (三个探头)",
  "Venue codes (场所码)",
  "Quarantine sites (集中隔离点)",
  "Fangcang hospital (方舱医院)",
  "Data (数据统计)",
  "Supervision (督导)",
  "Mechanisms",
  "People mobilised",
  "Street work",
  "Release",
];

describe("the account of the Heze outbreak, row by row", () => {
  it("leaves out no row of the account", () => {
    const names = new Set(hezeRows.map(({ row }) => row));
    expect(rowsOfAccount.filter((row) => !names.has(row))).toEqual([]);
  });

  it("names each row once", () => {
    const names = hezeRows.map(({ row }) => row);
    expect(names).toEqual([...new Set(names)]);
  });

  it.for(hezeRows.map((row) => [row.row, row] as const))(
    "%s: entered, found again and used",
    { timeout: 240_000 },
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
