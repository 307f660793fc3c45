import type { Tx } from "#platform/context";
import type { IdRange } from "./arrivals.rules.ts";
import { countyDigits, nameDaysMax, phoneOwnersMax } from "./blocks.rules.ts";

/** People who came, or of whom more became known, since the open entries were compared. */

/** Notes people for the next comparison. */
export async function insertArrivals(tx: Tx, ranges: readonly IdRange[]): Promise<void> {
  if (ranges.length === 0) return;
  await tx.sql.run("insert into person_arrival (first_id, last_id) select * from unnest($1::bigint[], $2::bigint[])", [
    ranges.map(({ firstId }) => firstId),
    ranges.map(({ lastId }) => lastId),
  ]);
}

/** Takes so many people off the list, the oldest first; what is left of a run of ids stays on it. */
export async function takeArrivals(tx: Tx, limit: number): Promise<IdRange[]> {
  const rows = await tx.sql.many<{ no: number } & IdRange>(
    `select no, first_id as "firstId", last_id as "lastId" from person_arrival order by no limit $1 for update`,
    [limit],
  );
  const taken: IdRange[] = [];
  const gone: number[] = [];
  let left = limit;
  for (const { no, firstId, lastId } of rows) {
    const until = Math.min(lastId, firstId + left - 1);
    taken.push({ firstId, lastId: until });
    left -= until - firstId + 1;
    if (until === lastId) gone.push(no);
    else await tx.sql.run("update person_arrival set first_id = $2 where no = $1", [no, until + 1]);
    if (left <= 0) break;
  }
  await tx.sql.run("delete from person_arrival where no = any($1::bigint[])", [gone]);
  return taken;
}

/** Strikes everybody off the list when there is no open entry at all; false when there is one. */
export async function clearArrivals(tx: Tx): Promise<boolean> {
  const open = await tx.sql.maybe("select 1 as one from person_open where state <> 'rejected' limit 1");
  if (open) return false;
  await tx.sql.run("delete from person_arrival");
  return true;
}

/**
 * The blocks of a person `p` among the open entries, as those of an entry among the people (candidates.store.ts). The keys
 * are computed before anything is looked up, for the same reason as there.
 */
const personKeys = `p.id_hash, p.phone_hash, p.name, p.birth_date, wuyang.swapped_day(p.birth_date) as swapped,
  array(select left(p.area_code, n) from generate_series(1, ${countyDigits}) n) as counties,
  (select count(*) from (select 1 from person q where q.phone_hash = p.phone_hash limit ${phoneOwnersMax + 1}) owners) as owners`;
const openBlocks = [
  "o.id_hash = p.id_hash",
  `o.phone_hash = p.phone_hash and p.owners <= ${phoneOwnersMax}`,
  "o.county = any(p.counties) and o.birth_date = p.birth_date",
  "o.county = any(p.counties) and o.birth_date = p.swapped",
  `o.county = any(p.counties) and o.name = p.name
    and (o.birth_date is null or p.birth_date is null or abs(o.birth_date - p.birth_date) <= ${nameDaysMax})`,
];

/** The open entries that some of these people may be. */
export async function entriesOfPeople(tx: Tx, ranges: readonly IdRange[]): Promise<number[]> {
  const blocks = openBlocks.map((on) => `(select o.entry_no from person_open o where o.state <> 'rejected' and ${on})`);
  const rows = await tx.sql.many<{ no: number }>(
    `select distinct f.entry_no as no from unnest($1::bigint[], $2::bigint[]) as r (first_id, last_id)
     cross join lateral generate_series(r.first_id, r.last_id) as n (id)
     cross join lateral (select ${personKeys} from person p where p.id = n.id offset 0) p
     cross join lateral (${blocks.join(" union ")} offset 0) f order by 1`,
    [ranges.map(({ firstId }) => firstId), ranges.map(({ lastId }) => lastId)],
  );
  return rows.map(({ no }) => no);
}

/** Locks the counts of the villages of entries. */
export async function lockVillagesOf(tx: Tx, entries: readonly number[]): Promise<void> {
  await tx.sql.run(
    `select 1 from person_entry_count c
     join (select distinct register, area_code from person_entry where no = any($1::bigint[])) e using (register, area_code)
     order by c.register, c.area_code for update of c`,
    [entries],
  );
}
