import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Change } from "./figures.rules.ts";
import type {
  Contribution,
  FigureChange,
  FigureName,
  FigureSubject,
  FigureValue,
  FrozenFigure,
} from "./figures.model.ts";

/** One number for the whole ledger; the module's migration number keeps it apart from other locks. */
const ledgerLock = 771_012;

export interface LedgerEvent {
  readonly id: string;
  readonly name: string;
  readonly outbreakId: string;
}

/**
 * Writes changes. The shared lock lets writers run side by side, and makes a freeze wait for those
 * who have written and hold up those who have not, so that the line it cuts is the same everywhere.
 */
export async function insertChanges(
  tx: Tx,
  event: LedgerEvent,
  subjectType: FigureSubject,
  changes: readonly Change[],
): Promise<void> {
  await tx.sql.run(
    `insert into figure_ledger (outbreak_id, at, area_code, figure, detail, change, subject_type, subject_id, event_id, event_name)
     select $1, $2, c.area_code, c.figure, c.detail, c.change, $3, c.subject_id, $4, $5
     from (select pg_advisory_xact_lock_shared($6)) as held,
       unnest($7::text[], $8::text[], $9::text[], $10::int[], $11::text[])
         with ordinality as c (area_code, figure, detail, change, subject_id, no)
     order by c.no`,
    [
      event.outbreakId,
      tx.now,
      subjectType,
      event.id,
      event.name,
      ledgerLock,
      changes.map((row) => row.areaCode),
      changes.map((row) => row.figure),
      changes.map((row) => row.detail),
      changes.map((row) => row.change),
      changes.map((row) => row.subjectId),
    ],
  );
}

/** Waits until nobody is between a record and its ledger line, and holds up new ones until the commit. */
export async function holdLedger(tx: Tx): Promise<void> {
  await tx.sql.run("select pg_advisory_xact_lock($1)", [ledgerLock]);
}

/** What the ledger holds for some records. */
export async function ledgerOf(
  tx: Tx,
  subjectType: FigureSubject,
  subjectIds: readonly string[],
): Promise<Contribution[]> {
  return tx.sql.many(
    `select subject_id as "subjectId", figure, area_code as "areaCode", detail, sum(change)::int as value
     from figure_ledger where subject_type = $1 and subject_id = any($2::text[])
     group by 1, 2, 3, 4 having sum(change) <> 0`,
    [subjectType, subjectIds],
  );
}

/** Sums of the ledger's lines in (from, to]. */
export async function ledgerSums(
  tx: Tx,
  outbreak: { readonly id: string; readonly areaCode: string },
  from: number,
  to: number,
): Promise<FigureValue[]> {
  const { lo, hi } = areaRange(outbreak.areaCode);
  return tx.sql.many(
    `select figure, area_code as "areaCode", detail, sum(change)::int as value
     from figure_ledger where outbreak_id = $1 and seq > $2 and seq <= $3 and area_code >= $4 and area_code < $5
     group by 1, 2, 3 having sum(change) <> 0`,
    [outbreak.id, from, to, lo, hi],
  );
}

/** The last line written up to a cut-off. */
export async function ledgerEnd(tx: Tx, outbreakId: string, cutoff: Instant): Promise<number> {
  const row = await tx.sql.one<{ seq: number }>(
    "select coalesce(max(seq), 0) as seq from figure_ledger where outbreak_id = $1 and at <= $2",
    [outbreakId, cutoff],
  );
  return row.seq;
}

/** The lines in (from, to] in order, at most `limit`. */
export async function ledgerLines(
  tx: Tx,
  outbreakId: string,
  from: number,
  to: number,
  limit: number,
): Promise<FigureChange[]> {
  return tx.sql.many(
    `select at, figure, area_code as "areaCode", detail, change, subject_type as "subjectType",
       subject_id as "subjectId", event_name as event, event_id as "eventId"
     from figure_ledger where outbreak_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    [outbreakId, from, to, limit],
  );
}

export interface FreezeRow {
  readonly id: string;
  readonly no: number;
  readonly slot: string;
  readonly cutoffAt: Instant;
  readonly ledgerFrom: number;
  readonly ledgerTo: number;
  readonly reconciled: boolean;
}

const freezeColumns = `id, no, slot, cutoff_at as "cutoffAt", ledger_from as "ledgerFrom", ledger_to as "ledgerTo", reconciled`;

/** The newest freeze of an outbreak. */
export async function lastFreeze(tx: Tx, outbreakId: string): Promise<FreezeRow | undefined> {
  return tx.sql.maybe(`select ${freezeColumns} from figure_freeze where outbreak_id = $1 order by no desc limit 1`, [
    outbreakId,
  ]);
}

export async function freezeById(tx: Tx, id: string): Promise<FreezeRow | undefined> {
  return tx.sql.maybe(`select ${freezeColumns} from figure_freeze where id = $1`, [id]);
}

export async function allFreezes(tx: Tx, outbreakId: string): Promise<FreezeRow[]> {
  return tx.sql.many(`select ${freezeColumns} from figure_freeze where outbreak_id = $1 order by no`, [outbreakId]);
}

export async function frozenFigures(tx: Tx, freezeId: string): Promise<FrozenFigure[]> {
  return tx.sql.many(
    `select figure, area_code as "areaCode", detail, value, previous, change
     from frozen_figure where freeze_id = $1 order by figure, area_code, detail`,
    [freezeId],
  );
}

export async function insertFreeze(
  tx: Tx,
  outbreak: { readonly id: string; readonly areaCode: string },
  row: FreezeRow,
  figures: readonly FrozenFigure[],
): Promise<void> {
  await tx.sql.run(
    `insert into figure_freeze (id, outbreak_id, area_code, no, slot, cutoff_at, ledger_from, ledger_to, reconciled, frozen_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      row.id,
      outbreak.id,
      outbreak.areaCode,
      row.no,
      row.slot,
      row.cutoffAt,
      row.ledgerFrom,
      row.ledgerTo,
      row.reconciled,
      tx.actor.id,
    ],
  );
  await tx.sql.run(
    `insert into frozen_figure (freeze_id, area_code, figure, detail, value, previous, change)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::int[])`,
    [
      row.id,
      figures.map((figure) => figure.areaCode),
      figures.map((figure) => figure.figure as FigureName),
      figures.map((figure) => figure.detail),
      figures.map((figure) => figure.value),
      figures.map((figure) => figure.previous),
      figures.map((figure) => figure.change),
    ],
  );
}
