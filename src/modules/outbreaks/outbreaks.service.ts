import { assert } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import type { Instant } from "#kernel/time";
import type { BareTx, Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { compareProtocols } from "./compare.rules.ts";
import { firstLevel, protocolById, protocolLibrary } from "./library.ts";
import type {
  MoveToProtocol,
  OpenOutbreak,
  Outbreak,
  OutbreakCard,
  OutbreakDetail,
  OutbreakOpened,
  PhaseChanged,
  ProtocolCard,
  ProtocolCheck,
  ProtocolMoved,
  ResponseLevelChanged,
} from "./outbreaks.model.ts";
import {
  insertMove,
  insertOutbreak,
  insertStage,
  listMoves,
  listStages,
  lockRow,
  openRow,
  pageOutbreaks,
  readProtocol,
  rowById,
  updateClosed,
  updateFirstPositive,
  updatePhase,
  updateProtocol,
  updateResponseLevel,
  type OutbreakRow,
} from "./outbreaks.store.ts";
import { readProtocolText } from "./protocol.load.ts";
import type { Protocol } from "./protocol.model.ts";
import type { Phase } from "./vocabulary.model.ts";

/** The open outbreak with its protocol; throws record.notFound when none is open. */
export async function currentOutbreak(tx: Tx): Promise<Outbreak> {
  const found = await findCurrentOutbreak(tx);
  if (found === undefined) throw new ProblemError("record.notFound", { what: "outbreak" });
  return found;
}

/** The open outbreak, or undefined between outbreaks. */
export async function findCurrentOutbreak(tx: BareTx): Promise<Outbreak | undefined> {
  const row = await openRow(tx);
  return row && withProtocol(tx, row);
}

/** Any outbreak by id, closed ones too; throws record.notFound. */
export async function outbreakById(tx: Tx, id: string): Promise<Outbreak> {
  const row = await rowById(tx, id);
  if (row === undefined) throw new ProblemError("record.notFound", { what: "outbreak" });
  return withProtocol(tx, row);
}

const protocolCacheMax = 64;
/** A revision never changes once written, so a cached protocol cannot be stale. */
const protocolCache = new Map<string, Protocol>();

async function withProtocol(tx: BareTx, row: OutbreakRow): Promise<Outbreak> {
  const { revision, ...card } = row;
  const key = `${row.id} ${revision}`;
  let protocol = protocolCache.get(key);
  if (protocol === undefined) {
    protocol = await readProtocol(tx, row.id, revision);
    if (protocolCache.size >= protocolCacheMax) protocolCache.clear();
    protocolCache.set(key, protocol);
  }
  return { ...card, protocol };
}

/** Opens an outbreak inside another module's transaction; refuses while one is open. */
export async function startOutbreak(tx: Tx, input: OpenOutbreak): Promise<Outbreak> {
  // spec: OUT-1
  if ((await openRow(tx)) !== undefined) {
    throw new ProblemError("rule.refused", {
      rule: "OUT-1",
      why: "close the open outbreak first / 请先结束当前疫情",
    });
  }
  checkTimeZone(input.timeZone);
  const protocol = await protocolById(input.protocolId);
  const responseLevel = input.responseLevel ?? firstLevel(protocol);
  checkLevel(protocol, responseLevel);
  const phase = protocol.phases[0]?.phase;
  assert(phase !== undefined, "the schema asks for at least one phase");
  const id = tx.newId();
  await insertOutbreak(tx, {
    id,
    name: input.name,
    nameEn: input.nameEn,
    protocol,
    timeZone: input.timeZone,
    areaCode: input.areaCode,
    phase,
    responseLevel,
    drill: input.drill ?? false,
  });
  await insertMove(tx, id, 1, protocol, "opened");
  await insertStage(tx, id, "phase", phase);
  await insertStage(tx, id, "responseLevel", responseLevel);
  const data: OutbreakOpened = {
    protocolId: protocol.id,
    protocolVersion: protocol.version,
    drill: input.drill ?? false,
  };
  await tx.emit({ name: "outbreaks.opened", ...subjectOf(id, input.areaCode), data });
  return outbreakById(tx, id);
}

/** Moves the outbreak to a phase of its protocol; returns false when it is there already. */
export async function setPhase(tx: Tx, input: { outbreakId: string; phase: Phase }): Promise<boolean> {
  const row = await lockOpen(tx, input.outbreakId);
  if (row.phase === input.phase) return false;
  const { protocol } = await withProtocol(tx, row);
  // spec: OUT-4
  if (!protocol.phases.some((rule) => rule.phase === input.phase)) {
    throw new ProblemError("rule.refused", {
      rule: "OUT-4",
      why: `the protocol has no phase ${input.phase} / 方案无此阶段`,
    });
  }
  await updatePhase(tx, row.id, input.phase);
  await insertStage(tx, row.id, "phase", input.phase);
  const data: PhaseChanged = { from: row.phase, to: input.phase };
  await tx.emit({ name: "outbreaks.phaseChanged", ...subjectOf(row.id, row.areaCode), data });
  return true;
}

/** Sets the response level, one of the protocol's. */
export async function setResponseLevel(tx: Tx, input: { outbreakId: string; level: string }): Promise<boolean> {
  const row = await lockOpen(tx, input.outbreakId);
  if (row.responseLevel === input.level) return false;
  const { protocol } = await withProtocol(tx, row);
  checkLevel(protocol, input.level);
  await updateResponseLevel(tx, row.id, input.level);
  await insertStage(tx, row.id, "responseLevel", input.level);
  const data: ResponseLevelChanged = { from: row.responseLevel, to: input.level };
  await tx.emit({ name: "outbreaks.responseLevelChanged", ...subjectOf(row.id, row.areaCode), data });
  return true;
}

/** Notes a positive's moment; the outbreak's clock runs from the earliest. spec: OUT-5 */
export async function notePositive(tx: Tx, input: { outbreakId: string; at: Instant }): Promise<void> {
  await updateFirstPositive(tx, input.outbreakId, input.at);
}

/** Closes the outbreak; it must have reached the all-clear. */
export async function endOutbreak(tx: Tx, input: { outbreakId: string }): Promise<void> {
  const row = await lockOpen(tx, input.outbreakId);
  // spec: OUT-6
  if (row.allClearAt === null) {
    throw new ProblemError("rule.refused", {
      rule: "OUT-6",
      why: "only after the all-clear / 响应终止后方可结束",
    });
  }
  await updateClosed(tx, row.id);
  await tx.emit({ name: "outbreaks.closed", ...subjectOf(row.id, row.areaCode), data: {} });
}

async function lockOpen(tx: Tx, id: string): Promise<OutbreakRow> {
  const row = await lockRow(tx, id);
  if (row === undefined) throw new ProblemError("record.notFound", { what: "outbreak" });
  if (row.closedAt !== null) throw new ProblemError("state.notAllowed", { state: "closed" });
  return row;
}

function subjectOf(id: string, areaCode: string) {
  return { areaCode, outbreakId: id, subjectType: "outbreak", subjectId: id };
}

function checkLevel(protocol: Protocol, level: string): void {
  if (protocol.responseLevels.some((row) => row.level === level)) return;
  throw new ProblemError("request.invalid", {}, [
    { pointer: "/responseLevel", detail: "is not a level of the protocol" },
  ]);
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw new ProblemError("request.invalid", {}, [{ pointer: "/timeZone", detail: "is not a time zone" }]);
  }
}

export const openOutbreak = useCase(
  {
    name: "outbreaks.open",
    permission: "outbreaks.outbreak.write",
    kind: "write",
    area: (input: OpenOutbreak) => input.areaCode,
  },
  startOutbreak,
);

/** Moves a running outbreak to other rules; what was decided before keeps the version it was decided under. */
export const moveToProtocolVersion = useCase(
  {
    name: "outbreaks.moveToProtocolVersion",
    permission: "outbreaks.outbreak.write",
    kind: "write",
    area: async (input: MoveToProtocol, tx) => (await outbreakById(tx, input.outbreakId)).areaCode,
  },
  async (tx, input): Promise<OutbreakCard> => {
    const protocol = await chosenProtocol(input);
    const row = await lockOpen(tx, input.outbreakId);
    // spec: OUT-3
    if (protocol.disease.id !== row.disease) {
      throw new ProblemError("rule.refused", {
        rule: "OUT-3",
        why: "the protocol is for another disease / 方案病种不符",
      });
    }
    const revision = row.revision + 1;
    await insertMove(tx, row.id, revision, protocol, input.reason);
    await updateProtocol(tx, row.id, revision, protocol);
    const data: ProtocolMoved = {
      from: `${row.protocolId} ${row.protocolVersion}`,
      to: `${protocol.id} ${protocol.version}`,
      revision,
    };
    await tx.emit({ name: "outbreaks.protocolMoved", ...subjectOf(row.id, row.areaCode), data });
    return outbreakById(tx, row.id);
  },
);

async function chosenProtocol(input: MoveToProtocol): Promise<Protocol> {
  if (input.text === undefined) return protocolById(input.protocolId ?? "");
  const parsed = readProtocolText(input.text);
  if (parsed.ok) return parsed.protocol;
  const fields = parsed.faults.map((fault) => ({
    pointer: fault.pointer,
    detail: `line ${fault.line ?? 1}: ${fault.message}`,
  }));
  throw new ProblemError("request.invalid", {}, fields);
}

const readDef = { permission: "outbreaks.outbreak.read", kind: "read" } as const;

export const listOutbreaks = useCase(
  { name: "outbreaks.list", ...readDef },
  (tx, query: { limit?: number; cursor?: string }) => pageOutbreaks(tx, query),
);

export const getOutbreak = useCase(
  { name: "outbreaks.get", ...readDef },
  async (tx, input: { id: string }): Promise<OutbreakDetail> => ({
    ...(await outbreakById(tx, input.id)),
    moves: await listMoves(tx, input.id),
    stages: await listStages(tx, input.id),
  }),
);

export const getCurrentOutbreak = useCase(
  { name: "outbreaks.current", ...readDef },
  async (tx, _input: Record<string, never>): Promise<OutbreakCard> => currentOutbreak(tx),
);

export const listProtocols = useCase(
  { name: "outbreaks.listProtocols", ...readDef },
  async (_tx, _input: Record<string, never>): Promise<ProtocolCard[]> =>
    (await protocolLibrary()).map((protocol) => ({
      id: protocol.id,
      version: protocol.version,
      effective: protocol.effective,
      disease: protocol.disease.id,
      title: protocol.title,
    })),
);

export const getProtocol = useCase({ name: "outbreaks.getProtocol", ...readDef }, async (_tx, input: { id: string }) =>
  protocolById(input.id),
);

export const compareProtocolVersions = useCase(
  { name: "outbreaks.compareProtocols", ...readDef },
  async (_tx, input: { from: string; to: string }) =>
    compareProtocols(await protocolById(input.from), await protocolById(input.to)),
);

/** Says whether a YAML text is a valid protocol, and what is wrong on which line. */
export const validateProtocol = useCase(
  { name: "outbreaks.validateProtocol", ...readDef },
  async (_tx, input: { text: string }): Promise<ProtocolCheck> => {
    const parsed = readProtocolText(input.text);
    const faults = parsed.ok ? [] : parsed.faults;
    return {
      valid: parsed.ok,
      faults: faults.map((fault) => ({ ...fault, line: fault.line ?? 1 })),
    };
  },
);
