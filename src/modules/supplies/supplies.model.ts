import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf, page, strict, sorts } from "#domain/outbreaks";

const DayText = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const AreaCodeText = Type.String({ minLength: 1, maxLength: 20 });
const Code = Type.String({ minLength: 1, maxLength: 40, pattern: "^[0-9A-Za-z][0-9A-Za-z._-]*$" });
const Note = Type.String({ minLength: 1, maxLength: 500 });
const Batch = Type.String({ minLength: 1, maxLength: 60 });

/** More than this of one thing in one movement is a slip of the pen. */
export const quantityMax = 100_000_000;
export const linesMax = 50;
const Quantity = Type.Integer({ minimum: 1, maximum: quantityMax });

export const itemKinds = ["ppe", "sampling", "disinfection", "medicine", "food", "other"] as const;
export type ItemKind = (typeof itemKinds)[number];
export const warehouseLevels = ["city", "county", "town", "site"] as const;
export const movementKinds = [
  "received",
  "donated",
  "issued",
  "dispatched",
  "returned",
  "counted",
  "expired",
  "lost",
] as const;
export type MovementKind = (typeof movementKinds)[number];
export const requestStates = [
  "asked",
  "approved",
  "partly",
  "refused",
  "allocated",
  "dispatched",
  "received",
  "closed",
] as const;
export type RequestState = (typeof requestStates)[number];
export const deliveryStates = ["asked", "sent", "delivered", "returned", "refused"] as const;
export type DeliveryState = (typeof deliveryStates)[number];
export const stockStates = ["short", "fine", "unused"] as const;
export const giverKinds = ["organisation", "person"] as const;
/** What a norm multiplies: the unit of work that takes so much of an item. */
export const normDrivers = [
  "personDue",
  "poolDue",
  "samplerDue",
  "centralDay",
  "homeDay",
  "controlledResidentDay",
] as const;
export type NormDriver = (typeof normDrivers)[number];

/** The values whose words stand in the locales. */
export const vocabulary = {
  "supplies.values.itemKind": itemKinds,
  "supplies.values.warehouseLevel": warehouseLevels,
  "supplies.values.movementKind": movementKinds,
  "supplies.values.requestState": requestStates,
  "supplies.values.deliveryState": deliveryStates,
  "supplies.values.stockState": stockStates,
  "supplies.values.giverKind": giverKinds,
  "supplies.values.driver": normDrivers,
} as const;

const Both = strict({ "zh-CN": Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) });
const Figure = strict({ value: Type.Number({ exclusiveMinimum: 0 }), source: Type.String({ minLength: 8 }) });

/** What one unit of work takes of an item. */
export const Norm = strict({
  rule: Type.String({ pattern: "^SUP-D\\d+$" }),
  per: oneOf(normDrivers),
  quantity: Type.Number({ exclusiveMinimum: 0 }),
  spoilageShare: Type.Number({ minimum: 0, maximum: 1 }),
  source: Type.String({ minLength: 8 }),
});
export type Norm = Static<typeof Norm>;

/** The catalogue file: the items everybody calls by one code, their norms, and the numbers of the rules. */
export const Catalogue = strict({
  rules: strict({
    useWindowDays: Figure,
    shortDays: Figure,
    fillDays: Figure,
    expiryWarnDays: Figure,
    answerHours: Figure,
    dispatchHours: Figure,
    roadHours: Figure,
    alertHours: Figure,
    settleHours: Figure,
    deliveryHours: Figure,
  }),
  items: Type.Array(
    strict({
      code: Code,
      name: Both,
      unit: Both,
      kind: oneOf(itemKinds),
      perishable: Type.Boolean(),
      norms: Type.Array(Norm, { maxItems: 20 }),
    }),
    { minItems: 1, maxItems: 500 },
  ),
});
export type Catalogue = Static<typeof Catalogue>;

export const Item = Type.Object({
  id: Type.String(),
  code: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  unit: Type.String(),
  unitEn: Type.String(),
  kind: oneOf(itemKinds),
  perishable: Type.Boolean(),
});
export type Item = Static<typeof Item>;
export const ItemPage = page(Item);

export const Warehouse = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  code: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  level: oneOf(warehouseLevels),
});
export type Warehouse = Static<typeof Warehouse>;
export const WarehousePage = page(Warehouse);

/** The names with which a row names its warehouse and its item. */
const named = {
  warehouse: Type.String(),
  warehouseName: Type.String(),
  warehouseNameEn: Type.String(),
  item: Type.String(),
  itemName: Type.String(),
  itemNameEn: Type.String(),
  unit: Type.String(),
  unitEn: Type.String(),
};

/** What a warehouse holds of an item, and for how long at the present rate. */
export const StockRow = Type.Object({
  key: Type.String(),
  areaCode: Type.String(),
  ...named,
  kind: oneOf(itemKinds),
  onHand: Type.Integer(),
  reserved: Type.Integer(),
  /** What may be taken today: neither promised nor spoiled. */
  free: Type.Integer(),
  /** Mean of the last days that are over and today, per day. */
  dailyUse: Type.Number(),
  /** Null where nothing is used. */
  daysLeft: nullable(Type.Number()),
  state: oneOf(stockStates),
  countedAt: nullable(Moment),
});
export type StockRow = Static<typeof StockRow>;
export const StockPage = page(StockRow);

export const LotRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  ...named,
  batch: Type.String(),
  expiresOn: nullable(Type.String()),
  onHand: Type.Integer(),
  /** Days until it spoils; negative when it has. */
  daysToExpiry: nullable(Type.Integer()),
});
export type LotRow = Static<typeof LotRow>;
export const LotPage = page(LotRow);

export const MovementRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  ...named,
  batch: Type.String(),
  kind: oneOf(movementKinds),
  quantity: Type.Integer(),
  at: Moment,
  referenceType: Type.String(),
  referenceId: Type.String(),
  note: Type.String(),
});
export type MovementRow = Static<typeof MovementRow>;
export const MovementPage = page(MovementRow);

export const ListQuery = Type.Object({
  areaCode: Type.Optional(AreaCodeText),
  state: Type.Optional(Type.String({ maxLength: 40 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ListQuery = Static<typeof ListQuery>;
export const StockQuery = Type.Object({ ...ListQuery.properties, sort: sorts("place", "daysLeft") });
export type StockQuery = Static<typeof StockQuery>;
export const RequestQuery = Type.Object({ ...ListQuery.properties, sort: sorts("asked", "needed") });
export type RequestQuery = Static<typeof RequestQuery>;

const line = { item: Code, quantity: Quantity };
const InLine = strict({ ...line, batch: Type.Optional(Batch), expiresOn: Type.Optional(DayText) });

export const RegisterItems = strict({
  items: Type.Array(
    strict({
      code: Code,
      name: Type.String({ minLength: 1, maxLength: 100 }),
      nameEn: Type.String({ minLength: 1, maxLength: 100 }),
      unit: Type.String({ minLength: 1, maxLength: 20 }),
      unitEn: Type.String({ minLength: 1, maxLength: 20 }),
      kind: oneOf(itemKinds),
      perishable: Type.Boolean(),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});
export type RegisterItems = Static<typeof RegisterItems>;

export const RegisterWarehouses = strict({
  warehouses: Type.Array(
    strict({
      areaCode: AreaCodeText,
      code: Code,
      name: Type.String({ minLength: 1, maxLength: 100 }),
      nameEn: Type.String({ minLength: 1, maxLength: 100 }),
      level: oneOf(warehouseLevels),
    }),
    { minItems: 1, maxItems: 2_000 },
  ),
});
export type RegisterWarehouses = Static<typeof RegisterWarehouses>;

export const CountStock = strict({
  warehouse: Code,
  lines: Type.Array(
    strict({
      item: Code,
      batch: Type.Optional(Batch),
      expiresOn: Type.Optional(DayText),
      counted: Type.Integer({ minimum: 0, maximum: quantityMax }),
      /** Needed where the count differs from the book. */
      reason: Type.Optional(Type.String({ maxLength: 500 })),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});
export type CountStock = Static<typeof CountStock>;

export const MoveStock = strict({
  warehouse: Code,
  kind: oneOf(["received", "issued", "returned", "lost"] as const),
  lines: Type.Array(InLine, { minItems: 1, maxItems: linesMax }),
  reference: Type.Optional(Type.String({ maxLength: 100 })),
  note: Note,
});
export type MoveStock = Static<typeof MoveStock>;

export const Donate = strict({
  warehouse: Code,
  receiptNo: Code,
  giverKind: oneOf(giverKinds),
  /** Only of an organisation. */
  giver: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  lines: Type.Array(InLine, { minItems: 1, maxItems: linesMax }),
});
export type Donate = Static<typeof Donate>;

export const DonationRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  ...named,
  receiptNo: Type.String(),
  giverKind: oneOf(giverKinds),
  giver: Type.String(),
  batch: Type.String(),
  expiresOn: nullable(Type.String()),
  quantity: Type.Integer(),
  at: Moment,
});
export type DonationRow = Static<typeof DonationRow>;
export const DonationPage = page(DonationRow);

export const DiscardExpired = strict({ warehouse: Code, note: Note });
export const Moved = Type.Object({ movements: Type.Integer(), quantity: Type.Integer() });
export type Moved = Static<typeof Moved>;
