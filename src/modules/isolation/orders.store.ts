import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Category, OrderMode, OrderState } from "./isolation.model.ts";

/** SQL of isolation orders. */

/** An order as the services work with it. */
export interface OrderRow {
  readonly id: string;
  readonly outbreakId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly householdId: number | null;
  readonly age: number | null;
  readonly needs: readonly string[];
  readonly category: Category;
  readonly planClass: string;
  readonly segment: number;
  readonly mode: OrderMode;
  readonly contactId: string | null;
  readonly linkedContactId: string | null;
  readonly caseId: string | null;
  readonly anchorAt: string;
  readonly orderedAt: string;
  readonly dueAt: string;
  readonly dueRule: string;
  readonly state: OrderState;
  readonly siteId: string | null;
  readonly siteAreaCode: string | null;
  readonly transferId: string | null;
  readonly startAt: string | null;
  readonly observationDay: string | null;
  readonly plannedEndDay: string | null;
  readonly symptomatic: boolean | null;
  readonly feverFreeSince: string | null;
  readonly clinical: readonly string[];
}

/** The columns of an order as the services work with it. */
export const orderColumns = `o.id, o.outbreak_id as "outbreakId", o.person_id as "personId", o.area_code as "areaCode", o.household_id as "householdId", o.age, o.needs,
  o.category, o.plan_class as "planClass", o.segment, o.mode, o.contact_id as "contactId", o.linked_contact_id as "linkedContactId",
  o.case_id as "caseId", o.anchor_at as "anchorAt", o.ordered_at as "orderedAt", o.due_at as "dueAt", o.due_rule as "dueRule", o.state,
  o.site_id as "siteId", o.site_area_code as "siteAreaCode", o.transfer_id as "transferId", o.start_at as "startAt",
  o.observation_day0 as "observationDay", o.planned_end_day as "plannedEndDay", o.symptomatic,
  o.fever_free_since as "feverFreeSince", o.clinical`;
const open = "('pending', 'transferring', 'active')";

export interface NewOrder {
  readonly id: string;
  readonly outbreakId: string;
  readonly protocolVersion: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly householdId: number | null;
  readonly age: number | null;
  readonly needs: readonly string[];
  readonly category: Category;
  readonly planClass: string;
  readonly mode: OrderMode;
  readonly contactId: string | null;
  readonly linkedContactId: string | null;
  readonly caseId: string | null;
  readonly anchorAt: string;
  readonly dueAt: string;
  readonly dueRule: string;
}

export async function insertOrders(tx: Tx, orders: readonly NewOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.sql.run(
    `insert into isolation_order (id, outbreak_id, protocol_version, person_id, area_code, household_id, age, needs, category, plan_class, mode,
       contact_id, linked_contact_id, case_id, anchor_at, due_at, due_rule, ordered_at, state)
     select "id", "outbreakId", "protocolVersion", "personId", "areaCode", "householdId", "age", "needs", "category", "planClass", "mode",
       "contactId", "linkedContactId", "caseId", "anchorAt", "dueAt", "dueRule", $2::timestamptz, 'pending'
     from jsonb_to_recordset($1::jsonb) as n ("id" uuid, "outbreakId" uuid, "protocolVersion" text, "personId" bigint, "areaCode" text, "householdId" bigint,
       "age" integer, "needs" text[], "category" text, "planClass" text, "mode" text, "contactId" uuid, "linkedContactId" uuid, "caseId" uuid,
       "anchorAt" timestamptz, "dueAt" timestamptz, "dueRule" text)`,
    [JSON.stringify(orders), tx.now],
  );
}

/** Links contacts to the order that covers their person. */
export async function linkContacts(
  tx: Tx,
  rows: readonly { contactId: string; orderId: string; areaCode: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `insert into order_contact (contact_id, order_id, area_code) select * from unnest($1::uuid[], $2::uuid[], $3::text[])
     on conflict (contact_id) do update set order_id = excluded.order_id, excluded_at = null`,
    [rows.map((r) => r.contactId), rows.map((r) => r.orderId), rows.map((r) => r.areaCode)],
  );
}

/** A superseding order takes over the contacts of the one before. */
export async function moveContacts(tx: Tx, fromOrderId: string, toOrderId: string): Promise<void> {
  await tx.sql.run("update order_contact set order_id = $2 where order_id = $1", [fromOrderId, toOrderId]);
}

/** A waiting order follows its contact to the county that took him over, unless he lives there already. */
export async function moveToArea(tx: Tx, contactId: string, areaCode: string): Promise<void> {
  await tx.sql.run(
    `update isolation_order o set area_code = $2 from order_contact c
     where c.contact_id = $1 and o.id = c.order_id and o.state = 'pending' and not starts_with(o.area_code, $2)`,
    [contactId, areaCode],
  );
}

/** Marks contacts as excluded and returns the orders that no contact needs any more. */
export async function excludeContacts(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
  const rows = await tx.sql.many<{ order_id: string }>(
    `with gone as (update order_contact set excluded_at = $2 where contact_id = any($1::uuid[]) and excluded_at is null returning order_id)
     select distinct g.order_id from gone g where not exists (
       select 1 from order_contact c where c.order_id = g.order_id and c.excluded_at is null and c.contact_id <> all($1::uuid[]))
     order by 1`,
    [contactIds, tx.now],
  );
  return rows.map((row) => row.order_id);
}

export async function openOrdersOf(tx: Tx, personIds: readonly number[]): Promise<OrderRow[]> {
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o where o.person_id = any($1::bigint[]) and o.state in ${open} order by o.person_id`,
    [personIds],
  );
}

export async function ordersByIds(tx: Tx, ids: readonly string[]): Promise<OrderRow[]> {
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o where o.id = any($1::uuid[]) order by o.due_at, o.person_id for update`,
    [ids],
  );
}

/** One order, without keeping others from it. */
export async function orderSeen(tx: Tx, id: string): Promise<OrderRow | undefined> {
  return tx.sql.maybe<OrderRow>(`select ${orderColumns} from isolation_order o where o.id = $1`, [id]);
}

/** The orders of contacts, for the tests of a linked close contact; `over` when the link was excluded or is a case now. */
export async function ordersOfContacts(
  tx: Tx,
  contactIds: readonly string[],
): Promise<{ contactId: string; orderId: string; over: boolean }[]> {
  return tx.sql.many(
    `select c.contact_id as "contactId", c.order_id as "orderId",
       c.excluded_at is not null or coalesce(o.end_reason = 'superseded', false) as over
     from order_contact c join isolation_order o on o.id = c.order_id where c.contact_id = any($1::uuid[])`,
    [contactIds],
  );
}

export async function openCaseOrders(tx: Tx, caseIds: readonly string[]): Promise<OrderRow[]> {
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o where o.case_id = any($1::uuid[]) and o.state in ${open} order by o.person_id`,
    [caseIds],
  );
}

/** Orders that wait for a bed, the earliest due first. */
export async function waitingForBed(
  tx: Tx,
  query: { areaCode: string; orderIds?: readonly string[]; limit: number },
): Promise<OrderRow[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o
     where o.state = 'pending' and o.site_id is null and o.mode in ('central', 'fangcang', 'hospital')
       and o.area_code >= $1 and o.area_code < $2 and ($3::uuid[] is null or o.id = any($3::uuid[]))
     order by o.due_at, o.person_id limit $4 for update`,
    [lo, hi, query.orderIds ?? null, query.limit],
  );
}

/** Orders that have a bed and no vehicle yet. */
export async function waitingForVehicle(
  tx: Tx,
  query: { areaCode: string; orderIds?: readonly string[]; limit: number },
): Promise<OrderRow[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o
     where o.state = 'pending' and o.site_id is not null and o.transfer_id is null
       and o.area_code >= $1 and o.area_code < $2 and ($3::uuid[] is null or o.id = any($3::uuid[]))
     order by o.due_at, o.person_id limit $4 for update`,
    [lo, hi, query.orderIds ?? null, query.limit],
  );
}

/** Orders at home that nobody has started yet. */
export async function waitingAtHome(
  tx: Tx,
  query: { areaCode: string; orderIds?: readonly string[]; limit: number },
): Promise<OrderRow[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o
     where o.state = 'pending' and o.transfer_id is null and o.mode in ('home', 'homeMonitor')
       and o.area_code >= $1 and o.area_code < $2 and ($3::uuid[] is null or o.id = any($3::uuid[]))
     order by o.due_at, o.person_id limit $4 for update`,
    [lo, hi, query.orderIds ?? null, query.limit],
  );
}

/** Active orders of contacts whose stretch is over by `day` and who are not on a vehicle home. */
export async function stretchOver(
  tx: Tx,
  query: { areaCode: string; day: string; last: boolean; orderIds?: readonly string[]; limit: number },
): Promise<OrderRow[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o
     where o.state = 'active' and o.transfer_id is null and o.last_segment = $6 and o.planned_end_day <= $3::date and o.area_code >= $1 and o.area_code < $2
       and ($4::uuid[] is null or o.id = any($4::uuid[]))
     order by o.planned_end_day, o.id limit $5 for update`,
    [lo, hi, query.day, query.orderIds ?? null, query.limit, query.last],
  );
}

/** Patients in fangcang and hospital. */
export async function patients(
  tx: Tx,
  query: { areaCode: string; orderIds?: readonly string[]; limit: number },
): Promise<OrderRow[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<OrderRow>(
    `select ${orderColumns} from isolation_order o
     where o.state = 'active' and o.category = 'case' and o.mode in ('fangcang', 'hospital') and o.transfer_id is null
       and o.area_code >= $1 and o.area_code < $2 and ($3::uuid[] is null or o.id = any($3::uuid[]))
     order by o.start_at, o.id limit $4 for update`,
    [lo, hi, query.orderIds ?? null, query.limit],
  );
}

export async function setMode(
  tx: Tx,
  rows: readonly { orderId: string; mode: OrderMode; rule: string }[],
): Promise<void> {
  await tx.sql.run(
    `update isolation_order o set mode = n.mode, placement_rule = n.rule from unnest($1::uuid[], $2::text[], $3::text[]) n (id, mode, rule) where o.id = n.id`,
    [rows.map((r) => r.orderId), rows.map((r) => r.mode), rows.map((r) => r.rule)],
  );
}

/** Sends an order back to wait for another place, in the same plan. */
export async function restart(tx: Tx, orderId: string, mode: OrderMode, dueAt: string): Promise<void> {
  await tx.sql.run(
    `update isolation_order set mode = $2, due_at = $3, state = 'pending', late_at = null, site_id = null, site_area_code = null, allocated_at = null,
       transfer_id = null, placement_rule = null where id = $1`,
    [orderId, mode, dueAt],
  );
}

export interface Begin {
  readonly orderId: string;
  readonly segment: number;
  readonly mode: OrderMode;
  readonly observationDay: string;
  readonly startDay: string;
  readonly endDay: string | null;
  readonly last: boolean;
}

/** A stretch of the plan begins: the person is in the place. The first beginning stops the order's clock. */
export async function beginOrders(tx: Tx, rows: readonly Begin[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `update isolation_order o set state = 'active', segment = n.segment, mode = n.mode, start_at = coalesce(o.start_at, $7::timestamptz),
       observation_day0 = n.observation_day, segment_start_day = n.start_day, planned_end_day = n.end_day, last_segment = n.last, transfer_id = null,
       site_id = case when n.mode in ('home', 'homeMonitor') then null else o.site_id end,
       site_area_code = case when n.mode in ('home', 'homeMonitor') then null else o.site_area_code end
     from unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::date[], $6::date[], $8::boolean[]) n (id, segment, mode, observation_day, start_day, end_day, last)
     where o.id = n.id`,
    [
      rows.map((r) => r.orderId),
      rows.map((r) => r.segment),
      rows.map((r) => r.mode),
      rows.map((r) => r.observationDay),
      rows.map((r) => r.startDay),
      rows.map((r) => r.endDay),
      tx.now,
      rows.map((r) => r.last),
    ],
  );
}

/** A later last exposure makes the quarantine longer. */
export async function moveAnchors(
  tx: Tx,
  rows: readonly { orderId: string; anchorAt: string; endDay: string | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `update isolation_order o set anchor_at = n.anchor_at, planned_end_day = coalesce(n.end_day, o.planned_end_day)
     from unnest($1::uuid[], $2::timestamptz[], $3::date[]) n (id, anchor_at, end_day) where o.id = n.id`,
    [rows.map((r) => r.orderId), rows.map((r) => r.anchorAt), rows.map((r) => r.endDay)],
  );
}

/** Ties orders to a trip (or to none), each on the way from now on when `state` says so. */
export async function setTransfers(
  tx: Tx,
  rows: readonly { orderId: string; transferId: string | null }[],
  state?: OrderState,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `update isolation_order o set transfer_id = n.transfer_id, state = coalesce($3, o.state)
     from unnest($1::uuid[], $2::uuid[]) n (id, transfer_id) where o.id = n.id`,
    [rows.map((r) => r.orderId), rows.map((r) => r.transferId), state ?? null],
  );
}

/** Ends orders: who was in the place is released, who was not (or goes on under another order) has the order cancelled. */
export async function finishOrders(tx: Tx, orderIds: readonly string[], reason: string): Promise<void> {
  await tx.sql.run(
    `update isolation_order set state = case when state = 'active' and $3 <> 'superseded' then 'released' else 'cancelled' end, ended_at = $2, end_reason = $3
     where id = any($1::uuid[]) and state in ${open}`,
    [orderIds, tx.now, reason],
  );
}

/** Puts what is late and not in its place on the overdue list; returns how many are new there. spec: ISO-13 */
export async function markLate(tx: Tx): Promise<number> {
  return tx.sql.run(
    "update isolation_order set late_at = $1 where state in ('pending', 'transferring') and due_at < $1 and late_at is null",
    [tx.now],
  );
}

export interface ClinicalRow {
  readonly orderId: string;
  readonly symptomatic?: boolean;
  readonly feverFreeSince?: string | null;
  readonly clinical?: readonly string[];
}

export async function setClinical(tx: Tx, rows: readonly ClinicalRow[]): Promise<number> {
  return tx.sql.run(
    `update isolation_order o set symptomatic = coalesce(n.symptomatic, o.symptomatic), fever_free_since = coalesce(n."feverFreeSince", o.fever_free_since),
       clinical = coalesce(n.clinical, o.clinical)
     from jsonb_to_recordset($1::jsonb) as n ("orderId" uuid, symptomatic boolean, "feverFreeSince" date, clinical text[]) where o.id = n."orderId"`,
    [JSON.stringify(rows)],
  );
}

export async function setNeedsOf(tx: Tx, orderId: string, needs: readonly string[]): Promise<number> {
  return tx.sql.run("update isolation_order set needs = $2 where id = $1 and state = 'pending'", [orderId, needs]);
}

export async function setCarer(tx: Tx, orderId: string, carerPersonId: number): Promise<void> {
  await tx.sql.run("update isolation_order set carer_person_id = $2 where id = $1", [orderId, carerPersonId]);
}
