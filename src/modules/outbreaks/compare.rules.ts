import type { ProtocolDifference } from "./outbreaks.model.ts";
import type { Protocol } from "./protocol.model.ts";

/** Differences shown at most; two protocols of different diseases have no use for more. */
export const differencesMax = 2_000;

/** Every leaf value in which two protocols differ, by JSON pointer in the order of the first. */
export function compareProtocols(from: Protocol, to: Protocol): ProtocolDifference[] {
  const before = leaves(from);
  const after = leaves(to);
  const pointers = [...before.keys(), ...[...after.keys()].filter((key) => !before.has(key))];
  return pointers
    .filter((pointer) => before.get(pointer) !== after.get(pointer))
    .slice(0, differencesMax)
    .map((pointer) => ({
      pointer,
      from: before.get(pointer) ?? null,
      to: after.get(pointer) ?? null,
    }));
}

function leaves(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  collect(value, "", found);
  return found;
}

/** Lists of records with an id are compared by id, not by place, so that one new row is one difference. */
function collect(value: unknown, pointer: string, into: Map<string, string>): void {
  if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
    value.forEach((item: unknown, i) => collect(item, `${pointer}/${keyOf(item) ?? i}`, into));
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [name, item] of Object.entries(value)) collect(item, `${pointer}/${name}`, into);
  } else {
    into.set(pointer, JSON.stringify(value));
  }
}

function keyOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null || !("id" in item)) return undefined;
  return typeof item.id === "string" ? item.id : undefined;
}
