import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: ["tests/setup/postgres.ts", "tests/setup/pages.ts"],
    pool: "threads",
    maxWorkers: 2,
    // A deadline is there to end what hangs. Twice as much work beside the tests must not fail one.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000, interval: 50 } },
    reporters: ["default", "./tests/setup/closing.ts"],
  },
});
