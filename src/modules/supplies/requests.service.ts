import { isWithin } from "#kernel/area";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addHours, parseInstant } from "#kernel/time";
import { areaAncestors, areaByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks, type NewTask } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { supplyCatalogue } from "./catalogue.load.ts";
import {
  areaOfWarehouse,
  bookIn,
  choose,
  granted,
  idsOf,
  openDesk,
  shelfBatch,
  takeLot,
  warehouseOf,
} from "./desk.service.ts";
import { post, reserve, warehouseById, type LedgerRow } from "./ledger.store.ts";
import type { AskSupplies, DecideRequest, ReceiveRequest, RequestDetail, RequestRow } from "./requests.model.ts";
import { decided, mayActOn, requestEnds, type RequestAction } from "./requests.rules.ts";
import {
  allocationsOf,
  approveLines,
  findRequest,
  insertAllocation,
  insertDispatch,
  insertRequest,
  linesOf,
  lockRequest,
  pageRequests,
  requestRow,
  settleAllocations,
  sourceWarehouse,
  updateAllocation,
  updateDecided,
  updateReceived,
  updateState,
  type RequestFacts,
} from "./requests.store.ts";
import type { RequestQuery, Warehouse } from "./supplies.model.ts";

interface ById {
  readonly id: string;
}

async function requestOf(tx: Tx, id: string): Promise<RequestFacts> {
  const request = await findRequest(tx, id);
  if (request === undefined) throw new ProblemError("record.notFound", { what: "request" });
  return request;
}

const atSource = async (input: ById, tx: Tx): Promise<string> => (await requestOf(tx, input.id)).sourceAreaCode;
const atReceiver = async (input: ById, tx: Tx): Promise<string> => (await requestOf(tx, input.id)).areaCode;

async function lockFor(tx: Tx, id: string, action: RequestAction): Promise<RequestFacts> {
  const request = await lockRequest(tx, id);
  if (request === undefined) throw new ProblemError("record.notFound", { what: "request" });
  granted(mayActOn(request.state, action));
  return request;
}

/** Tells the other end, in whose area this actor may not write: the reaction gives and closes the tasks. */
async function tell(tx: Tx, request: RequestFacts, step: string, data: object = {}): Promise<RequestRow> {
  await tx.emit({
    name: `supplies.${step}`,
    outbreakId: request.outbreakId,
    areaCode: request.areaCode,
    subjectType: "supplyRequest",
    subjectId: request.id,
    data: { no: request.no, sourceAreaCode: request.sourceAreaCode, neededBy: request.neededBy, ...data },
  });
  return need(await requestRow(tx, request.id), "a request is never deleted");
}

/** The nearest area above that a request may go to when nobody is named. */
async function areaAbove(tx: Tx, areaCode: string): Promise<string> {
  const above = (await areaAncestors(tx, [areaCode])).get(areaCode)?.[0];
  if (above === undefined) throw new ProblemError("rule.refused", { rule: "SUP-8", why: "no area above / 无上级区划" });
  return above;
}

/** Files a request for a warehouse; undefined when its number stands in the register. */
export async function ask(tx: Tx, warehouse: Warehouse, input: AskSupplies): Promise<RequestFacts | undefined> {
  const outbreak = await currentOutbreak(tx);
  const source = input.sourceAreaCode ?? (await areaAbove(tx, warehouse.areaCode));
  granted(requestEnds(warehouse.areaCode, source));
  if ((await areaByCode(tx, source)) === undefined) throw new ProblemError("record.notFound", { what: "area" });
  const items = await idsOf(
    tx,
    input.lines.map((line) => line.item),
  );
  const wanted = new Map<string, number>();
  for (const line of input.lines) wanted.set(line.item, line.quantity + (wanted.get(line.item) ?? 0));
  const id = await insertRequest(tx, {
    outbreakId: outbreak.id,
    areaCode: warehouse.areaCode,
    sourceAreaCode: source,
    warehouseId: warehouse.id,
    no: input.no ?? `WZ-${tx.newId().slice(0, 13)}-${tx.newId().slice(-4)}`,
    reason: input.reason,
    neededBy: parseInstant(input.neededBy),
    lines: [...wanted].map(([item, quantity]) => ({ itemId: items.get(item) ?? "", quantity })),
  });
  if (id === undefined) return undefined;
  const request = await requestOf(tx, id);
  await tell(tx, request, "asked");
  return request;
}

/** Asks the area above, or a neighbour, for what a warehouse will need. spec: SUP-7, SUP-8 */
export const askSupplies = useCase(
  { name: "supplies.ask", permission: "supplies.request.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: AskSupplies): Promise<RequestRow> => {
    const request = await ask(tx, await warehouseOf(tx, input.warehouse), input);
    if (request === undefined) throw new ProblemError("record.duplicate", { what: "request" });
    return need(await requestRow(tx, request.id), "a request is never deleted");
  },
);

/** Grants all, a part or nothing; by another person than who asked. spec: SUP-9 */
export const decideRequest = useCase(
  { name: "supplies.decide", permission: "supplies.request.decide", kind: "write", area: atSource },
  async (tx, input: ById & DecideRequest): Promise<RequestRow> => {
    const request = await lockFor(tx, input.id, "decide");
    const asked = new Map((await linesOf(tx, request.id)).map((line) => [line.item, line.asked]));
    const given = new Map(input.lines.map((line) => [line.item, line.quantity]));
    const decision = input.decision ?? "";
    const outcome = granted(decided(asked, given, { askedBy: request.askedBy, decidedBy: tx.actor.id, decision }));
    await approveLines(tx, request.id, outcome.approved);
    await updateDecided(tx, request.id, outcome.state, decision);
    return tell(tx, request, "decided", { outcome: outcome.state });
  },
);

/** Promises the whole of what was granted from the lots that expire first. spec: SUP-3, SUP-2 */
export const allocateRequest = useCase(
  { name: "supplies.allocate", permission: "supplies.request.decide", kind: "write", area: atSource },
  async (tx, input: ById & { warehouse: string }): Promise<RequestRow> => {
    const request = await lockFor(tx, input.id, "allocate");
    const warehouse = await warehouseOf(tx, input.warehouse);
    // What is not the source's to give is not taken, whoever asks.
    if (!isWithin(warehouse.areaCode, request.sourceAreaCode))
      throw new ProblemError("rule.refused", {
        rule: "SUP-8",
        why: "not a warehouse of the area asked / 非被申请地区的仓库",
      });
    const lines = (await linesOf(tx, request.id)).filter((line) => (line.approved ?? 0) > 0);
    const desk = await openDesk(tx, warehouse, new Map(lines.map((line) => [line.item, line.itemId])));
    for (const { item, itemId, approved } of lines)
      for (const pick of granted(choose(desk, { item, quantity: approved ?? 0 }))) {
        await reserve(tx, warehouse.id, itemId, pick.lotId, pick.quantity);
        await insertAllocation(tx, request, { itemId, ...pick });
      }
    await updateState(tx, request.id, "allocated");
    return tell(tx, request, "allocated");
  },
);

/** Loads what is promised and sends it on its way: now it leaves the source's stock. */
export const dispatchRequest = useCase(
  { name: "supplies.dispatch", permission: "supplies.request.decide", kind: "write", area: atSource },
  async (tx, input: ById & { vehicle: string; dueAt?: string }): Promise<RequestRow> => {
    const request = await lockFor(tx, input.id, "dispatch");
    const { rules } = await supplyCatalogue();
    const dueAt = input.dueAt ? parseInstant(input.dueAt) : addHours(tx.now, rules.roadHours.value);
    const warehouseId = need(await sourceWarehouse(tx, request.id), "an allocated request has lots");
    const warehouse = need(await warehouseById(tx, warehouseId), "a warehouse is never deleted");
    const allocations = await allocationsOf(tx, request.id);
    const desk = await openDesk(tx, warehouse, new Map(allocations.map((row) => [row.item, row.itemId])));
    const reference = { type: "supplyRequest", id: request.id, note: request.no };
    const rows: LedgerRow[] = [];
    for (const row of allocations) {
      await reserve(tx, warehouse.id, row.itemId, row.lotId, -row.quantity);
      const at = desk.lots.findIndex((lot) => lot.id === row.lotId);
      const lot = need(desk.lots[at], "an allocation names a lot of its warehouse");
      desk.lots[at] = { ...lot, reserved: lot.reserved - row.quantity };
      rows.push(takeLot(desk, row.lotId, "dispatched", row.quantity, reference));
    }
    await post(tx, warehouse, rows, desk.today);
    await insertDispatch(tx, request, { vehicle: input.vehicle, dueAt });
    await updateState(tx, request.id, "dispatched");
    return tell(tx, request, "dispatched", { dueAt });
  },
);

/** Counts the load in; what differs is named with its reason and stays open until it is settled. spec: SUP-14 */
export const receiveRequest = useCase(
  { name: "supplies.receive", permission: "supplies.request.write", kind: "write", area: atReceiver },
  async (tx, input: ById & ReceiveRequest): Promise<RequestRow> => {
    const request = await lockFor(tx, input.id, "receive");
    const warehouse = need(await warehouseById(tx, request.warehouseId), "a warehouse is never deleted");
    const allocations = await allocationsOf(tx, request.id);
    const told = new Map(input.differences.map((row) => [row.allocationId, row]));
    if (input.differences.some((row) => !allocations.some((each) => each.id === row.allocationId)))
      throw new ProblemError("record.notFound", { what: "allocation" });
    const desk = await openDesk(tx, warehouse, new Map(allocations.map((row) => [row.item, row.itemId])));
    const reference = { type: "supplyRequest", id: request.id, note: request.no };
    const rows: LedgerRow[] = [];
    let differing = 0;
    for (const row of allocations) {
      const arrived = told.get(row.id)?.received ?? row.quantity;
      const differs = arrived !== row.quantity;
      if (differs) differing += 1;
      await updateAllocation(tx, row.id, arrived, differs ? (told.get(row.id)?.reason ?? "") : "");
      if (arrived > 0)
        rows.push(
          granted(
            await bookIn(
              tx,
              desk,
              "received",
              { item: row.item, quantity: arrived, batch: shelfBatch(desk, row), expiresOn: row.expiresOn },
              reference,
            ),
          ),
        );
    }
    await post(tx, warehouse, rows, desk.today);
    await updateReceived(tx, request.id);
    // spec: SUP-14: a load that arrived whole is done; one that did not waits for an answer.
    await updateState(tx, request.id, differing === 0 ? "closed" : "received");
    return tell(tx, request, "received", { differing });
  },
);

/** The source answers for what did not arrive; that closes the request. spec: SUP-14 */
export const settleRequest = useCase(
  { name: "supplies.settle", permission: "supplies.request.decide", kind: "write", area: atSource },
  async (tx, input: ById & { settlement: string }): Promise<RequestRow> => {
    const request = await lockFor(tx, input.id, "settle");
    await settleAllocations(tx, request.id, input.settlement);
    await updateState(tx, request.id, "closed");
    return tell(tx, request, "settled");
  },
);

const readRequests = { permission: "supplies.request.read", kind: "read" } as const;
export const listRequests = useCase({ name: "supplies.requests", ...readRequests }, (tx, query: RequestQuery) =>
  pageRequests(tx, query),
);
export const getRequest = useCase(
  { name: "supplies.request", ...readRequests },
  async (tx, input: ById): Promise<RequestDetail> => {
    await requestOf(tx, input.id);
    const row = need(await requestRow(tx, input.id), "it was found just now");
    return { ...row, allocations: await allocationsOf(tx, input.id) };
  },
);

/** What the reactions read of this module's own request events. */
export interface RequestStep {
  readonly no: string;
  readonly sourceAreaCode: string;
  readonly neededBy: string;
  readonly outcome?: string;
  readonly dueAt?: string;
  readonly differing?: number;
}

const subjectType = "supplyRequest";

/** One task at a time for a request: the step before is done, the next one has its owner and its deadline. */
export async function nextTask(
  tx: Tx,
  request: { readonly id: string; readonly outbreakId: string; readonly no: string },
  done: string | null,
  next: { readonly kind: string; readonly areaCode: string; readonly dueAt: string } | null,
): Promise<void> {
  if (done !== null)
    await completeTasks(tx, { subjectType, subjectIds: [request.id], kind: done, evidence: { note: request.no } });
  if (next === null) return;
  const task: NewTask = {
    outbreakId: request.outbreakId,
    ownerTeam: "supplies",
    subjectType,
    subjectId: request.id,
    params: { no: request.no },
    ...next,
  };
  await createTasks(tx, [task]);
}
