import { createHash } from "node:crypto";
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
