import type { Day, Instant } from "#kernel/time";
import type { Measured } from "#domain/outbreaks";
import type { SitrepDocument } from "#domain/reports";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Agenda, BriefingCard, Decision } from "./command.model.ts";
import type { RuledCriterion } from "./command.rules.ts";

export interface PhaseEntryRow {
  readonly phase: string;
  readonly enteredAt: Instant;
  readonly criteria: readonly RuledCriterion[];
}

/** The phases an outbreak has entered, in their order. */
export async function phaseEntries(tx: Tx, outbreakId: string): Promise<PhaseEntryRow[]> {
  return tx.sql.many(
    `select phase, entered_at as "enteredAt", criteria from phase_entry where outbreak_id = $1 order by entered_at, phase`,
    [outbreakId],
  );
}

/** Notes that a phase was entered; a phase is entered once. */
export async function insertPhaseEntry(
  tx: Tx,
  row: { outbreakId: string; phase: string; criteria: readonly RuledCriterion[]; protocolVersion: string },
): Promise<void> {
  await tx.sql.run(
    `insert into phase_entry (outbreak_id, phase, entered_at, criteria, protocol_version) values ($1, $2, $3, $4::jsonb, $5)
     on conflict do nothing`,
    [row.outbreakId, row.phase, tx.now, JSON.stringify(row.criteria), row.protocolVersion],
  );
}

/** Keeps what the phases were measured on, for readers who see only a part of the outbreak. */
export async function upsertMeasured(tx: Tx, outbreakId: string, measured: Measured): Promise<void> {
  await tx.sql.run(
    `insert into phase_measure (outbreak_id, at, measured) values ($1, $2, $3::jsonb)
     on conflict (outbreak_id) do update set at = excluded.at, measured = excluded.measured`,
    [outbreakId, tx.now, JSON.stringify(measured)],
  );
}

/** What the phases were last measured on; undefined before the first check. */
export async function lastMeasured(tx: Tx, outbreakId: string): Promise<Measured | undefined> {
  const row = await tx.sql.maybe<{ measured: Measured }>("select measured from phase_measure where outbreak_id = $1", [
    outbreakId,
  ]);
  return row?.measured;
}

export interface NewBriefing {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly no: number;
  readonly day: Day;
  readonly slot: string;
  readonly cutoffAt: Instant;
  readonly freezeId: string;
  readonly reconciled: boolean;
  readonly agenda: Agenda;
  readonly report: SitrepDocument;
}

export async function insertBriefing(tx: Tx, row: NewBriefing): Promise<void> {
  await tx.sql.run(
    `insert into briefing (id, outbreak_id, area_code, no, day, slot, cutoff_at, held_at, held_by, freeze_id, reconciled, agenda, report)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb)`,
    [
      row.id,
      row.outbreakId,
      row.areaCode,
      row.no,
      row.day,
      row.slot,
      row.cutoffAt,
      tx.now,
      tx.actor.id,
      row.freezeId,
      row.reconciled,
      JSON.stringify(row.agenda),
      JSON.stringify(row.report),
    ],
  );
}

export async function insertDecisions(tx: Tx, briefingId: string, decisions: readonly Decision[]): Promise<void> {
  await tx.sql.run(
    `insert into decision (briefing_id, no, kind, area_code, text_zh, text_en, team, due_at, task_id)
     select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::uuid[])`,
    [
      briefingId,
      decisions.map((row) => row.no),
      decisions.map((row) => row.kind),
      decisions.map((row) => row.areaCode),
      decisions.map((row) => row.text["zh-CN"]),
      decisions.map((row) => row.text.en),
      decisions.map((row) => row.team),
      decisions.map((row) => row.dueAt),
      decisions.map((row) => row.taskId),
    ],
  );
}

/** Serialises briefings of one outbreak, so that two people who open one at the same time hold one. */
export async function lockBriefings(tx: Tx, outbreakId: string): Promise<void> {
  await tx.sql.run("select pg_advisory_xact_lock(771013, hashtext($1))", [outbreakId]);
}

const cardColumns = `id, no, day, slot, cutoff_at as "cutoffAt", held_at as "heldAt", held_by as "heldBy", reconciled, 'held' as state,
  (select count(*)::int from decision where decision.briefing_id = briefing.id) as decisions`;

export interface BriefingRow extends BriefingCard {
  readonly freezeId: string;
  readonly agenda: Agenda;
}

const rowColumns = `${cardColumns}, freeze_id as "freezeId", agenda`;

export async function briefingById(tx: Tx, id: string): Promise<BriefingRow | undefined> {
  return tx.sql.maybe(`select ${rowColumns} from briefing where id = $1`, [id]);
}

export async function briefingOf(tx: Tx, outbreakId: string, day: Day, slot: string): Promise<BriefingRow | undefined> {
  return tx.sql.maybe(`select ${rowColumns} from briefing where outbreak_id = $1 and day = $2::date and slot = $3`, [
    outbreakId,
    day,
    slot,
  ]);
}

export async function lastBriefing(tx: Tx, outbreakId: string): Promise<BriefingRow | undefined> {
  return tx.sql.maybe(`select ${rowColumns} from briefing where outbreak_id = $1 order by no desc limit 1`, [
    outbreakId,
  ]);
}

export async function briefingReport(tx: Tx, id: string): Promise<SitrepDocument | undefined> {
  const row = await tx.sql.maybe<{ report: SitrepDocument }>("select report from briefing where id = $1", [id]);
  return row?.report;
}

/** Every situation report of an outbreak, oldest first; at most `limit`. */
export async function allReports(tx: Tx, outbreakId: string, limit: number): Promise<SitrepDocument[]> {
  const rows = await tx.sql.many<{ report: SitrepDocument }>(
    "select report from briefing where outbreak_id = $1 order by no limit $2",
    [outbreakId, limit],
  );
  return rows.map((row) => row.report);
}

export async function decisionsOf(tx: Tx, briefingId: string): Promise<Decision[]> {
  return tx.sql.many(
    `select no, kind, area_code as "areaCode", jsonb_build_object('zh-CN', text_zh, 'en', text_en) as text, team,
       due_at as "dueAt", task_id as "taskId", back.at as "withdrawnAt", back.reason as "withdrawnReason"
     from decision left join decision_withdrawal back using (briefing_id, no) where briefing_id = $1 order by no`,
    [briefingId],
  );
}

export async function withdrawDecisionRow(
  tx: Tx,
  input: { readonly briefingId: string; readonly no: number; readonly reason: string },
): Promise<void> {
  await tx.sql.run(
    "insert into decision_withdrawal (briefing_id, no, at, withdrawn_by, reason) values ($1, $2, $3, $4, $5)",
    [input.briefingId, input.no, tx.now, tx.actor.id, input.reason],
  );
}

export async function pageBriefings(
  tx: Tx,
  outbreakId: string,
  query: { limit?: number; cursor?: string },
): Promise<Page<BriefingCard>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<BriefingCard>(
    `select ${cardColumns} from briefing where outbreak_id = $1 and ($2::int is null or no < $2) order by no desc limit $3`,
    [outbreakId, after?.[0] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.no]);
}

export interface RealDay {
  readonly day: Day;
  readonly confirmed: number;
  readonly asymptomatic: number;
}

export async function upsertRealDays(tx: Tx, outbreakId: string, days: readonly RealDay[]): Promise<void> {
  await tx.sql.run(
    `insert into real_series (outbreak_id, day, confirmed, asymptomatic)
     select $1, * from unnest($2::date[], $3::int[], $4::int[])
     on conflict (outbreak_id, day) do update set confirmed = excluded.confirmed, asymptomatic = excluded.asymptomatic`,
    [outbreakId, days.map((row) => row.day), days.map((row) => row.confirmed), days.map((row) => row.asymptomatic)],
  );
}

export async function realDays(tx: Tx, outbreakId: string): Promise<RealDay[]> {
  return tx.sql.many("select day, confirmed, asymptomatic from real_series where outbreak_id = $1 order by day", [
    outbreakId,
  ]);
}

export interface ChronicleEvent {
  readonly at: Instant;
  readonly name: string;
  readonly areaCode: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The outbreak's events with these names in the order they happened, and those of the time that belong
 * to no outbreak (a place opened); at most `limit`.
 */
export async function eventsNamed(
  tx: Tx,
  outbreak: { readonly id: string; readonly openedAt: Instant },
  names: readonly string[],
  limit: number,
): Promise<ChronicleEvent[]> {
  return tx.sql.many(
    `select at, name, area_code as "areaCode", data from event
     where name = any($2::text[]) and at >= $3 and (outbreak_id = $1 or outbreak_id is null) order by seq limit $4`,
    [outbreak.id, names, outbreak.openedAt, limit],
  );
}

/** The first event of each name in an outbreak, as far as it has happened. */
export async function firstEvents(
  tx: Tx,
  outbreak: { readonly id: string; readonly openedAt: Instant },
  names: readonly string[],
): Promise<Map<string, Instant>> {
  const rows = await tx.sql.many<{ name: string; at: Instant }>(
    `select name, min(at) as at from event
     where name = any($2::text[]) and at >= $3 and (outbreak_id = $1 or outbreak_id is null) group by name`,
    [outbreak.id, names, outbreak.openedAt],
  );
  return new Map(rows.map((row) => [row.name, row.at]));
}
