import { cpus, totalmem } from "node:os";

/** One measured figure, with the figure of the same run that it is compared with. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly baselineName?: string;
  readonly ratio?: number;
}

const digits = 4;
const rounded = (value: number): number => Number(value.toPrecision(digits));

/** A figure as a row, with its ratio to the baseline where it has one. */
export function rowOf(name: string, value: number, unit: string, baseline?: number, baselineName?: string): Row {
  const beside =
    baseline === undefined || baselineName === undefined
      ? {}
      : { baseline: rounded(baseline), baselineName, ...(baseline > 0 && { ratio: rounded(value / baseline) }) };
  return { name, value: rounded(value), unit, ...beside };
}

/** A row as a line of text. */
export function lineOf({ name, value, unit, baseline, baselineName, ratio }: Row): string {
  const said =
    baseline === undefined ? "" : `   ${baselineName}: ${baseline}${ratio === undefined ? "" : `   ratio ${ratio}`}`;
  return `${name.padEnd(30)} ${String(value).padStart(10)} ${unit.padEnd(9)}${said}`;
}

/** Keeps the rows of a run and prints each as it comes. */
export function reporter(print: (line: string) => void): {
  readonly rows: readonly Row[];
  report(name: string, value: number, unit: string, baseline?: number, baselineName?: string): void;
} {
  const rows: Row[] = [];
  return {
    rows,
    report(...figure) {
      const row = rowOf(...figure);
      rows.push(row);
      print(lineOf(row));
    },
  };
}

/** The value below which a share of sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The rows of one run with the machine and the size of the city, as they are kept in a file. */
export interface Run {
  readonly machine: string;
  readonly people: number;
  readonly rows: readonly Row[];
}

const bytesPerGb = 1_073_741_824;

/** The text of a run's file. */
export function runText(people: number, rows: readonly Row[]): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / bytesPerGb)} GB`;
  const run: Run = { machine, people, rows };
  return `${JSON.stringify(run, null, 2)}\n`;
}
