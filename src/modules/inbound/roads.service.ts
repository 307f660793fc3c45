import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { dayOf } from "#kernel/time";
import type { GivenPosition } from "#domain/areas";
import { checkPositions } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { addArrivals, checkAreas, gradeStays, inboundRules } from "./arrivals.service.ts";
import { openByTraveller } from "./arrivals.store.ts";
import type {
  CheckpointQuery,
  Checkpoint,
  NewShift,
  OpenCheckpoint,
  Pass,
  PassesRecorded,
  PassQuery,
  SeenPass,
} from "./control.model.ts";
import { identityHash } from "./identity.ts";
import type { ArrivalLevel } from "./inbound.model.ts";
import { decidePass, mustRegister, type Decision } from "./inbound.rules.ts";
import {
  findCheckpoint,
  insertCheckpoint,
  insertPasses,
  pageCheckpoints,
  pagePasses,
  placeCheckpoint,
  setCheckpoint,
  upsertShift,
} from "./roads.store.ts";

async function areaOfCheckpoint(input: { id: string }, tx: Tx): Promise<string> {
  return (await checkpointOf(tx, input.id)).areaCode;
}

async function checkpointOf(tx: Tx, id: string): Promise<Checkpoint> {
  const found = await findCheckpoint(tx, id);
  if (found === undefined) throw new ProblemError("record.notFound", { what: "checkpoint" });
  return found;
}

/** Opens a checkpoint on a road, at a station or an airport. */
export const openCheckpoint = useCase(
  {
    name: "inbound.openCheckpoint",
    permission: "inbound.pass.write",
    kind: "write",
    area: (of: OpenCheckpoint) => of.areaCode,
  },
  async (tx, input: OpenCheckpoint): Promise<Checkpoint> => {
    checkPositions(tx, [input], () => "");
    const id = tx.newId();
    if (!(await insertCheckpoint(tx, id, input))) throw new ProblemError("record.duplicate", { what: "checkpoint" });
    return checkpointOf(tx, id);
  },
);

/** Puts a checkpoint on the map, or takes it off. spec: INB-12 */
export const locateCheckpoint = useCase(
  { name: "inbound.locateCheckpoint", permission: "inbound.pass.write", kind: "write", area: areaOfCheckpoint },
  async (tx, input: GivenPosition & { id: string }): Promise<Checkpoint> => {
    checkPositions(tx, [input], () => "");
    await placeCheckpoint(tx, input.id, input);
    return checkpointOf(tx, input.id);
  },
);

/** Closes a checkpoint; its passes stay. */
export const closeCheckpoint = useCase(
  { name: "inbound.closeCheckpoint", permission: "inbound.pass.write", kind: "write", area: areaOfCheckpoint },
  async (tx, input: { id: string }): Promise<Checkpoint> => {
    await setCheckpoint(tx, input.id, "closed");
    return checkpointOf(tx, input.id);
  },
);

/** Puts a shift on a checkpoint's list: who leads, how many, from when to when. */
export const planShift = useCase(
  { name: "inbound.planShift", permission: "inbound.pass.write", kind: "write", area: areaOfCheckpoint },
  async (tx, input: NewShift & { id: string }): Promise<Checkpoint> => {
    if (input.endsAt <= input.startsAt)
      throw new ProblemError("request.invalid", {}, [{ pointer: "/endsAt", detail: "lies before startsAt" }]);
    await upsertShift(tx, await checkpointOf(tx, input.id), input);
    return checkpointOf(tx, input.id);
  },
);

export const listCheckpoints = useCase(
  { name: "inbound.checkpoints", permission: "inbound.pass.read", kind: "read" },
  (tx, query: CheckpointQuery): Promise<Page<Checkpoint>> => pageCheckpoints(tx, query),
);

export const listPasses = useCase(
  { name: "inbound.passes", permission: "inbound.pass.read", kind: "read" },
  (tx, query: PassQuery): Promise<Page<Pass>> => pagePasses(tx, query),
);

interface Judged {
  readonly seen: SeenPass;
  readonly id: string;
  readonly level: ArrivalLevel;
  readonly declarationId: string | null;
  readonly decision: Decision;
}

/** Records what came to a checkpoint; the rule says what happens to each. spec: INB-5, INB-6 */
export const recordPasses = useCase(
  { name: "inbound.recordPasses", permission: "inbound.pass.write", kind: "write", area: areaOfCheckpoint },
  async (tx, input: { id: string; passes: readonly SeenPass[] }): Promise<PassesRecorded> => {
    const checkpoint = await checkpointOf(tx, input.id);
    if (checkpoint.state !== "open") throw new ProblemError("state.notAllowed", { state: checkpoint.state });
    const judged = await register(tx, await judge(tx, input.passes));
    await insertPasses(
      tx,
      checkpoint,
      judged.map(({ seen, id, level, declarationId, decision }) => ({
        id,
        at: seen.at ?? tx.now,
        kind: seen.kind,
        ...decision,
        level,
        declarationId,
        temperature: seen.temperature ?? null,
        plate: seen.plate ?? null,
        disinfected: seen.disinfected ?? false,
      })),
    );
    await tellPassed(tx, checkpoint, judged);
    return { outcomes: judged.map(({ decision }) => decision) };
  },
);

async function judge(tx: Tx, passes: readonly SeenPass[]): Promise<Judged[]> {
  const outbreak = await currentOutbreak(tx);
  const rules = inboundRules(outbreak);
  const { secrets } = tx.services;
  const hashes = passes.map(({ idKind, idNumber }) =>
    idNumber === undefined ? null : identityHash(secrets, idKind ?? "residentId", idNumber),
  );
  const receipts = passes.flatMap(({ receipt }) => receipt ?? []);
  const open = await openByTraveller(
    tx,
    receipts,
    hashes.filter((hash) => hash !== null),
  );
  const byReceipt = new Map(open.map((row) => [row.receipt, row]));
  const byHash = new Map(open.flatMap((row) => (row.hash === null ? [] : [[row.hash, row] as const])));
  const today = dayOf(tx.now, outbreak.timeZone);
  const stays = passes.map((seen, i) => ({
    id: String(i),
    origin: seen.origin ?? outbreak.areaCode,
    leftOn: seen.leftOn ?? today,
  }));
  const grades = await gradeStays(tx, outbreak, stays);
  return passes.map((seen, i) => {
    const found = byReceipt.get(seen.receipt ?? "") ?? byHash.get(hashes[i]?.toString("hex") ?? "");
    const level = found?.level ?? need(grades[i], "each stay has its level").level;
    return { seen, id: tx.newId(), level, declarationId: found?.id ?? null, decision: decidePass(rules, seen, level) };
  });
}

/** Who comes from a listed place without having declared is entered on the spot, if the officer wrote where to. spec: INB-6 */
async function register(tx: Tx, judged: readonly Judged[]): Promise<Judged[]> {
  const missing = judged.filter(
    ({ seen, decision, level, declarationId }) =>
      seen.kind === "person" && seen.traveller !== undefined && mustRegister(decision, level, declarationId !== null),
  );
  if (missing.length === 0) return [...judged];
  const travellers = missing.map(({ seen }) => ({
    ...need(seen.traveller, "filtered by it"),
    ...(seen.idNumber === undefined ? {} : { idKind: seen.idKind ?? ("residentId" as const), idNumber: seen.idNumber }),
    origin: seen.origin ?? "",
    leftOn: seen.leftOn ?? tx.now.slice(0, 10),
  }));
  await checkAreas(tx, [...new Set(travellers.map((of) => of.areaCode))]);
  const { rows, added } = await addArrivals(tx, await currentOutbreak(tx), "road", travellers);
  const ids = new Map(missing.map((row, i) => [row.id, rows[i]?.id ?? ""]));
  return judged.map((row) => {
    const declarationId = ids.get(row.id);
    return declarationId !== undefined && added.has(declarationId) ? { ...row, declarationId } : row;
  });
}

/** Data of `inbound.passed`: travellers who have come in, and who of them is to be driven home. */
export interface TravellersPassed {
  readonly checkpoint: string;
  readonly arrived: readonly string[];
  readonly escorted: readonly string[];
}

async function tellPassed(tx: Tx, checkpoint: Checkpoint, judged: readonly Judged[]): Promise<void> {
  const inside = judged.flatMap(({ declarationId, decision }) =>
    declarationId === null || decision.outcome === "refused" ? [] : [{ declarationId, outcome: decision.outcome }],
  );
  if (inside.length === 0) return;
  await tx.emit({
    name: "inbound.passed",
    areaCode: checkpoint.areaCode,
    subjectType: "checkpoint",
    subjectId: checkpoint.id,
    data: {
      checkpoint: checkpoint.name,
      arrived: inside.map((row) => row.declarationId),
      escorted: inside.flatMap((row) => (row.outcome === "escorted" ? [row.declarationId] : [])),
    } satisfies TravellersPassed,
  });
}
