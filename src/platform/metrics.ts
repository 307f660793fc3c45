import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** The process's Prometheus metrics. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Seconds a request took, by its route's pattern (never its address, which may name a record). */
  request(method: string, route: string, status: number, seconds: number): void;
  /** Sets a gauge of the outbreak, such as overdue tasks. */
  gauge(name: string, help: string, value: number): void;
}

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
  };
}
