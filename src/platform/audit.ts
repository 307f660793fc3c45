import { createHash } from "node:crypto";
import { areaRange, type AreaCode } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Database, Sql } from "./db.ts";

interface AuditRow {
  readonly seq: number;
  readonly tx: string;
  readonly at: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly area_code: string;
  readonly reason: string | null;
  readonly count: number;
}

interface Block {
  readonly no: number;
  readonly tx_from: string;
  readonly tx_below: string;
  readonly rows: number;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

const rowsText = `select seq, tx::text as tx, at, actor_id, actor_name, action, subject_type, subject_id, area_code, reason, count
  from audit where tx >= $1::text::xid8 and tx < $2::text::xid8 order by tx, seq`;
const firstHash = Buffer.alloc(32);
const sealLock = 771_023;

function hashBlock(previous: Buffer, rows: readonly AuditRow[]): Buffer {
  const hash = createHash("sha256").update(previous);
  for (const row of rows)
    hash.update(
      JSON.stringify([
        row.seq,
        row.tx,
        row.at,
        row.actor_id,
        row.actor_name,
        row.action,
        row.subject_type,
        row.subject_id,
        row.area_code,
        row.reason,
        row.count,
      ]),
    );
  return hash.digest();
}

async function lastBlock(sql: Sql): Promise<Block | undefined> {
  return sql.maybe<Block>(
    "select no, tx_from::text as tx_from, tx_below::text as tx_below, rows, previous_hash, hash from audit_block order by no desc limit 1",
  );
}

/**
 * Seals every audit row whose transaction can no longer change into one hash-chained block.
 * Transactions below the snapshot's xmin are all over, so the order (tx, seq) is final.
 */
export async function sealAudit(db: Database, now: Instant): Promise<number> {
  return db.transaction(async (sql) => {
    await sql.run("select pg_advisory_xact_lock($1)", [sealLock]);
    const last = await lastBlock(sql);
    const from = last?.tx_below ?? "0";
    const { below } = await sql.one<{ below: string }>("select pg_snapshot_xmin(pg_current_snapshot())::text as below");
    const rows = await sql.many<AuditRow>(rowsText, [from, below]);
    if (rows.length === 0) return 0;
    const previous = last?.hash ?? firstHash;
    await sql.run(
      `insert into audit_block (no, tx_from, tx_below, rows, previous_hash, hash, sealed_at)
       values ($1, $2::text::xid8, $3::text::xid8, $4, $5, $6, $7)`,
      [(last?.no ?? 0) + 1, from, below, rows.length, previous, hashBlock(previous, rows), now],
    );
    return rows.length;
  });
}

export interface AuditVerdict {
  readonly blocks: number;
  readonly rows: number;
  readonly unsealed: number;
  /** The first block whose hash does not fit its rows, or null. */
  readonly brokenBlock: number | null;
}

/** Recomputes every block; one changed, added or removed row shows as a broken block. */
export async function verifyAudit(db: Database): Promise<AuditVerdict> {
  return db.transaction(async (sql) => {
    const blocks = await sql.many<Block>(
      "select no, tx_from::text as tx_from, tx_below::text as tx_below, rows, previous_hash, hash from audit_block order by no",
    );
    let previous: Buffer = firstHash;
    let below = "0";
    let rowCount = 0;
    for (const block of blocks) {
      const rows = await sql.many<AuditRow>(rowsText, [block.tx_from, block.tx_below]);
      const fits =
        block.tx_from === below &&
        block.previous_hash.equals(previous) &&
        rows.length === block.rows &&
        hashBlock(previous, rows).equals(block.hash);
      if (!fits) return { blocks: blocks.length, rows: rowCount, unsealed: 0, brokenBlock: block.no };
      previous = block.hash;
      below = block.tx_below;
      rowCount += rows.length;
    }
    const { n } = await sql.one<{ n: number }>("select count(*) as n from audit where tx >= $1::text::xid8", [below]);
    return { blocks: blocks.length, rows: rowCount, unsealed: n, brokenBlock: null };
  });
}

/** Which looks at people's data are asked for: on these records, in an area, before a place of the list. */
export interface LooksQuery {
  readonly subjects: readonly { readonly type: string; readonly id: string }[];
  readonly areaCode: AreaCode;
  readonly at: Instant | null;
  /** The last row shown of that moment, or null when none was. */
  readonly seq: number | null;
  readonly limit: number;
}

/** One look at a record's personal data; the purpose stays in the audit, since somebody typed it. */
export interface Look {
  readonly seq: number;
  readonly at: Instant;
  readonly actorId: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly areaCode: AreaCode;
}

/** Looks at the personal data of records, latest first; the row that each use case leaves names no record and is not among them. */
export async function looksAt(sql: Sql, query: LooksQuery): Promise<Look[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return sql.many<Look>(
    `select l.seq, l.at, l.actor_id as "actorId", l.subject_type as "subjectType", l.subject_id as "subjectId", l.area_code as "areaCode"
     from unnest($1::text[], $2::text[]) as asked (type, id)
     cross join lateral (
       select * from audit where subject_type <> 'useCase' and subject_type = asked.type and subject_id = asked.id
         and area_code >= $3 and area_code < $4
         and ($5::timestamptz is null or at < $5 or (at = $5 and ($6::bigint is null or seq < $6)))
       order by at desc, seq desc limit $7
     ) l
     order by l.at desc, l.seq desc limit $7`,
    [
      query.subjects.map(({ type }) => type),
      query.subjects.map(({ id }) => id),
      lo,
      hi,
      query.at,
      query.seq,
      query.limit,
    ],
  );
}
