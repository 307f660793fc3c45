import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import type { IsolationSites } from "#domain/outbreaks";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { cancelTasks, completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import {
  cancelCareOfGone,
  guestsOf,
  insertCare,
  lockCare,
  pageCare,
  setAnswered,
  setConfirmed,
  setSentBack,
  type CareFacts,
  type CareQuery,
} from "./care.store.ts";
import type { CareKind } from "./life.model.ts";
import { careDue } from "./life.rules.ts";

/** What guests ask for, answered by the humanistic care group and confirmed by the guest. */

const careWrite = "isolation.care.write";
const rowsMax = 2_000;

/** The protocol's times for sites; without them nothing that has a deadline can be asked for. spec: ISO-23 */
export function timesOf(outbreak: Outbreak): IsolationSites {
  const times = outbreak.protocol.isolation;
  if (times) return times;
  throw new ProblemError("rule.refused", {
    rule: "ISO-23",
    why: "the protocol in force sets no times for sites / 现行方案未规定隔离点时限",
  });
}

export interface CareAsked {
  readonly orderId: string;
  readonly kind: CareKind;
}

/** Records requests of guests, up to 2,000 a call; each is due by its kind. spec: ISO-29 */
export const askCare = useCase(
  { name: "isolation.askCare", permission: careWrite, kind: "write" },
  async (tx, input: { requests: readonly CareAsked[] }): Promise<{ requestIds: string[] }> => {
    if (input.requests.length > rowsMax) throw new ProblemError("limit.exceeded", { limit: rowsMax });
    const outbreak = await currentOutbreak(tx);
    const times = timesOf(outbreak);
    const guests = await guestsOf(
      tx,
      input.requests.map((request) => request.orderId),
    );
    const rows = input.requests.map(({ orderId, kind }) => {
      const guest = guests.get(orderId);
      // The county of the place writes; the county a guest lives in does not.
      if (!guest || !isWithin(guest.areaCode, tx.actor.areaCode))
        throw new ProblemError("record.notFound", { what: "guest" });
      return { ...guest, kind, id: tx.newId(), dueAt: careDue(times, kind, tx.now) };
    });
    await insertCare(tx, rows);
    await askTasks(tx, outbreak, rows);
    return { requestIds: rows.map((row) => row.id) };
  },
);

async function askTasks(
  tx: Tx,
  outbreak: Outbreak,
  rows: readonly { id: string; areaCode: string; kind: CareKind; dueAt: string }[],
): Promise<void> {
  await createTasks(
    tx,
    rows.map((row) => ({
      outbreakId: outbreak.id,
      kind: "careRequest",
      areaCode: row.areaCode,
      ownerTeam: "site" as const,
      subjectType: "careRequest",
      subjectId: row.id,
      params: { kind: row.kind },
      dueAt: row.dueAt,
    })),
  );
}

/** Requests in a state, all of them the actor's own to act on. */
async function locked(tx: Tx, ids: readonly string[], state: CareFacts["state"]): Promise<CareFacts[]> {
  const rows = await lockCare(tx, ids);
  if (rows.length !== new Set(ids).size) throw new ProblemError("record.notFound", { what: "request" });
  const other = rows.find((row) => row.state !== state);
  if (other) throw new ProblemError("state.notAllowed", { state: other.state });
  return rows;
}

/** The care group has done what was asked for; the guest's word is still out. */
export const answerCare = useCase(
  { name: "isolation.answerCare", permission: careWrite, kind: "write" },
  async (tx, input: { requestIds: readonly string[]; answer: string }): Promise<{ answered: number }> => {
    const rows = await locked(tx, input.requestIds, "asked");
    await setAnswered(tx, input.requestIds, input.answer);
    await completeTasks(tx, {
      subjectType: "careRequest",
      subjectIds: input.requestIds,
      evidence: { note: "answered / 已答复" },
    });
    return { answered: rows.length };
  },
);

export interface CareConfirmed {
  readonly requestIds: readonly string[];
  /** Did it help? If not, the request is open again. */
  readonly helped: boolean;
}

/** The guest says whether it helped; taken down by somebody other than who answered. spec: ISO-30 */
export const confirmCare = useCase(
  { name: "isolation.confirmCare", permission: careWrite, kind: "write" },
  async (tx, input: CareConfirmed): Promise<{ confirmed: number; sentBack: number }> => {
    const rows = await locked(tx, input.requestIds, "answered");
    if (rows.some((row) => row.answeredBy === tx.actor.id))
      throw new ProblemError("rule.refused", {
        rule: "ISO-30",
        why: "who answered does not confirm / 答复人不得代为确认",
      });
    if (input.helped) {
      await setConfirmed(tx, input.requestIds);
      return { confirmed: rows.length, sentBack: 0 };
    }
    const outbreak = await currentOutbreak(tx);
    const times = timesOf(outbreak);
    const again = rows.map((row) => ({ ...row, dueAt: careDue(times, row.kind, tx.now) }));
    await setSentBack(tx, again);
    await askTasks(tx, outbreak, again);
    return { confirmed: 0, sentBack: rows.length };
  },
);

export const listCare = useCase(
  { name: "isolation.listCare", permission: "isolation.read", kind: "read" },
  (tx, query: CareQuery) => pageCare(tx, query),
);

/** Requests of guests who have left are called off with their tasks. */
export async function dropCareOfGone(tx: Tx): Promise<void> {
  const gone = await cancelCareOfGone(tx);
  if (gone.length > 0) await cancelTasks(tx, { subjectType: "careRequest", subjectIds: gone });
}
