import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { GridQuery, GridRow, NewWorker, WorkerRow } from "./grid.model.ts";

export interface NewGrid {
  readonly code: string;
  readonly areaCode: string;
  readonly name: string;
  readonly households: number;
}

/** Stores grids; a grid cut again keeps its code and takes the new count. */
export async function putGrids(tx: Tx, grids: readonly NewGrid[]): Promise<void> {
  await tx.sql.run(
    `insert into grid (code, area_code, name, households, cut_at)
     select code, area_code, name, households, $5 from unnest($1::text[], $2::text[], $3::text[], $4::int[])
       as new (code, area_code, name, households)
     on conflict (code) do update set households = excluded.households, cut_at = excluded.cut_at`,
    [
      grids.map((grid) => grid.code),
      grids.map((grid) => grid.areaCode),
      grids.map((grid) => grid.name),
      grids.map((grid) => grid.households),
      tx.now,
    ],
  );
}

export interface GridHousehold {
  readonly id: number;
  readonly areaCode: string;
  readonly gridCode: string;
  readonly no: number;
}

/** Puts households into their grids, set by set; a household that moved to another grid moves. */
export async function putHouseholds(tx: Tx, rows: readonly GridHousehold[]): Promise<void> {
  await tx.sql.run(
    `insert into grid_household (household_id, area_code, grid_code, no)
     select id, area_code, grid_code, no from unnest($1::bigint[], $2::text[], $3::text[], $4::int[])
       as new (id, area_code, grid_code, no)
     on conflict (household_id) do update set area_code = excluded.area_code, grid_code = excluded.grid_code, no = excluded.no
       where (grid_household.area_code, grid_household.grid_code, grid_household.no)
         is distinct from (excluded.area_code, excluded.grid_code, excluded.no)`,
    [
      `{${rows.map((row) => row.id).join(",")}}`,
      rows.map((row) => row.areaCode),
      rows.map((row) => row.gridCode),
      `{${rows.map((row) => row.no).join(",")}}`,
    ],
  );
}

export async function pageGrids(tx: Tx, query: GridQuery): Promise<Page<GridRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<GridRow>(
    `select g.code, g.area_code as "areaCode", g.name, g.households,
       (select count(*)::int from grid_worker w where w.area_code = g.area_code and w.active
         and (w.grid_code = g.code or w.grid_code is null)) as workers
     from grid g where g.area_code >= $1 and g.area_code < $2 and ($3::text is null or (g.area_code, g.code) > ($3, $4))
     order by g.area_code, g.code limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

export async function knownGrids(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ code: string; areaCode: string }>(
    `select code, area_code as "areaCode" from grid where code = any($1::text[])`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.areaCode]));
}

/** Stores workers; the same number in the same village is the same worker. Returns how many are new. */
export async function putWorkers(tx: Tx, workers: readonly NewWorker[]): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    `with put as (
       insert into grid_worker (id, area_code, grid_code, no, name, role, account, phone_enc, registered_at)
       select id, area_code, grid_code, no, name, role, account, phone_enc, $9
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
         as new (id, area_code, grid_code, no, name, role, account, phone_enc)
       on conflict (area_code, no) do update set grid_code = excluded.grid_code, name = excluded.name, role = excluded.role,
         account = coalesce(excluded.account, grid_worker.account), phone_enc = coalesce(excluded.phone_enc, grid_worker.phone_enc),
         active = true
       returning xmax = 0 as fresh)
     select count(*) filter (where fresh)::int as n from put`,
    [
      workers.map(() => tx.newId()),
      workers.map((worker) => worker.areaCode),
      workers.map((worker) => worker.gridCode ?? null),
      workers.map((worker) => worker.no),
      workers.map((worker) => worker.name),
      workers.map((worker) => worker.role),
      workers.map((worker) => worker.account ?? null),
      workers.map((worker) => (worker.phone === undefined ? null : tx.services.secrets.seal(worker.phone))),
      tx.now,
    ],
  );
  return row.n;
}

export async function pageWorkers(
  tx: Tx,
  query: GridQuery,
): Promise<Page<Omit<WorkerRow, "phoneEnd"> & { readonly phoneEnc: Buffer | null }>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Omit<WorkerRow, "phoneEnd"> & { readonly phoneEnc: Buffer | null }>(
    `select id, area_code as "areaCode", grid_code as "gridCode", no, name, role, account, phone_enc as "phoneEnc", active
     from grid_worker where area_code >= $1 and area_code < $2 and ($3::text is null or (area_code, no) > ($3, $4))
     order by area_code, no limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.no]);
}

export interface WorkerFacts {
  readonly id: string;
  readonly areaCode: string;
  readonly gridCode: string | null;
  readonly no: string;
  readonly account: string | null;
  readonly active: boolean;
}

/** The workers of villages, by number or by the account that writes. */
export async function workersOf(
  tx: Tx,
  areaCodes: readonly string[],
  nos: readonly string[],
  account: string,
): Promise<WorkerFacts[]> {
  return tx.sql.many<WorkerFacts>(
    `select id, area_code as "areaCode", grid_code as "gridCode", no, account, active from grid_worker
     where area_code = any($1::text[]) and (no = any($2::text[]) or account = $3) order by area_code, no`,
    [areaCodes, nos, account],
  );
}
