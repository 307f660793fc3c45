import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const tickUs = 10_000;

/** The fields of /proc/PID/stat after the name, which may hold blanks: state, parent, …, user, system, and those of children that have ended. */
function statOf(pid: string): { parent: string; us: number; endedUs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const us = (from: number): number => (Number(fields[from]) + Number(fields[from + 1])) * tickUs;
    return { parent: fields[1] ?? "", us: us(11), endedUs: us(13) };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** Processor time in microseconds that processes have used so far; 0 where the system does not say. */
export function processesUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(String(pid))?.us ?? 0), 0);
}

/** Processor time in microseconds that the PostgreSQL of a data folder has used so far; 0 where the system does not say. */
export function postgresUs(dataFolder: string): number {
  if (!existsSync("/proc/self/stat")) return 0;
  const postmaster = readFileSync(path.join(dataFolder, "postmaster.pid"), "utf8").split("\n")[0] ?? "";
  let sum = 0;
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = statOf(pid);
    if (pid === postmaster) sum += (stat?.us ?? 0) + (stat?.endedUs ?? 0);
    else if (stat?.parent === postmaster) sum += stat.us;
  }
  return sum;
}
