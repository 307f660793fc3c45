import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addMinutes } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { checkAreas, inboundRules } from "./arrivals.service.ts";
import { lockArrivals, setArrived } from "./arrivals.store.ts";
import type { Escort, EscortQuery, PlanEscort } from "./control.model.ts";
import type { TravellersPassed } from "./roads.service.ts";
import { insertEscorts, lockEscorts, pageEscorts, setDelivered, setMet } from "./roads.store.ts";

/** Data of `inbound.escortPlanned`. */
export interface EscortsPlanned {
  readonly escortIds: readonly string[];
  /** Where the first of them stands. */
  readonly place: string;
}

/** Plans escorts in a caller's transaction; each is a task of the transport team. spec: INB-9 */
async function addEscorts(tx: Tx, escorts: readonly PlanEscort[]): Promise<string[]> {
  const outbreak = await currentOutbreak(tx);
  const { rule, deliverMinutes } = inboundRules(outbreak).escort;
  const rows = escorts.map((of) => ({
    ...of,
    id: tx.newId(),
    declarationId: of.declarationId ?? null,
    personId: of.personId ?? null,
    dueAt: addMinutes(of.meetAt !== undefined && of.meetAt > tx.now ? of.meetAt : tx.now, deliverMinutes),
  }));
  const added = await insertEscorts(tx, outbreak.id, rows);
  const fresh = rows.filter((row) => added.has(row.id));
  await createTasks(
    tx,
    fresh.map(({ id, areaCode, place, dueAt }) => ({
      outbreakId: outbreak.id,
      kind: "escortHome",
      areaCode,
      ownerTeam: "transport",
      subjectType: "escort",
      subjectId: id,
      params: { place, rule },
      dueAt,
    })),
  );
  const [first] = fresh;
  if (first)
    await tx.emit({
      name: "inbound.escortPlanned",
      outbreakId: outbreak.id,
      areaCode: first.areaCode,
      subjectType: "escort",
      subjectId: first.id,
      data: { escortIds: fresh.map((row) => row.id), place: first.place } satisfies EscortsPlanned,
    });
  return fresh.map((row) => row.id);
}

/** Plans that people are met at a station, at the border or at the gate of a quarantine elsewhere. */
export const planEscorts = useCase(
  { name: "inbound.planEscorts", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: { escorts: readonly PlanEscort[] }): Promise<{ ids: string[]; known: number }> => {
    await checkAreas(tx, [...new Set(input.escorts.map((of) => of.areaCode))]);
    if (input.escorts.some((of) => of.declarationId === undefined && of.personId === undefined))
      throw new ProblemError("request.invalid", {}, [{ pointer: "/escorts", detail: "names nobody" }]);
    const ids = await addEscorts(tx, input.escorts);
    return { ids, known: input.escorts.length - ids.length };
  },
);

async function locked(tx: Tx, ids: readonly string[], state: Escort["state"]): Promise<Escort[]> {
  const rows = await lockEscorts(tx, ids);
  if (rows.length !== new Set(ids).size) throw new ProblemError("record.notFound", { what: "escort" });
  const other = rows.find((row) => row.state !== state);
  if (other) throw new ProblemError("state.notAllowed", { state: other.state });
  return rows;
}

/** The people are met and sit in the vehicle. */
export const meetEscorts = useCase(
  { name: "inbound.meet", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: { ids: readonly string[]; vehicle: string }): Promise<{ met: number }> => {
    const rows = await locked(tx, input.ids, "planned");
    await setMet(tx, input.ids, input.vehicle);
    return { met: rows.length };
  },
);

/** The people are at home (or in their quarantine): the task is done and the arrival has arrived. spec: INB-9 */
export const deliverEscorts = useCase(
  { name: "inbound.deliver", permission: "inbound.arrival.write", kind: "write" },
  async (tx, input: { ids: readonly string[] }): Promise<{ delivered: number }> => {
    const rows = await locked(tx, input.ids, "met");
    await setDelivered(tx, input.ids);
    await completeTasks(tx, {
      subjectType: "escort",
      subjectIds: input.ids,
      evidence: { note: "taken home point to point / 点对点送达" },
    });
    await setArrived(
      tx,
      rows.flatMap((row) => row.declarationId ?? []),
    );
    return { delivered: rows.length };
  },
);

export const listEscorts = useCase(
  { name: "inbound.escorts", permission: "inbound.arrival.read", kind: "read" },
  (tx, query: EscortQuery): Promise<Page<Escort>> => pageEscorts(tx, query),
);

/** Travellers came through a checkpoint: they have arrived, and some are to be driven home. */
export async function takePassed(tx: Tx, data: TravellersPassed): Promise<void> {
  await setArrived(tx, data.arrived);
  if (data.escorted.length === 0) return;
  const rows = new Map((await lockArrivals(tx, data.escorted)).map((row) => [row.id, row]));
  await addEscorts(
    tx,
    data.escorted.map((declarationId) => ({
      areaCode: need(rows.get(declarationId), "the pass named a declaration").areaCode,
      declarationId,
      reason: "arrival",
      place: data.checkpoint,
    })),
  );
}
