import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { latencies, type Latency } from "./latency.ts";

/** The process's Prometheus metrics. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Seconds a request took, by its route's pattern (never its address, which may name a record). */
  request(method: string, route: string, status: number, seconds: number): void;
  /** Sets a gauge of the outbreak, such as overdue tasks. */
  gauge(name: string, help: string, value: number): void;
  /** How long requests took since the process began, by what kind they are. */
  latencies(): Promise<Latency[]>;
  /** Milliseconds by which the process's turns came late, at the 99th percentile; null before it was measured. */
  loopLagMs(): Promise<number | null>;
}

/** From a look-up in memory to an export of a whole register. */
const secondsBounds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const msPerSecond = 1_000;
/** How often the loop is looked at; the measured time between two looks holds this too. */
const turnMs = 10;

/** Makes a registry of its own, so that tests can run several servers in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "http_request_seconds",
    help: "Time to answer",
    labelNames: ["method", "route"],
    buckets: secondsBounds,
    registers: [registry],
  });
  const gauges = new Map<string, Gauge>();
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request(method, route, status, elapsed) {
      requests.inc({ method, route, status: String(status) });
      seconds.observe({ method, route }, elapsed);
    },
    gauge(name, help, value) {
      let gauge = gauges.get(name);
      if (!gauge) {
        gauge = new Gauge({ name, help, registers: [registry] });
        gauges.set(name, gauge);
      }
      gauge.set(value);
    },
    async latencies() {
      const { values } = await seconds.get();
      return latencies(
        values.flatMap(({ labels, value, metricName }) => {
          if (metricName !== "http_request_seconds_bucket") return [];
          const { method, route, le } = labels as Readonly<Record<string, string | number | undefined>>;
          const bound = le === "+Inf" ? Infinity : Number(le);
          return [{ method: String(method), route: String(route), le: bound, count: value }];
        }),
      );
    },
    async loopLagMs() {
      // All figures of the loop are taken when the first of them is asked for.
      await registry.getSingleMetric("nodejs_eventloop_lag_seconds")?.get();
      const metric = await registry.getSingleMetric("nodejs_eventloop_lag_p99_seconds")?.get();
      const value = metric?.values[0]?.value;
      if (value === undefined || Number.isNaN(value) || value === 0) return null;
      return Math.max(0, value * msPerSecond - turnMs);
    },
  };
}
