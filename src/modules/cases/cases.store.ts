import { areaRange } from "#kernel/area";
import type { CaseState, Provenance } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type {
  CaseDetail,
  CaseFacts,
  CaseQuery,
  CaseRow,
  CaseSource,
  ControlStatus,
  Outcome,
  Reclassification,
} from "./cases.model.ts";

/** Rows of cases, their numbers, their history and how people are kept. */

export interface NewCase {
  readonly id: string;
  readonly outbreakId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly provenance: Provenance;
  readonly inCommunity: boolean;
  readonly source: CaseSource;
  readonly signalTubeId: number | null;
  readonly tubeId: number | null;
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly sampledAt: string | null;
  readonly signalAt: string | null;
  readonly positiveAt: string;
  readonly onsetAt: string | null;
  readonly preliminaryDueAt: string | null;
  readonly controlAt: string | null;
  readonly protocolVersion: string;
}

/** Stores preliminary positives; a person who is a case already is left alone. Returns the ids stored. */
export async function insertPreliminary(tx: Tx, rows: readonly NewCase[]): Promise<Set<string>> {
  const stored = await tx.sql.many<{ id: string }>(
    `insert into case_record (id, outbreak_id, person_id, area_code, state, provenance, in_community, source, signal_tube_id,
       tube_id, ct_n, ct_orf, sampled_at, signal_at, positive_at, onset_at, preliminary_due_at, control_at, protocol_version, created_at)
     select id, "outbreakId", "personId", "areaCode", 'preliminary', provenance, "inCommunity", source, "signalTubeId",
       "tubeId", "ctN", "ctOrf", "sampledAt", "signalAt", "positiveAt", "onsetAt", "preliminaryDueAt", "controlAt", "protocolVersion", $2
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "outbreakId" uuid, "personId" bigint, "areaCode" text, provenance text,
       "inCommunity" boolean, source text, "signalTubeId" bigint, "tubeId" bigint, "ctN" numeric, "ctOrf" numeric,
       "sampledAt" timestamptz, "signalAt" timestamptz, "positiveAt" timestamptz, "onsetAt" timestamptz,
       "preliminaryDueAt" timestamptz, "controlAt" timestamptz, "protocolVersion" text)
     on conflict (outbreak_id, person_id) where state <> 'excluded' do nothing
     returning id`,
    [JSON.stringify(rows), tx.now],
  );
  return new Set(stored.map((row) => row.id));
}

const factColumns = `id, outbreak_id as "outbreakId", person_id as "personId", area_code as "areaCode", state, number,
  title_zh as "titleZh", title_en as "titleEn", provenance, in_community as "inCommunity", source, ref,
  signal_tube_id as "signalTubeId", tube_id as "tubeId", sampled_at as "sampledAt", signal_at as "signalAt",
  positive_at as "positiveAt", onset_at as "onsetAt", diagnosed_at as "diagnosedAt", quarantined_at as "quarantinedAt",
  control_at as "controlAt", outcome, infector_case_id as "infectorCaseId"`;

export async function caseById(tx: Tx, id: string): Promise<CaseFacts | undefined> {
  return tx.sql.maybe(`select ${factColumns} from case_record where id = $1`, [id]);
}

export async function lockCase(tx: Tx, id: string): Promise<CaseFacts | undefined> {
  return tx.sql.maybe(`select ${factColumns} from case_record where id = $1 for update`, [id]);
}

export async function casesById(tx: Tx, ids: readonly string[]): Promise<CaseFacts[]> {
  return tx.sql.many(`select ${factColumns} from case_record where id = any($1::uuid[]) order by id`, [ids]);
}

/** The cases among these people, excluded ones left out. */
export async function casesOfPersons(tx: Tx, outbreakId: string, personIds: readonly number[]): Promise<CaseFacts[]> {
  return tx.sql.many(
    `select ${factColumns} from case_record
     where outbreak_id = $1 and person_id = any($2::bigint[]) and state <> 'excluded' order by person_id`,
    [outbreakId, personIds],
  );
}

/** The cases of an outbreak that came in under these names of another register. */
export async function casesByRef(tx: Tx, outbreakId: string, refs: readonly string[]): Promise<CaseFacts[]> {
  return tx.sql.many(
    `select ${factColumns} from case_record where outbreak_id = $1 and ref = any($2::text[]) and state <> 'excluded' order by ref`,
    [outbreakId, refs],
  );
}

/** Every case of an outbreak in an area, for chains and figures; at most `limit`. */
export async function casesOfOutbreak(
  tx: Tx,
  outbreakId: string,
  areaCode: string,
  limit: number,
): Promise<CaseFacts[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select ${factColumns} from case_record
     where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded' order by positive_at, id limit $4`,
    [outbreakId, lo, hi, limit],
  );
}

/** What a picture of the chains says of a case. */
export type ChainFacts = Pick<
  CaseFacts,
  | "id"
  | "personId"
  | "areaCode"
  | "state"
  | "titleZh"
  | "titleEn"
  | "ref"
  | "provenance"
  | "positiveAt"
  | "onsetAt"
  | "infectorCaseId"
>;

/** As `casesOfOutbreak`, with no more than the chains need: half of the time went into moments that nobody looked at. */
export async function chainFacts(tx: Tx, outbreakId: string, areaCode: string, limit: number): Promise<ChainFacts[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, person_id as "personId", area_code as "areaCode", state, title_zh as "titleZh", title_en as "titleEn", ref, provenance,
       positive_at as "positiveAt", onset_at as "onsetAt", infector_case_id as "infectorCaseId" from case_record
     where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded' order by positive_at, id limit $4`,
    [outbreakId, lo, hi, limit],
  );
}

/** Takes the next `count` numbers of a class; returns the first. */
export async function takeNumbers(tx: Tx, outbreakId: string, state: CaseState, count: number): Promise<number> {
  const row = await tx.sql.one<{ last: number }>(
    `insert into case_counter (outbreak_id, class, last) values ($1, $2, $3)
     on conflict (outbreak_id, class) do update set last = case_counter.last + $3 returning last`,
    [outbreakId, state, count],
  );
  return row.last - count + 1;
}

export interface ClassChange {
  readonly state: CaseState;
  readonly number: number | null;
  readonly titleZh: string | null;
  readonly titleEn: string | null;
  readonly ruleId: string;
  readonly severity?: string | null;
  readonly onsetAt?: string | null;
  readonly facts?: Readonly<Record<string, boolean>>;
  readonly ctN?: number | null;
  readonly ctOrf?: number | null;
  readonly diagnosedAt?: string;
  readonly reportDueAt?: string | null;
  readonly protocolVersion: string;
  readonly excludedReason?: string;
}

/** Changes a case's class; what the change does not name stays. A new diagnosis asks for a new report. */
export async function updateClass(tx: Tx, id: string, change: ClassChange): Promise<void> {
  await tx.sql.run(
    `update case_record set state = $2, number = coalesce($3, number), title_zh = coalesce($4, title_zh), title_en = coalesce($5, title_en),
       rule_id = $6, severity = coalesce($7, severity), onset_at = coalesce($8::timestamptz, onset_at), facts = coalesce($9::jsonb, facts),
       ct_n = coalesce($10, ct_n), ct_orf = coalesce($11, ct_orf), diagnosed_at = coalesce($12::timestamptz, diagnosed_at),
       report_due_at = case when $12::timestamptz is null then report_due_at else $13::timestamptz end,
       reported_at = case when $12::timestamptz is null then reported_at end,
       protocol_version = $14, excluded_reason = $15,
       outcome = case when $2 in ('confirmed', 'asymptomatic') then coalesce(outcome, 'inCare') when $2 = 'excluded' then null else outcome end
     where id = $1`,
    [
      id,
      change.state,
      change.number,
      change.titleZh,
      change.titleEn,
      change.ruleId,
      change.severity ?? null,
      change.onsetAt ?? null,
      change.facts ? JSON.stringify(change.facts) : null,
      change.ctN ?? null,
      change.ctOrf ?? null,
      change.diagnosedAt ?? null,
      change.reportDueAt ?? null,
      change.protocolVersion,
      change.excludedReason ?? null,
    ],
  );
}

export async function insertReclassification(
  tx: Tx,
  record: CaseFacts,
  to: { state: CaseState; number: number | null; ruleId: string; reason: string },
): Promise<void> {
  await tx.sql.run(
    `insert into reclassification (id, outbreak_id, case_id, area_code, from_state, to_state, from_number, to_number, rule_id, reason, at, actor_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tx.newId(),
      record.outbreakId,
      record.id,
      record.areaCode,
      record.state,
      to.state,
      record.number,
      to.number,
      to.ruleId,
      to.reason,
      tx.now,
      tx.actor.id,
    ],
  );
}

export async function reclassifications(tx: Tx, caseId: string): Promise<Reclassification[]> {
  return tx.sql.many(
    `select at, from_state as "from", to_state as "to", from_number as "fromNumber", to_number as "toNumber", rule_id as "ruleId", reason
     from reclassification where case_id = $1 order by at, id`,
    [caseId],
  );
}

/** Notes that a report went out; false when it had gone out before. */
export async function markReported(
  tx: Tx,
  id: string,
  which: "reported_at" | "preliminary_reported_at",
): Promise<boolean> {
  const column = which === "reported_at" ? "reported_at" : "preliminary_reported_at";
  return (
    (await tx.sql.run(`update case_record set ${column} = $2 where id = $1 and ${column} is null`, [id, tx.now])) === 1
  );
}

export async function updateOutcome(tx: Tx, id: string, outcome: Outcome, at: string): Promise<void> {
  await tx.sql.run("update case_record set outcome = $2, outcome_at = $3 where id = $1", [id, outcome, at]);
}

export async function updateInfector(tx: Tx, id: string, infectorCaseId: string | null): Promise<void> {
  await tx.sql.run("update case_record set infector_case_id = $2 where id = $1", [id, infectorCaseId]);
}

/** The infectors above a case, nearest first; bounded so that a damaged chain cannot hang a request. */
export async function infectorsAbove(tx: Tx, id: string): Promise<Map<string, string | null>> {
  const rows = await tx.sql.many<{ id: string; infector: string | null }>(
    `with recursive up as (
       select id, infector_case_id, 1 as depth from case_record where id = $1
       union all
       select c.id, c.infector_case_id, up.depth + 1 from up join case_record c on c.id = up.infector_case_id where up.depth < 1000
     ) select id, infector_case_id as infector from up`,
    [id],
  );
  return new Map(rows.map((row) => [row.id, row.infector]));
}

const rowColumns = `id, case when $1 = 'en' then title_en else title_zh end as number, number as "classNumber", area_code as "areaCode",
  null::text as "areaName", state, severity, rule_id as "ruleId", provenance, in_community as "inCommunity", source, tube_id as "tubeId",
  signal_tube_id as "signalTubeId", sampled_at as "sampledAt", signal_at as "signalAt", positive_at as "positiveAt", onset_at as "onsetAt",
  diagnosed_at as "diagnosedAt", report_due_at as "reportDueAt", reported_at as "reportedAt", preliminary_due_at as "preliminaryDueAt",
  preliminary_reported_at as "preliminaryReportedAt", control_at as "controlAt", outcome, outcome_at as "outcomeAt",
  infector_case_id as "infectorCaseId", protocol_version as "protocolVersion"`;

/** Only what the index by area holds as well. */
const caseSorts: SortTable<CaseRow, "positive"> = {
  keys: { positive: { sql: "positive_at", type: "timestamptz", of: (row) => row.positiveAt } },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

export async function pageCases(tx: Tx, query: CaseQuery): Promise<Page<CaseRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, caseSorts, "-positive", area);
  const rows = await tx.sql.many<CaseRow>(
    `select ${rowColumns} from case_record
     where area_code >= $2 and area_code < $3 and ($4::text is null or state = $4) and ($5::text is null or provenance = $5)
       and ${sort.after(7)}
     order by ${sort.order} limit $6`,
    [tx.lang, lo, hi, query.state ?? null, query.provenance ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export async function caseDetail(tx: Tx, id: string): Promise<Omit<CaseDetail, "reclassifications"> | undefined> {
  return tx.sql.maybe(
    `select ${rowColumns}, age, cluster, facts, ct_n as "ctN", ct_orf as "ctOrf", quarantined_at as "quarantinedAt",
       admitted_at as "admittedAt", excluded_reason as "excludedReason"
     from case_record where id = $2`,
    [tx.lang, id],
  );
}

export interface ControlRow {
  readonly personId: number;
  readonly areaCode: string;
  readonly status: ControlStatus;
  readonly since: string;
}

export async function upsertControl(tx: Tx, rows: readonly ControlRow[]): Promise<void> {
  await tx.sql.run(
    `insert into person_control (person_id, area_code, status, since)
     select distinct on (person_id, since) person_id, area_code, status, since
     from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) with ordinality as new (person_id, area_code, status, since, n)
     order by person_id, since, n desc
     on conflict (person_id, since) do update set status = excluded.status, area_code = excluded.area_code`,
    [rows.map((r) => r.personId), rows.map((r) => r.areaCode), rows.map((r) => r.status), rows.map((r) => r.since)],
  );
}

/** The first moment a case was in a designated place closes its clock. */
export async function markControlled(tx: Tx, rows: readonly { personId: number; since: string }[]): Promise<void> {
  await tx.sql.run(
    `update case_record set control_at = new.since
     from unnest($1::bigint[], $2::timestamptz[]) as new (person_id, since)
     where case_record.person_id = new.person_id and control_at is null and state <> 'excluded'`,
    [rows.map((r) => r.personId), rows.map((r) => r.since)],
  );
}

/** How each person was kept at a moment; those never reported are not in the map. */
export async function controlAt(tx: Tx, personIds: readonly number[], at: string): Promise<Map<number, ControlStatus>> {
  const rows = await tx.sql.many<{ person_id: number; status: ControlStatus }>(
    `select distinct on (person_id) person_id, status from person_control
     where person_id = any($1::bigint[]) and since <= $2 order by person_id, since desc`,
    [personIds, at],
  );
  return new Map(rows.map((row) => [row.person_id, row.status]));
}

export interface AreaControlRow {
  readonly unitCode: string;
  readonly status: "none" | "highZone" | "mediumZone";
  readonly since: string;
}

export async function upsertAreaControl(tx: Tx, rows: readonly AreaControlRow[]): Promise<void> {
  await tx.sql.run(
    `insert into area_control (unit_code, area_code, status, since)
     select unit_code, unit_code, status, since from unnest($1::text[], $2::text[], $3::timestamptz[]) as new (unit_code, status, since)
     on conflict (unit_code, since) do update set status = excluded.status`,
    [rows.map((r) => r.unitCode), rows.map((r) => r.status), rows.map((r) => r.since)],
  );
}

/** The level of each area at a moment, by the area itself or the nearest unit above it. */
export async function areaControlAt(tx: Tx, codes: readonly string[], at: string): Promise<Map<string, ControlStatus>> {
  const rows = await tx.sql.many<{ code: string; status: ControlStatus }>(
    `select want.code, found.status from unnest($1::text[]) as want (code), lateral (
       select distinct on (unit_code) unit_code, status from area_control
       where unit_code in (want.code, left(want.code, 9), left(want.code, 6)) and since <= $2 order by unit_code, since desc
     ) as found where found.status <> 'none' order by want.code, length(found.unit_code)`,
    [codes, at],
  );
  return new Map(rows.map((row) => [row.code, row.status]));
}
