import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Goods, GoodsQuery, NewGoods } from "./control.model.ts";
import type { ArrivalLevel } from "./inbound.model.ts";

/** SQL of goods. */

const columns = `id, area_code as "areaCode", batch, kind, origin, level, state, arrived_at as "arrivedAt", due_at as "dueAt", samples, positives,
  disinfected_at as "disinfectedAt", coalesce(ended_at, $1::timestamptz) > due_at as late`;

/** Stores a batch; false when its number is there. */
export async function insertGoods(
  tx: Tx,
  row: NewGoods & { id: string; outbreakId: string; level: ArrivalLevel; dueAt: string },
): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into inbound_goods (id, outbreak_id, area_code, batch, kind, origin, level, state, arrived_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'held', $8, $9) on conflict (batch) do nothing`,
    [row.id, row.outbreakId, row.areaCode, row.batch, row.kind, row.origin, row.level, tx.now, row.dueAt],
  );
  return stored === 1;
}

export async function findGoods(tx: Tx, id: string): Promise<Goods | undefined> {
  return tx.sql.maybe<Goods>(`select ${columns} from inbound_goods where id = $2`, [tx.now, id]);
}

/** A batch under lock. */
export async function lockGoods(tx: Tx, id: string): Promise<Goods | undefined> {
  return tx.sql.maybe<Goods>(`select ${columns} from inbound_goods where id = $2 for update`, [tx.now, id]);
}

export async function setResults(tx: Tx, id: string, of: { samples: number; positives: number }): Promise<void> {
  await tx.sql.run("update inbound_goods set samples = $2, positives = $3, resulted_at = $4 where id = $1", [
    id,
    of.samples,
    of.positives,
    tx.now,
  ]);
}

export async function setDisinfected(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update inbound_goods set disinfected_at = $2 where id = $1", [id, tx.now]);
}

export async function endGoods(tx: Tx, id: string, state: "released" | "sealed"): Promise<void> {
  await tx.sql.run("update inbound_goods set state = $2, ended_at = $3 where id = $1", [id, state, tx.now]);
}

export async function pageGoods(tx: Tx, query: GoodsQuery): Promise<Page<Goods>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Goods>(
    `select ${columns} from inbound_goods
     where area_code >= $2 and area_code < $3 and ($4::text is null or state = $4)
       and ($5::timestamptz is null or (due_at, id::text) > ($5::timestamptz, $6))
     order by due_at, id::text limit $7`,
    [tx.now, lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}
