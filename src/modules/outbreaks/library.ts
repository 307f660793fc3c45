import { join } from "node:path";
import { ProblemError } from "#kernel/errors";
import { need } from "#kernel/assert";
import type { Protocol } from "./protocol.model.ts";
import { loadProtocols } from "./protocol.load.ts";

const folder = join(import.meta.dirname, "../../../protocols");

let loaded: Promise<ReadonlyMap<string, Protocol>> | undefined;

async function load(): Promise<ReadonlyMap<string, Protocol>> {
  return new Map((await loadProtocols(folder)).map((protocol) => [protocol.id, protocol]));
}

/** The protocols that come with the system, read once a process. */
export async function protocolLibrary(): Promise<readonly Protocol[]> {
  loaded ??= load();
  return [...(await loaded).values()];
}

/** A protocol of the library; throws record.notFound. */
export async function protocolById(id: string): Promise<Protocol> {
  const found = (await protocolLibrary()).find((protocol) => protocol.id === id);
  if (found === undefined) throw new ProblemError("record.notFound", { what: "protocol" });
  return found;
}

/** The first level of a protocol, the one an outbreak starts with. */
export function firstLevel(protocol: Protocol): string {
  return need(protocol.responseLevels[0], "the schema asks for at least one level").level;
}
