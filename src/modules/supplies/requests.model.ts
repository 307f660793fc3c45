import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf, page, strict } from "#domain/outbreaks";
import { deliveryStates, linesMax, normDrivers, quantityMax, requestStates, type Norm } from "./supplies.model.ts";

const MomentIn = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$",
});
const AreaCodeText = Type.String({ minLength: 1, maxLength: 20 });
const Code = Type.String({ minLength: 1, maxLength: 40, pattern: "^[0-9A-Za-z][0-9A-Za-z._-]*$" });
const Note = Type.String({ minLength: 1, maxLength: 500 });
const Quantity = Type.Integer({ minimum: 1, maximum: quantityMax });
const Lines = Type.Array(strict({ item: Code, quantity: Quantity }), { minItems: 1, maxItems: linesMax });

export const AskSupplies = strict({
  /** The warehouse that is to get it. */
  warehouse: Code,
  /** Whom to ask; the area above when absent, a neighbour for a mutual transfer. */
  sourceAreaCode: Type.Optional(AreaCodeText),
  /** The request's number; made when absent. */
  no: Type.Optional(Code),
  neededBy: MomentIn,
  reason: Note,
  lines: Lines,
});
export type AskSupplies = Static<typeof AskSupplies>;

export const ById = Type.Object({ id: Type.String({ format: "uuid" }) });

export const DecideRequest = strict({
  /** What is granted of each item; an item left out gets nothing. Nothing at all is a refusal. */
  lines: Type.Array(strict({ item: Code, quantity: Type.Integer({ minimum: 0, maximum: quantityMax }) }), {
    maxItems: linesMax,
  }),
  /** Needed unless everything is granted. */
  decision: Type.Optional(Type.String({ maxLength: 500 })),
});
export type DecideRequest = Static<typeof DecideRequest>;

export const AllocateRequest = strict({ warehouse: Code });
export const DispatchRequest = strict({
  vehicle: Type.String({ minLength: 1, maxLength: 40 }),
  dueAt: Type.Optional(MomentIn),
});
export const ReceiveRequest = strict({
  /** What arrived of each allocation that is not whole; the others arrived as sent. */
  differences: Type.Array(
    strict({
      allocationId: Type.String({ format: "uuid" }),
      received: Type.Integer({ minimum: 0, maximum: quantityMax }),
      reason: Note,
    }),
    { maxItems: 500 },
  ),
});
export type ReceiveRequest = Static<typeof ReceiveRequest>;
export const SettleRequest = strict({ settlement: Note });

export const RequestRow = Type.Object({
  id: Type.String(),
  no: Type.String(),
  areaCode: Type.String(),
  sourceAreaCode: Type.String(),
  state: oneOf(requestStates),
  reason: Type.String(),
  decision: Type.String(),
  askedAt: Moment,
  neededBy: Moment,
  decidedAt: nullable(Moment),
  vehicle: nullable(Type.String()),
  departedAt: nullable(Moment),
  dueAt: nullable(Moment),
  receivedAt: nullable(Moment),
  closedAt: nullable(Moment),
  late: Type.Boolean(),
  lines: Type.Array(
    Type.Object({
      item: Type.String(),
      itemName: Type.String(),
      itemNameEn: Type.String(),
      asked: Type.Integer(),
      approved: nullable(Type.Integer()),
      received: nullable(Type.Integer()),
    }),
  ),
});
export type RequestRow = Static<typeof RequestRow>;
export const RequestPage = page(RequestRow);

export const AllocationRow = Type.Object({
  id: Type.String(),
  item: Type.String(),
  batch: Type.String(),
  expiresOn: nullable(Type.String()),
  quantity: Type.Integer(),
  received: nullable(Type.Integer()),
  discrepancy: Type.String(),
  settlement: Type.String(),
});
export type AllocationRow = Static<typeof AllocationRow>;
export const RequestDetail = Type.Object({ ...RequestRow.properties, allocations: Type.Array(AllocationRow) });
export type RequestDetail = Static<typeof RequestDetail>;

export const AskDelivery = strict({
  /** The village or grid. */
  areaCode: AreaCodeText,
  no: Type.Optional(Code),
  grid: Type.String({ maxLength: 40 }),
  /** The number of the house or the flat; never a name. */
  household: Type.String({ minLength: 1, maxLength: 40 }),
  need: Note,
  lines: Lines,
});
export type AskDelivery = Static<typeof AskDelivery>;
export const SendDeliveries = strict({
  warehouse: Code,
  ids: Type.Array(Type.String({ format: "uuid" }), { minItems: 1, maxItems: 200 }),
});
export type SendDeliveries = Static<typeof SendDeliveries>;
export const SentDeliveries = Type.Object({
  sent: Type.Integer(),
  /** Those for which the warehouse has too little. */
  short: Type.Array(Type.String()),
});
export const ConfirmDelivery = strict({ signed: Type.Boolean(), note: Type.Optional(Type.String({ maxLength: 500 })) });
export const ReturnDelivery = strict({ note: Note });

export const DeliveryRow = Type.Object({
  id: Type.String(),
  no: Type.String(),
  areaCode: Type.String(),
  grid: Type.String(),
  household: Type.String(),
  need: Type.String(),
  state: oneOf(deliveryStates),
  askedAt: Moment,
  dueAt: Moment,
  sentAt: nullable(Moment),
  endedAt: nullable(Moment),
  signed: nullable(Type.Boolean()),
  late: Type.Boolean(),
  lines: Type.Array(
    Type.Object({ item: Type.String(), itemName: Type.String(), itemNameEn: Type.String(), quantity: Type.Integer() }),
  ),
});
export type DeliveryRow = Static<typeof DeliveryRow>;
export const DeliveryPage = page(DeliveryRow);

export const DemandQuery = Type.Object({
  areaCode: Type.Optional(AreaCodeText),
  /** How many days ahead; the catalogue's when absent. */
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  /** How many whole rounds of testing in those days. */
  rounds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
});
export type DemandQuery = Static<typeof DemandQuery>;

export const DemandRow = Type.Object({
  item: Type.String(),
  itemName: Type.String(),
  itemNameEn: Type.String(),
  unit: Type.String(),
  unitEn: Type.String(),
  demand: Type.Integer(),
  onHand: Type.Integer(),
  onTheWay: Type.Integer(),
  /** What is still missing. */
  gap: Type.Integer(),
  parts: Type.Array(
    Type.Object({ rule: Type.String(), per: oneOf(normDrivers), count: Type.Number(), quantity: Type.Integer() }),
  ),
});
export type DemandRow = Static<typeof DemandRow>;

/** How much work of each kind the days ahead hold. */
export type Drivers = Readonly<Record<(typeof normDrivers)[number], number>>;

export const DemandForecast = Type.Object({
  areaCode: Type.String(),
  days: Type.Integer(),
  rounds: Type.Integer(),
  drivers: Type.Array(Type.Object({ driver: oneOf(normDrivers), count: Type.Number() })),
  items: Type.Array(DemandRow),
  next: Type.Null(),
});
export type DemandForecast = Static<typeof DemandForecast>;

/** An item with its norms and where it stands, as the forecast needs it. */
export interface DemandItem {
  readonly item: string;
  readonly norms: readonly Norm[];
  readonly onHand: number;
  readonly onTheWay: number;
}
