import type { Tx } from "#platform/context";
import type { SavedView, SaveView } from "./desk.model.ts";

const viewsShownMax = 200;

/** The views of a page: one's own first, then what the areas above share. */
export async function viewsOfPage(tx: Tx, page: string, areas: readonly string[]): Promise<SavedView[]> {
  return tx.sql.many<SavedView>(
    `select id, page, name, search, columns, shared, account_id = $2 as own from saved_view
     where page = $1 and (account_id = $2 or (shared and owner_area = any($3::text[])))
     order by account_id <> $2, name, id limit $4`,
    [page, tx.actor.id, areas, viewsShownMax],
  );
}

/** How many views an account keeps under other names than this one. */
export async function otherViews(tx: Tx, page: string, name: string): Promise<number> {
  const { n } = await tx.sql.one<{ n: number }>(
    "select count(*)::int as n from saved_view where account_id = $1 and not (page = $2 and name = $3)",
    [tx.actor.id, page, name],
  );
  return n;
}

/** Keeps a view; the same name on the same page is the same view. */
export async function upsertView(tx: Tx, view: SaveView): Promise<SavedView> {
  return tx.sql.one<SavedView>(
    `insert into saved_view (id, account_id, owner_area, page, name, search, columns, shared, saved_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::text[], $8, $9)
     on conflict (account_id, page, name) do update set owner_area = excluded.owner_area, search = excluded.search,
       columns = excluded.columns, shared = excluded.shared, saved_at = excluded.saved_at
     returning id, page, name, search, columns, shared, true as own`,
    [
      tx.newId(),
      tx.actor.id,
      tx.actor.areaCode,
      view.page,
      view.name,
      JSON.stringify(view.search),
      view.columns,
      view.shared,
      tx.now,
    ],
  );
}

/** Drops a view of one's own; returns whether there was one. */
export async function deleteView(tx: Tx, id: string): Promise<boolean> {
  return (await tx.sql.run("delete from saved_view where id = $1 and account_id = $2", [id, tx.actor.id])) > 0;
}
