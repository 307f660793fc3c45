import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { AllocationRow, RequestRow } from "./requests.model.ts";
import type { RequestQuery, RequestState } from "./supplies.model.ts";

/** A request as the rules see it. */
export interface RequestFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly sourceAreaCode: string;
  readonly warehouseId: string;
  readonly no: string;
  readonly state: RequestState;
  readonly askedBy: string;
  readonly neededBy: Instant;
}

const facts = `id, outbreak_id as "outbreakId", area_code as "areaCode", source_area_code as "sourceAreaCode",
  warehouse_id as "warehouseId", no, state, asked_by as "askedBy", needed_by as "neededBy"`;

export async function findRequest(tx: Tx, id: string): Promise<RequestFacts | undefined> {
  return tx.sql.maybe<RequestFacts>(`select ${facts} from supply_request where id = $1`, [id]);
}

export async function lockRequest(tx: Tx, id: string): Promise<RequestFacts | undefined> {
  return tx.sql.maybe<RequestFacts>(`select ${facts} from supply_request where id = $1 for update`, [id]);
}

/** Which of these numbers stand in the register. */
export async function knownNumbers(tx: Tx, numbers: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql.many<{ no: string }>("select no from supply_request where no = any($1::text[])", [numbers]);
  return new Set(rows.map((row) => row.no));
}

export interface NewRequest {
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly sourceAreaCode: string;
  readonly warehouseId: string;
  readonly no: string;
  readonly reason: string;
  readonly neededBy: Instant;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number }[];
}

/** Stores a request; undefined when its number is taken. */
export async function insertRequest(tx: Tx, row: NewRequest): Promise<string | undefined> {
  const id = tx.newId();
  const stored = await tx.sql.run(
    `insert into supply_request (id, outbreak_id, area_code, source_area_code, warehouse_id, no, state, reason, asked_at, asked_by, needed_by)
     values ($1, $2, $3, $4, $5, $6, 'asked', $7, $8, $9, $10) on conflict (no) do nothing`,
    [
      id,
      row.outbreakId,
      row.areaCode,
      row.sourceAreaCode,
      row.warehouseId,
      row.no,
      row.reason,
      tx.now,
      tx.actor.id,
      row.neededBy,
    ],
  );
  if (stored === 0) return undefined;
  for (const line of row.lines)
    await tx.sql.run(
      `insert into supply_request_line (request_id, item_id, area_code, source_area_code, asked) values ($1, $2, $3, $4, $5)`,
      [id, line.itemId, row.areaCode, row.sourceAreaCode, line.quantity],
    );
  return id;
}

export interface LineFacts {
  readonly itemId: string;
  readonly item: string;
  readonly asked: number;
  readonly approved: number | null;
}

export async function linesOf(tx: Tx, requestId: string): Promise<LineFacts[]> {
  return tx.sql.many<LineFacts>(
    `select l.item_id as "itemId", i.code as item, l.asked, l.approved from supply_request_line l
     join supply_item i on i.id = l.item_id where l.request_id = $1 order by i.code`,
    [requestId],
  );
}

export async function approveLines(tx: Tx, requestId: string, approved: ReadonlyMap<string, number>): Promise<void> {
  await tx.sql.run(
    `update supply_request_line l set approved = g.quantity
     from unnest($2::text[], $3::bigint[]) as g (code, quantity) join supply_item i on i.code = g.code
     where l.request_id = $1 and l.item_id = i.id`,
    [requestId, [...approved.keys()], [...approved.values()]],
  );
}

export async function updateDecided(tx: Tx, id: string, state: RequestState, decision: string): Promise<void> {
  await tx.sql.run(
    `update supply_request set state = $2, decision = $3, decided_at = $4, decided_by = $5,
       closed_at = case when $2 = 'refused' then $4::timestamptz end, closed_by = case when $2 = 'refused' then $5 end
     where id = $1`,
    [id, state, decision, tx.now, tx.actor.id],
  );
}

export async function updateState(
  tx: Tx,
  id: string,
  state: "allocated" | "dispatched" | "received" | "closed",
): Promise<void> {
  await tx.sql.run(
    `update supply_request set state = $2, closed_at = case when $2 = 'closed' then $3::timestamptz end,
       closed_by = case when $2 = 'closed' then $4 end where id = $1`,
    [id, state, tx.now, tx.actor.id],
  );
}

export async function insertAllocation(
  tx: Tx,
  request: RequestFacts,
  row: {
    readonly itemId: string;
    readonly lotId: string;
    readonly batch: string;
    readonly expiresOn: Day | null;
    readonly quantity: number;
  },
): Promise<void> {
  await tx.sql.run(
    `insert into supply_allocation (id, request_id, area_code, source_area_code, item_id, lot_id, batch, expires_on, quantity)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tx.newId(),
      request.id,
      request.areaCode,
      request.sourceAreaCode,
      row.itemId,
      row.lotId,
      row.batch,
      row.expiresOn,
      row.quantity,
    ],
  );
}

export type AllocationFacts = AllocationRow & { readonly itemId: string; readonly lotId: string };

export async function allocationsOf(tx: Tx, requestId: string): Promise<AllocationFacts[]> {
  return tx.sql.many<AllocationFacts>(
    `select a.id, a.item_id as "itemId", a.lot_id as "lotId", i.code as item, a.batch, a.expires_on as "expiresOn",
       a.quantity, a.received, a.discrepancy, a.settlement
     from supply_allocation a join supply_item i on i.id = a.item_id where a.request_id = $1 order by i.code, a.batch`,
    [requestId],
  );
}

/** The warehouse from which a request was allocated; the source's own people may look it up. */
export async function sourceWarehouse(tx: Tx, requestId: string): Promise<string | undefined> {
  const row = await tx.sql.maybe<{ id: string }>(
    `select distinct l.warehouse_id as id from supply_allocation a join supply_lot l on l.id = a.lot_id where a.request_id = $1`,
    [requestId],
  );
  return row?.id;
}

export async function insertDispatch(
  tx: Tx,
  request: RequestFacts,
  load: { readonly vehicle: string; readonly dueAt: Instant },
): Promise<void> {
  await tx.sql.run(
    `insert into supply_dispatch (id, request_id, area_code, source_area_code, vehicle, departed_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.newId(), request.id, request.areaCode, request.sourceAreaCode, load.vehicle, tx.now, load.dueAt],
  );
}

export async function updateReceived(tx: Tx, requestId: string): Promise<void> {
  await tx.sql.run("update supply_dispatch set received_at = $2, received_by = $3 where request_id = $1", [
    requestId,
    tx.now,
    tx.actor.id,
  ]);
}

export async function updateAllocation(tx: Tx, id: string, received: number, discrepancy: string): Promise<void> {
  await tx.sql.run("update supply_allocation set received = $2, discrepancy = $3 where id = $1", [
    id,
    received,
    discrepancy,
  ]);
}

export async function settleAllocations(tx: Tx, requestId: string, settlement: string): Promise<void> {
  await tx.sql.run(
    "update supply_allocation set settlement = $2, settled_at = $3 where request_id = $1 and received <> quantity",
    [requestId, settlement, tx.now],
  );
}

const rowText = `select q.id, q.no, q.area_code as "areaCode", q.source_area_code as "sourceAreaCode", q.state, q.reason,
    q.decision, q.asked_at as "askedAt", q.needed_by as "neededBy", q.decided_at as "decidedAt", d.vehicle,
    d.departed_at as "departedAt", d.due_at as "dueAt", d.received_at as "receivedAt", q.closed_at as "closedAt",
    coalesce(d.received_at, case when q.state = 'refused' then q.closed_at end, $1::timestamptz) > q.needed_by as late,
    (select json_agg(json_build_object('item', i.code, 'itemName', i.name, 'itemNameEn', i.name_en, 'asked', l.asked,
        'approved', l.approved, 'received', (select sum(a.received) from supply_allocation a
          where a.request_id = l.request_id and a.item_id = l.item_id)) order by i.code)
      from supply_request_line l join supply_item i on i.id = l.item_id where l.request_id = q.id) as lines
  from supply_request q left join supply_dispatch d on d.request_id = q.id`;

export async function requestRow(tx: Tx, id: string): Promise<RequestRow | undefined> {
  return tx.sql.maybe<RequestRow>(`${rowText} where q.id = $2`, [tx.now, id]);
}

const requestSorts: SortTable<RequestRow, "asked" | "needed"> = {
  keys: {
    asked: { sql: "q.asked_at", type: "timestamptz", of: (row) => row.askedAt },
    needed: { sql: "q.needed_by", type: "timestamptz", of: (row) => row.neededBy },
  },
  tie: { sql: "q.id::text", type: "text", of: (row) => row.id },
};

/** Requests from an area and requests to it, the latest first. */
export async function pageRequests(tx: Tx, query: RequestQuery): Promise<Page<RequestRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, requestSorts, "-asked", area);
  const rows = await tx.sql.many<RequestRow>(
    `${rowText}
     where ((q.area_code >= $2 and q.area_code < $3) or (q.source_area_code >= $2 and q.source_area_code < $3))
       and ($4::text is null or q.state = $4)
       and ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [tx.now, lo, hi, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}
