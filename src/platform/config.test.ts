import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holderOf, lockDataDir, readConfig } from "./config.ts";

describe("the lock of a data folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "wuyang-lock-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is held by a living process other than this one, and by nobody once that is gone", () => {
    expect(holderOf(folder)).toBeNull();
    const unlock = lockDataDir(folder);
    expect(holderOf(folder)).toBeNull();
    unlock();
    writeFileSync(path.join(folder, "wuyang.lock"), String(process.ppid));
    expect(holderOf(folder)).toBe(process.ppid);
    expect(() => lockDataDir(folder)).toThrow(`process ${process.ppid}`);
    // Linux hands out no process number above 2^22.
    writeFileSync(path.join(folder, "wuyang.lock"), String(2 ** 22 + 1));
    expect(holderOf(folder)).toBeNull();
    lockDataDir(folder)();
  });
});

describe("the environment", () => {
  it("has defaults, and a wrong port is named", () => {
    expect(readConfig({})).toMatchObject({ port: 8_480, host: "127.0.0.1", databaseUrl: null });
    expect(() => readConfig({ PORT: "http" })).toThrow("PORT must be a number");
  });
});
