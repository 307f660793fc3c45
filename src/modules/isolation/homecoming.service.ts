import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addHours, type Instant } from "#kernel/time";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import {
  arrivedHome,
  insertHomecomings,
  lockHomecomings,
  pageHomecomings,
  setHandedOver,
  setReceived,
  type HomecomingFacts,
  type HomecomingQuery,
  type NewHomecoming,
} from "./care.store.ts";
import { timesOf } from "./care.service.ts";
import { personFacts } from "./isolation.neighbours.ts";

/** The last stretch of the way home: who brought somebody hands over, the community receives, both sign. */

const sign = "isolation.homecoming.sign";
const rowsMax = 5_000;

async function store(tx: Tx, outbreak: Outbreak, rows: readonly NewHomecoming[]): Promise<string[]> {
  const fresh = new Set(await insertHomecomings(tx, rows));
  const stored = rows.filter((row) => fresh.has(row.id));
  await createTasks(
    tx,
    stored.map((row) => ({
      outbreakId: outbreak.id,
      kind: "homecoming",
      areaCode: row.areaCode,
      ownerTeam: "grid" as const,
      subjectType: "homecoming",
      subjectId: row.id,
      dueAt: row.dueAt,
    })),
  );
  return stored.map((row) => row.id);
}

/** A vehicle of ours has come home: its driver has signed, the communities of its people are to receive them. spec: ISO-31 */
export async function homecomingsOf(tx: Tx, transferIds: readonly string[]): Promise<void> {
  const people = await arrivedHome(tx, transferIds);
  if (people.length === 0) return;
  const outbreak = await currentOutbreak(tx);
  // Under a protocol without times for sites a journey ends with the vehicle's arrival, as it always did.
  const hours = outbreak.protocol.isolation?.receiveHours;
  if (hours === undefined) return;
  await store(
    tx,
    outbreak,
    people.map(({ transferId, personId, areaCode, arrivedBy }) => ({
      id: tx.newId(),
      outbreakId: outbreak.id,
      personId,
      areaCode,
      transferId,
      fromPlace: null,
      expectedAt: tx.now,
      dueAt: addHours(tx.now, hours),
      handedBy: arrivedBy,
    })),
  );
}

export interface ExpectedHome {
  readonly personId: number;
  readonly expectedAt: Instant;
  /** The place outside the city they were in quarantine at. */
  readonly fromPlace: string;
}

/** Puts people who come home from quarantine outside the city on the lists of their communities. spec: ISO-31 (account of Heze) */
export const expectHomecomings = useCase(
  { name: "isolation.expectHomecomings", permission: sign, kind: "write" },
  async (tx, input: { people: readonly ExpectedHome[] }): Promise<{ homecomingIds: string[]; known: number }> => {
    if (input.people.length > rowsMax) throw new ProblemError("limit.exceeded", { limit: rowsMax });
    const outbreak = await currentOutbreak(tx);
    const { receiveHours } = timesOf(outbreak);
    const facts = await personFacts(
      tx,
      input.people.map((person) => person.personId),
    );
    const rows = input.people.map(({ personId, expectedAt, fromPlace }) => {
      const person = facts.get(personId);
      if (!person || !isWithin(person.areaCode, tx.actor.areaCode))
        throw new ProblemError("record.notFound", { what: "person" });
      return {
        id: tx.newId(),
        outbreakId: outbreak.id,
        personId,
        areaCode: person.areaCode,
        transferId: null,
        fromPlace,
        expectedAt,
        dueAt: addHours(expectedAt, receiveHours),
        handedBy: null,
      };
    });
    const homecomingIds = await store(tx, outbreak, rows);
    return { homecomingIds, known: rows.length - homecomingIds.length };
  },
);

async function locked(tx: Tx, ids: readonly string[], state: HomecomingFacts["state"]): Promise<HomecomingFacts[]> {
  const rows = await lockHomecomings(tx, ids);
  if (rows.length !== new Set(ids).size) throw new ProblemError("record.notFound", { what: "homecoming" });
  const other = rows.find((row) => row.state !== state);
  if (other) throw new ProblemError("state.notAllowed", { state: other.state });
  return rows;
}

/** Who met people at the road, the station or the vehicle hands them over. spec: ISO-31 */
export const handOverHome = useCase(
  { name: "isolation.handOverHome", permission: sign, kind: "write" },
  async (tx, input: { homecomingIds: readonly string[] }): Promise<{ handedOver: number }> => {
    const rows = await locked(tx, input.homecomingIds, "expected");
    const { receiveHours } = timesOf(await currentOutbreak(tx));
    await setHandedOver(tx, input.homecomingIds, addHours(tx.now, receiveHours));
    return { handedOver: rows.length };
  },
);

/** The community signs for the people who came; somebody other than who brought them. spec: ISO-31 */
export const receiveHome = useCase(
  { name: "isolation.receiveHome", permission: sign, kind: "write" },
  async (tx, input: { homecomingIds: readonly string[] }): Promise<{ received: number }> => {
    const rows = await locked(tx, input.homecomingIds, "handedOver");
    if (rows.some((row) => need(row.handedBy, "who was handed over was handed over by somebody") === tx.actor.id))
      throw new ProblemError("rule.refused", {
        rule: "ISO-31",
        why: "both ends sign, each for itself / 交接双方须分别签字",
      });
    await setReceived(tx, input.homecomingIds);
    await completeTasks(tx, {
      subjectType: "homecoming",
      subjectIds: input.homecomingIds,
      evidence: { note: "received / 已接收" },
    });
    return { received: rows.length };
  },
);

export const listHomecomings = useCase(
  { name: "isolation.listHomecomings", permission: "isolation.homecoming.read", kind: "read" },
  (tx, query: HomecomingQuery) => pageHomecomings(tx, query),
);
