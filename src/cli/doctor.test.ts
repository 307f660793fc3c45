import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { openPool } from "#platform/db";
import { testWorld } from "#platform/testing";
import { checkDataDir, checkNode, checkStore, findingsText } from "./doctor.command.ts";

it("finds a migrated database good, and names what is missing", async () => {
  const world = await testWorld();
  const owner = openPool(world.url, { size: 1 });
  try {
    expect((await checkStore({ owner })).map(({ good }) => good)).toEqual([true, true]);
    await world.sql.run("delete from public.migration where no = 2");
    const text = findingsText(await checkStore({ owner }));
    expect(text).toContain("BAD  1 migrations missing\n     → npm run wuyang -- db migrate\n");
    await world.sql.run("drop table public.migration");
    expect((await checkStore({ owner }))[0]).toMatchObject({
      good: true,
      what: expect.stringContaining("empty") as string,
    });
  } finally {
    await owner.close();
    await world.close();
  }
});

it("says what to do about an old Node.js and a data folder that is a file", () => {
  expect(checkNode("24.1.0").good).toBe(true);
  expect(checkNode("20.9.0")).toMatchObject({ good: false, next: expect.stringContaining("npm") as string });
  const folder = mkdtempSync(path.join(tmpdir(), "wuyang-doctor-"));
  try {
    expect(checkDataDir(path.join(folder, "data")).good).toBe(true);
    writeFileSync(path.join(folder, "file"), "");
    expect(checkDataDir(path.join(folder, "file"))).toMatchObject({
      good: false,
      next: expect.stringContaining("DATA_DIR") as string,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
