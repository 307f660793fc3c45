import { pino, type Logger } from "pino";

export type Log = Logger;

/**
 * The structured log. Callers pass ids, codes and counts; names, numbers, bodies and query strings are
 * never passed, and what slips in under a personal key is removed here.
 */
export function createLog(level: string, destination?: { write(text: string): void }): Log {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ["*.name", "*.phone", "*.idNumber", "*.address", "name", "phone", "idNumber", "address", "password"],
        remove: true,
      },
    },
    destination ?? pino.destination(2),
  );
}
