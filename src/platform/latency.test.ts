import { describe, expect, it } from "vitest";
import { latencies, quantile, routeClass } from "./latency.ts";
import { createMetrics } from "./metrics.ts";

describe("request latency", () => {
  it.each([
    ["GET", "/api/v1/cases", "list"],
    ["GET", "/api/v1/cases/:id", "record"],
    ["POST", "/api/v1/cases/:id/diagnose", "write"],
    ["POST", "/api/v1/session", "session"],
    ["GET", "/api/v1/sheets/people/export", "sheet"],
    ["POST", "/api/v1/cases/import", "sheet"],
    ["GET", "/public/check", "public"],
    ["GET", "/assets/*", "page"],
    ["GET", "unknown", "page"],
    ["GET", "/metrics", "other"],
    ["GET", "/api/v1/stream", "other"],
  ])("%s %s is a %s", (method, route, kind) => {
    expect(routeClass(method, route)).toBe(kind);
  });

  const buckets = [
    { le: 0.1, count: 50 },
    { le: 0.2, count: 90 },
    { le: Infinity, count: 100 },
  ];
  it.each([
    [0.25, 0.05],
    [0.5, 0.1],
    [0.7, 0.15],
    // What lies beyond the last bound is not known: it took at least that long.
    [0.99, 0.2],
  ])("the %s quantile lies at %s s", (share, seconds) => {
    expect(quantile(buckets, share)).toBeCloseTo(seconds, 6);
  });

  it("is unknown before the first answer", () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([{ le: Infinity, count: 0 }], 0.5)).toBeNull();
  });

  it("adds up the routes of a class and leaves out classes that answered nothing", () => {
    const of = (route: string, first: number, all: number) => [
      { method: "GET", route, le: 0.1, count: first },
      { method: "GET", route, le: Infinity, count: all },
    ];
    const found = latencies([...of("/api/v1/cases", 3, 4), ...of("/api/v1/tasks", 1, 4)]);
    expect(found).toEqual([{ kind: "list", requests: 8, p50: 100, p95: 100, p99: 100 }]);
  });
});

describe("the turns of the process", () => {
  it("come late after work that held them up", async () => {
    const metrics = createMetrics();
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
    await turn();
    const held = performance.now() + 150;
    while (performance.now() < held);
    await turn();
    expect(await metrics.loopLagMs()).toBeGreaterThan(50);
  });
});
