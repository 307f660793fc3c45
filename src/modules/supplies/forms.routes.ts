import Type from "typebox";
import { defineRoute, type Route } from "#platform/http";
import { ById, RequestRow } from "./requests.model.ts";
import { askSupplies, receiveRequest } from "./requests.service.ts";
import { countStock, donate, moveStock } from "./stock.service.ts";
import { giverKinds, Moved, quantityMax } from "./supplies.model.ts";

const tag = "supplies";
const Code = Type.String({ minLength: 1, maxLength: 40 });
const Note = Type.String({ minLength: 1, maxLength: 500 });
const Quantity = Type.Integer({ minimum: 1, maximum: quantityMax });
const optionalText = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const strict = { additionalProperties: false } as const;

/** What a form left empty is not sent on. */
function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined || value === "" ? {} : ({ [key]: value } as { [P in K]?: string });
}

/** The same use cases with one line each, as a form at the shelf sends it. */
export const formRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    url: "/api/v1/supplies/counts/one",
    operationId: "countOneItem",
    tag,
    permission: countStock.def.permission,
    summary: "Count one item of a warehouse",
    body: Type.Object(
      {
        warehouse: Code,
        item: Code,
        batch: optionalText(60),
        counted: Type.Integer({ minimum: 0, maximum: quantityMax }),
        reason: optionalText(500),
      },
      strict,
    ),
    response: Moved,
    handler: (ctx, { body }) =>
      countStock(ctx, {
        warehouse: body.warehouse,
        lines: [
          { item: body.item, counted: body.counted, ...given("batch", body.batch), ...given("reason", body.reason) },
        ],
      }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/supplies/movements/one",
    operationId: "moveOneItem",
    tag,
    permission: moveStock.def.permission,
    summary: "Take in, give out, take back or write off one item",
    body: Type.Object(
      {
        warehouse: Code,
        item: Code,
        kind: Type.Unsafe<"received" | "issued" | "returned" | "lost">({
          type: "string",
          enum: ["received", "issued", "returned", "lost"],
        }),
        quantity: Quantity,
        batch: optionalText(60),
        expiresOn: optionalText(10),
        note: Note,
      },
      strict,
    ),
    response: Moved,
    handler: (ctx, { body: { warehouse, kind, note, item, quantity, batch, expiresOn } }) =>
      moveStock(ctx, {
        warehouse,
        kind,
        note,
        lines: [{ item, quantity, ...given("batch", batch), ...given("expiresOn", expiresOn) }],
      }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/supplies/donations/one",
    operationId: "donateOneItem",
    tag,
    permission: donate.def.permission,
    summary: "Take in a gift of one item",
    body: Type.Object(
      {
        warehouse: Code,
        receiptNo: Code,
        giverKind: Type.Unsafe<(typeof giverKinds)[number]>({ type: "string", enum: [...giverKinds] }),
        giver: optionalText(100),
        item: Code,
        quantity: Quantity,
        expiresOn: optionalText(10),
      },
      strict,
    ),
    response: Moved,
    handler: (ctx, { body: { warehouse, receiptNo, giverKind, giver, item, quantity, expiresOn } }) =>
      donate(ctx, {
        warehouse,
        receiptNo,
        giverKind,
        ...given("giver", giver),
        lines: [{ item, quantity, ...given("expiresOn", expiresOn) }],
      }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/supplies/requests/one",
    operationId: "askOneItem",
    tag,
    permission: askSupplies.def.permission,
    summary: "Ask for one item",
    body: Type.Object(
      {
        warehouse: Code,
        item: Code,
        quantity: Quantity,
        sourceAreaCode: optionalText(20),
        neededBy: Type.String({ minLength: 16, maxLength: 40 }),
        reason: Note,
      },
      strict,
    ),
    response: RequestRow,
    handler: (ctx, { body: { warehouse, item, quantity, sourceAreaCode, neededBy, reason } }) =>
      askSupplies(ctx, {
        warehouse,
        neededBy,
        reason,
        ...given("sourceAreaCode", sourceAreaCode),
        lines: [{ item, quantity }],
      }),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/supplies/requests/:id/receive-differing",
    operationId: "receiveDifferingLoad",
    tag,
    permission: receiveRequest.def.permission,
    summary: "Count a load in of which one batch differs",
    params: ById,
    body: Type.Object(
      {
        allocationId: Type.String({ format: "uuid" }),
        received: Type.Integer({ minimum: 0, maximum: quantityMax }),
        reason: Note,
      },
      strict,
    ),
    response: RequestRow,
    handler: (ctx, { params, body }) => receiveRequest(ctx, { ...params, differences: [body] }),
  }),
];
