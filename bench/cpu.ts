import { readdirSync, readFileSync } from "node:fs";
import type { BenchWorld } from "./load.ts";

const ticksPerSecond = 100;

/** The fields of /proc/<pid>/stat behind the command's name; null where there is no such process (or no /proc). */
function statOf(pid: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** CPU seconds of this process and of the database's, which say more than the clock on a machine that others use too. */
export interface Cpu {
  readonly node: number;
  readonly database: number;
}

/** Opens a meter on the processor time of this process and of the bench's PostgreSQL. */
export async function cpuMeter(world: BenchWorld): Promise<() => Cpu> {
  const { sql, release } = await world.owner.connect();
  const { pid } = await sql.one<{ pid: number }>("select pg_backend_pid() as pid");
  const postmaster = statOf(String(pid))?.[1] ?? "";
  await release();
  const read = (): Cpu => {
    let ticks = 0;
    for (const name of readdirSync("/proc")) {
      const stat = /^\d+$/.test(name) ? statOf(name) : null;
      if (stat === null || (stat[1] !== postmaster && name !== postmaster)) continue;
      // Children that have ended are counted in their parent.
      const own = name === postmaster ? [11, 12, 13, 14] : [11, 12];
      for (const at of own) ticks += Number(stat[at]);
    }
    const { user, system } = process.cpuUsage();
    return { node: (user + system) / 1e6, database: ticks / ticksPerSecond };
  };
  let last = read();
  return () => {
    const before = last;
    last = read();
    return { node: last.node - before.node, database: last.database - before.database };
  };
}

export function cpuText({ node, database }: Cpu): string {
  return `processor: Node ${node.toFixed(1)} s, PostgreSQL ${database.toFixed(1)} s`;
}
