import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { PlanClass } from "#domain/outbreaks";
import type { IdKind } from "#domain/people";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { Arrival, ArrivalLevel, ArrivalQuery, DeclarationSource } from "./inbound.model.ts";

/** SQL of declarations and arrivals. */

const listColumns = `id, receipt, area_code as "areaCode", source, origin, left_on as "leftOn", arrives_at as "arrivesAt", state, level, plan,
  rule_id as "ruleId", due_at as "dueAt", classified_at as "classifiedAt",
  coalesce(classified_at, case when state in ('declared', 'arrived') then $1::timestamptz end) > due_at as late`;

const fullColumns = `${listColumns}, name, id_kind as "idKind", id_enc as "idEnc", phone_enc as "phoneEnc", via, vehicle,
  person_id as "personId", declared_at as "declaredAt", arrived_at as "arrivedAt", closed_at as "closedAt", close_reason as "closeReason"`;

/** A declaration with its sealed identity. */
export interface ArrivalRow extends Omit<Arrival, "late"> {
  readonly late: boolean | null;
  readonly name: string;
  readonly idKind: IdKind | null;
  readonly idEnc: Buffer | null;
  readonly phoneEnc: Buffer | null;
  readonly via: string;
  readonly vehicle: string | null;
  readonly personId: number | null;
  readonly declaredAt: Instant;
  readonly arrivedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly closeReason: string | null;
}

export interface NewArrival {
  readonly id: string;
  readonly receipt: string;
  readonly areaCode: string;
  readonly name: string;
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneEnc: Buffer | null;
  readonly origin: string;
  readonly via: string;
  readonly leftOn: Day;
  readonly arrivesAt: Instant;
  readonly vehicle: string | null;
  readonly level: ArrivalLevel;
  readonly plan: PlanClass | null;
  readonly rule: string;
  readonly dueAt: Instant;
}

/** Stores arrivals; returns the ids of those that were not known. */
export async function insertArrivals(
  tx: Tx,
  of: { readonly outbreakId: string; readonly source: DeclarationSource; readonly arrived: boolean },
  rows: readonly NewArrival[],
): Promise<Set<string>> {
  const stored = await tx.sql.many<{ id: string }>(
    `insert into inbound_declaration (id, receipt, area_code, name, id_kind, id_hash, id_enc, phone_enc, origin, via, left_on, arrives_at, vehicle,
       level, plan, rule_id, due_at, outbreak_id, source, state, declared_at, arrived_at)
     select n.*, $18, $19, case when $20 then 'arrived' else 'declared' end, $21::timestamptz, case when $20 then $21::timestamptz end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::text[],
       $11::date[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[]) n
     on conflict (receipt) do nothing returning id`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.receipt),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.name),
      rows.map((row) => row.idKind),
      rows.map((row) => row.idHash),
      rows.map((row) => row.idEnc),
      rows.map((row) => row.phoneEnc),
      rows.map((row) => row.origin),
      rows.map((row) => row.via),
      rows.map((row) => row.leftOn),
      rows.map((row) => row.arrivesAt),
      rows.map((row) => row.vehicle),
      rows.map((row) => row.level),
      rows.map((row) => row.plan),
      rows.map((row) => row.rule),
      rows.map((row) => row.dueAt),
      of.outbreakId,
      of.source,
      of.arrived,
      tx.now,
    ],
  );
  return new Set(stored.map((row) => row.id));
}

export async function arrivalArea(tx: Tx, id: string): Promise<string | undefined> {
  return (await tx.sql.maybe<{ a: string }>("select area_code as a from inbound_declaration where id = $1", [id]))?.a;
}

export async function findArrival(tx: Tx, id: string): Promise<ArrivalRow | undefined> {
  return tx.sql.maybe<ArrivalRow>(`select ${fullColumns} from inbound_declaration where id = $2`, [tx.now, id]);
}

/** Arrivals by id, locked, in a fixed order. */
export async function lockArrivals(tx: Tx, ids: readonly string[]): Promise<ArrivalRow[]> {
  return tx.sql.many<ArrivalRow>(
    `select ${fullColumns} from inbound_declaration where id = any($2::uuid[]) order by area_code, arrives_at, name, receipt for update`,
    [tx.now, ids],
  );
}

/** Open arrivals whose origin touches one of the places and who left since a day. */
export async function lockTouched(tx: Tx, places: readonly string[], since: Day): Promise<ArrivalRow[]> {
  return tx.sql.many<ArrivalRow>(
    `select ${fullColumns} from inbound_declaration
     where state in ('declared', 'arrived', 'classified') and left_on >= $3::date and exists (select 1 from unnest($2::text[]) p (place)
       where starts_with(origin, p.place) or starts_with(p.place, origin) or lower(p.place) = lower(origin))
     order by area_code, arrives_at, name, receipt for update`,
    [tx.now, places, since],
  );
}

/** What the road must know of open declarations, by number or by the hash of an identity, wherever they go. */
export async function openByTraveller(
  tx: Tx,
  receipts: readonly string[],
  hashes: readonly Buffer[],
): Promise<{ id: string; receipt: string; hash: string | null; level: ArrivalLevel }[]> {
  return tx.sql.many(
    `select id, receipt, encode(id_hash, 'hex') as hash, level from wuyang.inbound_open($1::text[], $2::bytea[]) order by receipt`,
    [receipts, hashes],
  );
}

export async function setArrived(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run(
    "update inbound_declaration set state = 'arrived', arrived_at = $2 where id = any($1::uuid[]) and state = 'declared'",
    [ids, tx.now],
  );
}

export interface Grade {
  readonly id: string;
  readonly level: ArrivalLevel;
  readonly plan: PlanClass | null;
  readonly rule: string;
}

export async function setGrades(tx: Tx, rows: readonly Grade[]): Promise<void> {
  await tx.sql.run(
    `update inbound_declaration d set level = n.level, plan = n.plan, rule_id = n.rule
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) n (id, level, plan, rule) where d.id = n.id`,
    [rows.map((r) => r.id), rows.map((r) => r.level), rows.map((r) => r.plan), rows.map((r) => r.rule)],
  );
}

/** The visit is done: who has a plan stays classified until it is over, the others are closed at once. */
export async function setClassified(tx: Tx, rows: readonly { id: string; personId: number }[]): Promise<void> {
  await tx.sql.run(
    `update inbound_declaration d set person_id = n.person_id, classified_at = $3, arrived_at = coalesce(d.arrived_at, $3),
       state = case when d.plan is null then 'closed' else 'classified' end,
       closed_at = case when d.plan is null then $3::timestamptz end, close_reason = case when d.plan is null then 'noPlan' end
     from unnest($1::uuid[], $2::bigint[]) n (id, person_id) where d.id = n.id`,
    [rows.map((r) => r.id), rows.map((r) => r.personId), tx.now],
  );
}

export async function setEnded(tx: Tx, id: string, state: "closed" | "cancelled", reason: string): Promise<void> {
  await tx.sql.run("update inbound_declaration set state = $2, closed_at = $3, close_reason = $4 where id = $1", [
    id,
    state,
    tx.now,
    reason,
  ]);
}

/** The plan of these people is over. */
export async function closeOfPeople(tx: Tx, personIds: readonly number[], reason: string): Promise<void> {
  await tx.sql.run(
    `update inbound_declaration set state = 'closed', closed_at = $2, close_reason = $3
     where person_id = any($1::bigint[]) and state = 'classified'`,
    [personIds, tx.now, reason],
  );
}

const arrivalSorts: SortTable<ArrivalRow, "due" | "arrives"> = {
  keys: {
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
    arrives: { sql: "arrives_at", type: "timestamptz", of: (row) => row.arrivesAt },
  },
  tie: { sql: "id::text", type: "text", of: (row) => row.id },
};

export async function pageArrivals(tx: Tx, query: ArrivalQuery): Promise<Page<ArrivalRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, arrivalSorts, "due", area);
  const rows = await tx.sql.many<ArrivalRow>(
    `select ${fullColumns} from inbound_declaration
     where area_code >= $2 and area_code < $3 and ($4::text is null or state = $4) and ($5::text is null or level = $5)
       and (not $6 or (state in ('declared', 'arrived') and due_at < $1::timestamptz))
       and ${sort.after(8)}
     order by ${sort.order} limit $7`,
    [tx.now, lo, hi, query.state ?? null, query.level ?? null, query.overdue ?? false, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}
