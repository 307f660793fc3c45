import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import { areaByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { supplyCatalogue } from "./catalogue.load.ts";
import {
  bookOut,
  giveBack,
  granted,
  idsOf,
  openDesk,
  areaOfWarehouse,
  warehouseOf,
  type Desk,
} from "./desk.service.ts";
import {
  deliveryLines,
  deliveryLots,
  deliveryRow,
  findDelivery,
  insertDelivery,
  insertDeliveryLot,
  lockDeliveries,
  pageDeliveries,
  updateEnded,
  updateSent,
  type DeliveryFacts,
  type DeliveryLine,
} from "./deliveries.store.ts";
import { post, warehouseById, type LedgerRow } from "./ledger.store.ts";
import type { AskDelivery, DeliveryRow, SendDeliveries } from "./requests.model.ts";
import { mayDeliver } from "./requests.rules.ts";
import type { ListQuery } from "./supplies.model.ts";

const subjectType = "supplyDelivery";

interface ById {
  readonly id: string;
}

async function areaOfDelivery(input: ById, tx: Tx): Promise<string> {
  const delivery = await findDelivery(tx, input.id);
  if (delivery === undefined) throw new ProblemError("record.notFound", { what: "delivery" });
  return delivery.areaCode;
}

async function shown(tx: Tx, id: string): Promise<DeliveryRow> {
  return need(await deliveryRow(tx, id), "a delivery is never deleted");
}

/** What a household needs, asked for by its grid worker; a task until it is there. spec: SUP-12 */
export const askDelivery = useCase(
  {
    name: "supplies.askDelivery",
    permission: "supplies.delivery.write",
    kind: "write",
    area: (input: AskDelivery) => input.areaCode,
  },
  async (tx, input): Promise<DeliveryRow> => {
    const outbreak = await currentOutbreak(tx);
    if ((await areaByCode(tx, input.areaCode)) === undefined)
      throw new ProblemError("record.notFound", { what: "area" });
    const items = await idsOf(
      tx,
      input.lines.map((line) => line.item),
    );
    const wanted = new Map<string, number>();
    for (const line of input.lines) wanted.set(line.item, line.quantity + (wanted.get(line.item) ?? 0));
    const { rules } = await supplyCatalogue();
    const no = input.no ?? `PS-${tx.newId().slice(0, 13)}-${tx.newId().slice(-4)}`;
    const dueAt = addHours(tx.now, rules.deliveryHours.value);
    const id = await insertDelivery(tx, {
      outbreakId: outbreak.id,
      areaCode: input.areaCode,
      no,
      grid: input.grid,
      household: input.household,
      need: input.need,
      dueAt,
      lines: [...wanted].map(([item, quantity]) => ({ itemId: need(items.get(item), "checked above"), quantity })),
    });
    if (id === undefined) throw new ProblemError("record.duplicate", { what: "delivery" });
    await createTasks(tx, [
      {
        outbreakId: outbreak.id,
        kind: "supplyDelivery",
        areaCode: input.areaCode,
        ownerTeam: "supplies",
        subjectType,
        subjectId: id,
        params: { no },
        dueAt,
      },
    ]);
    await tell(tx, { id, outbreakId: outbreak.id, areaCode: input.areaCode, no }, "deliveryAsked");
    return shown(tx, id);
  },
);

async function tell(
  tx: Tx,
  delivery: Pick<DeliveryFacts, "id" | "outbreakId" | "areaCode" | "no">,
  step: string,
): Promise<void> {
  await tx.emit({
    name: `supplies.${step}`,
    outbreakId: delivery.outbreakId,
    areaCode: delivery.areaCode,
    subjectType,
    subjectId: delivery.id,
    data: { no: delivery.no },
  });
}

/** The movements of one delivery, or undefined when the warehouse has too little of something. */
function load(desk: Desk, delivery: DeliveryFacts, lines: readonly DeliveryLine[]): LedgerRow[] | undefined {
  const before = [...desk.lots];
  const rows: LedgerRow[] = [];
  for (const { item, quantity } of lines) {
    const taken = bookOut(
      desk,
      "issued",
      { item, quantity },
      { type: subjectType, id: delivery.id, note: delivery.no },
    );
    if (!taken.ok) {
      // Nothing of it goes: a household is not sent half of what it asked for without being told.
      desk.lots.splice(0, desk.lots.length, ...before);
      return undefined;
    }
    rows.push(...taken.value);
  }
  return rows;
}

/** Gives deliveries out of a warehouse; those it has too little for stay asked and are named. */
export const sendDeliveries = useCase(
  { name: "supplies.sendDeliveries", permission: "supplies.stock.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: SendDeliveries): Promise<{ sent: number; short: string[] }> => {
    const warehouse = await warehouseOf(tx, input.warehouse);
    const deliveries = await lockDeliveries(tx, input.ids);
    if (deliveries.length < new Set(input.ids).size) throw new ProblemError("record.notFound", { what: "delivery" });
    for (const delivery of deliveries) granted(mayDeliver(delivery.state, "send"));
    const lines = await deliveryLines(tx, input.ids);
    const desk = await openDesk(tx, warehouse, new Map(lines.map((line) => [line.item, line.itemId])));
    const all: LedgerRow[] = [];
    const short: string[] = [];
    for (const delivery of deliveries) {
      const own = lines.filter((line) => line.deliveryId === delivery.id);
      const rows = load(desk, delivery, own);
      if (rows === undefined) {
        short.push(delivery.id);
        continue;
      }
      all.push(...rows);
      for (const row of rows)
        await insertDeliveryLot(tx, {
          deliveryId: delivery.id,
          lotId: row.lotId,
          areaCode: warehouse.areaCode,
          quantity: -row.quantity,
        });
      await updateSent(tx, delivery.id, warehouse.id);
      await tell(tx, delivery, "deliverySent");
    }
    await post(tx, warehouse, all, desk.today);
    return { sent: deliveries.length - short.length, short };
  },
);

async function end(
  tx: Tx,
  id: string,
  action: "confirm" | "return" | "refuse",
  how: { readonly signed: boolean | null; readonly note: string },
): Promise<DeliveryRow> {
  const delivery = need((await lockDeliveries(tx, [id]))[0], "its area was read just now");
  granted(mayDeliver(delivery.state, action));
  const state = action === "confirm" ? "delivered" : action === "return" ? "returned" : "refused";
  await updateEnded(tx, id, { state, ...how });
  await completeTasks(tx, { subjectType, subjectIds: [id], evidence: { note: delivery.no } });
  await tell(tx, delivery, state === "returned" ? "deliveryReturned" : "deliveryEnded");
  return shown(tx, id);
}

const onDoorstep = { permission: "supplies.delivery.write", kind: "write", area: areaOfDelivery } as const;

/** It is there; `signed` says whether somebody of the household signed for it. */
export const confirmDelivery = useCase(
  { name: "supplies.confirmDelivery", ...onDoorstep },
  (tx, input: ById & { signed: boolean; note?: string }): Promise<DeliveryRow> =>
    end(tx, input.id, "confirm", { signed: input.signed, note: input.note ?? "" }),
);
/** It could not be handed over and goes back to its lot. */
export const returnDelivery = useCase(
  { name: "supplies.returnDelivery", ...onDoorstep },
  (tx, input: ById & { note: string }): Promise<DeliveryRow> =>
    end(tx, input.id, "return", { signed: null, note: input.note }),
);
/** It will not be sent, and why. */
export const refuseDelivery = useCase(
  { name: "supplies.refuseDelivery", ...onDoorstep, permission: "supplies.stock.write" },
  (tx, input: ById & { note: string }): Promise<DeliveryRow> =>
    end(tx, input.id, "refuse", { signed: null, note: input.note }),
);

/** Reaction: what came back from a doorstep lies in its lot again, in whichever area the warehouse is. */
export async function putBack(tx: Tx, deliveryId: string): Promise<void> {
  const delivery = need(await findDelivery(tx, deliveryId), "the event names a delivery");
  const warehouse = need(
    await warehouseById(tx, need(delivery.warehouseId, "it was sent from a warehouse")),
    "a warehouse is never deleted",
  );
  const lots = await deliveryLots(tx, deliveryId);
  const desk = await openDesk(tx, warehouse, new Map(lots.map((lot) => [lot.itemId, lot.itemId])));
  const reference = { type: subjectType, id: deliveryId, note: delivery.no };
  await post(
    tx,
    warehouse,
    lots.map((lot) => giveBack(desk, lot.lotId, lot.quantity, reference)),
    desk.today,
  );
}

export const listDeliveries = useCase(
  { name: "supplies.deliveries", permission: "supplies.delivery.read", kind: "read" },
  (tx, query: ListQuery) => pageDeliveries(tx, query),
);
