import type { BareTx, Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { OutbreakCard, ProtocolMove, Stage } from "./outbreaks.model.ts";
import type { Protocol } from "./protocol.model.ts";
import type { Phase } from "./vocabulary.model.ts";

const cardColumns = `id, name, name_en as "nameEn", disease, protocol_id as "protocolId",
  protocol_version as "protocolVersion", time_zone as "timeZone", area_code as "areaCode", phase,
  response_level as "responseLevel", first_positive_at as "firstPositiveAt", opened_at as "openedAt",
  community_zero_at as "communityZeroAt", all_clear_at as "allClearAt", closed_at as "closedAt", drill`;

export interface OutbreakRow extends OutbreakCard {
  readonly revision: number;
}

/** The one open outbreak, without its protocol (see `readProtocol`). */
export async function openRow(tx: BareTx): Promise<OutbreakRow | undefined> {
  return tx.sql.maybe(`select ${cardColumns}, protocol_revision as revision from outbreak where closed_at is null`);
}

export async function rowById(tx: Tx, id: string): Promise<OutbreakRow | undefined> {
  return tx.sql.maybe(`select ${cardColumns}, protocol_revision as revision from outbreak where id = $1`, [id]);
}

export async function lockRow(tx: Tx, id: string): Promise<OutbreakRow | undefined> {
  return tx.sql.maybe(`select ${cardColumns}, protocol_revision as revision from outbreak where id = $1 for update`, [
    id,
  ]);
}

export async function readProtocol(tx: BareTx, id: string, revision: number): Promise<Protocol> {
  const row = await tx.sql.one<{ protocol: Protocol }>(
    "select protocol from outbreak_protocol where outbreak_id = $1 and revision = $2",
    [id, revision],
  );
  return row.protocol;
}

export async function pageOutbreaks(tx: Tx, query: { limit?: number; cursor?: string }): Promise<Page<OutbreakCard>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<OutbreakCard>(
    `select ${cardColumns} from outbreak
     where $1::timestamptz is null or (opened_at, id) < ($1::timestamptz, $2::uuid)
     order by opened_at desc, id desc limit $3`,
    [after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.openedAt, row.id]);
}

export interface NewOutbreak {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly protocol: Protocol;
  readonly timeZone: string;
  readonly areaCode: string;
  readonly phase: Phase;
  readonly responseLevel: string;
  readonly drill: boolean;
}

export async function insertOutbreak(tx: Tx, outbreak: NewOutbreak): Promise<void> {
  const { protocol } = outbreak;
  await tx.sql.run(
    `insert into outbreak (id, name, name_en, disease, protocol_id, protocol_version, protocol, protocol_revision,
       time_zone, area_code, phase, response_level, opened_at, drill)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, 1, $8, $9, $10, $11, $12, $13)`,
    [
      outbreak.id,
      outbreak.name,
      outbreak.nameEn,
      protocol.disease.id,
      protocol.id,
      protocol.version,
      JSON.stringify(protocol),
      outbreak.timeZone,
      outbreak.areaCode,
      outbreak.phase,
      outbreak.responseLevel,
      tx.now,
      outbreak.drill,
    ],
  );
}

export async function insertMove(
  tx: Tx,
  id: string,
  revision: number,
  protocol: Protocol,
  reason: string,
): Promise<void> {
  await tx.sql.run(
    `insert into outbreak_protocol (outbreak_id, revision, protocol_id, protocol_version, protocol, from_at, moved_by, reason)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
    [id, revision, protocol.id, protocol.version, JSON.stringify(protocol), tx.now, tx.actor.id, reason],
  );
}

export async function updateProtocol(tx: Tx, id: string, revision: number, protocol: Protocol): Promise<void> {
  await tx.sql.run(
    `update outbreak set protocol = $3::jsonb, protocol_revision = $2, protocol_id = $4, protocol_version = $5, disease = $6
     where id = $1`,
    [id, revision, JSON.stringify(protocol), protocol.id, protocol.version, protocol.disease.id],
  );
}

export async function listMoves(tx: Tx, id: string): Promise<ProtocolMove[]> {
  return tx.sql.many(
    `select revision, protocol_id as "protocolId", protocol_version as "protocolVersion", from_at as "fromAt",
       moved_by as "movedBy", reason
     from outbreak_protocol where outbreak_id = $1 order by revision`,
    [id],
  );
}

export async function insertStage(tx: Tx, id: string, kind: Stage["kind"], value: string): Promise<void> {
  await tx.sql.run(
    `insert into outbreak_stage (outbreak_id, no, kind, value, at, set_by)
     select $1, coalesce(max(no), 0) + 1, $2, $3, $4, $5 from outbreak_stage where outbreak_id = $1`,
    [id, kind, value, tx.now, tx.actor.id],
  );
}

export async function listStages(tx: Tx, id: string): Promise<Stage[]> {
  return tx.sql.many(
    `select kind, value, at, set_by as "setBy" from outbreak_stage where outbreak_id = $1 order by no`,
    [id],
  );
}

/** Sets the phase; the first arrival at community zero and at the all-clear keeps its moment. */
export async function updatePhase(tx: Tx, id: string, phase: Phase): Promise<void> {
  await tx.sql.run(
    `update outbreak set phase = $2,
       community_zero_at = case when $2 = 'communityZero' then coalesce(community_zero_at, $3) else community_zero_at end,
       all_clear_at = case when $2 = 'allClear' then coalesce(all_clear_at, $3) else all_clear_at end
     where id = $1`,
    [id, phase, tx.now],
  );
}

export async function updateResponseLevel(tx: Tx, id: string, level: string): Promise<void> {
  await tx.sql.run("update outbreak set response_level = $2 where id = $1", [id, level]);
}

export async function updateFirstPositive(tx: Tx, id: string, at: string): Promise<void> {
  await tx.sql.run("update outbreak set first_positive_at = least(coalesce(first_positive_at, $2), $2) where id = $1", [
    id,
    at,
  ]);
}

export async function updateClosed(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update outbreak set closed_at = $2 where id = $1", [id, tx.now]);
}
