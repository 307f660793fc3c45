import { everywhere } from "#kernel/area";
import type { Sql } from "#platform/db";
import { setBounds } from "#platform/fence";

/** How many records an invariant was checked on, and how many break it. */
export interface InvariantCount {
  readonly checked: number;
  readonly broken: number;
}

/** The invariants of the design that are checked on the stored rows. */
export const invariantIds = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12"] as const;
export type InvariantId = (typeof invariantIds)[number];

/**
 * One query an invariant, on the rows themselves: it must not go through the code that it checks.
 * Each gives `checked` and `broken`.
 */
const queries: Readonly<Record<Exclude<InvariantId, "I10">, string>> = {
  // Every sampled person is in exactly one tube of a round, and that tube belongs to the round.
  I1: `select count(*)::int as checked,
         (count(*) - count(distinct (s.round_id, s.person_id)) + count(*) filter (where t.round_id <> s.round_id))::int as broken
       from sample s join tube t on t.id = s.tube_id`,
  // Collected = at the site + in transit + received + resulted + lost, by village, against the tubes' own states.
  I2: `with counted as (
         select s.round_id, s.area_code,
           count(*) filter (where t.state in ('open', 'closed')) as at_site, count(*) filter (where t.state = 'in_transit') as in_transit,
           count(*) filter (where t.state = 'received') as received, count(*) filter (where t.state = 'resulted') as resulted
         from sample s join tube t on t.id = s.tube_id group by 1, 2)
       select count(*)::int as checked, count(*) filter (where
           c.collected <> c.at_site + c.in_transit + c.received + c.resulted + c.lost or c.at_site <> coalesce(n.at_site, 0)
           or c.in_transit <> coalesce(n.in_transit, 0) or c.received <> coalesce(n.received, 0) or c.resulted <> coalesce(n.resulted, 0))::int as broken
       from coverage c left join counted n using (round_id, area_code) where c.collected > 0 or n.round_id is not null`,
  // No positive pool without a hold on each member until the re-check.
  I3: `select count(*)::int as checked, count(*) filter (where not exists (
           select from hold h where h.tube_id = t.id and h.person_id = s.person_id))::int as broken
       from tube t join sample s on s.tube_id = t.id
       where t.result = 'positive' and t.kind in ('pool', 'household')`,
  // No bed holds two stays at once, no contact shares a room with a case, nobody is in two places.
  I4: `with held as (select * from stay where not isempty(held))
       select (select count(*) from held)::int as checked,
         (select count(*) from held a join held b on a.id < b.id and a.bed_id = b.bed_id and a.held && b.held)::int
         + (select count(*) from held a join held b on a.room_id = b.room_id and a.category = 'contact' and b.category = 'case' and a.held && b.held)::int
         + (select count(*) from held a join held b on a.id < b.id and a.person_id = b.person_id and a.period && b.period)::int as broken`,
  // Late orders are marked within the hour, so an order that fell due in the last one is not broken yet.
  // Every contact is placed, at home under an order, excluded with a reason, a case now, handed over, or overdue and visible.
  I5: `select count(*)::int as checked, count(*) filter (where not (
           c.state in ('released', 'converted', 'handedOver')
           or (c.state = 'excluded' and c.excluded_reason is not null)
           or c.kind = 'general'
           or exists (select from isolation_order o where o.person_id = c.person_id
                and (o.state in ('active', 'released', 'cancelled') or o.due_at >= $1::timestamptz - interval '60 minutes' or o.late_at is not null))))::int as broken
       from contact c where $1::timestamptz is not null`,
  // The level of a unit at any instant is single.
  I6: `select (select count(*) from zone_level)::int as checked,
         (select count(*) from zone_level a join zone_level b
            on a.unit_code = b.unit_code and (a.zone_id, lower(a.period)) < (b.zone_id, lower(b.period)) and a.period && b.period)::int as broken`,
  // Yesterday's figures + listed changes = today's, figure by figure.
  I7: `with steps as (
         select f.no, x.area_code, x.figure, x.detail, x.value, x.previous, x.change,
           lag(x.value) over (partition by f.outbreak_id, x.area_code, x.figure, x.detail order by f.no) as before
         from frozen_figure x join figure_freeze f on f.id = x.freeze_id)
       select count(*)::int as checked,
         count(*) filter (where previous + change <> value or (before is not null and before <> previous))::int as broken from steps`,
  // A write that was acknowledged is there: every answered upload has its box.
  I8: `select count(*)::int as checked, count(*) filter (where not exists (
           select from box b where b.id = (i.response -> 'value' ->> 'boxId')::uuid))::int as broken
       from idempotency i where i.use_case = 'screening.uploadTubes' and i.response is not null`,
  // The same key twice is one row: as many boxes as keys, no barcode twice.
  I9: `select (select count(*) from idempotency)::int as checked,
         ((select count(*) from (select from idempotency group by actor_id, key having count(*) > 1) d)
          + (select count(*) from (select from tube group by barcode having count(*) > 1) d))::int as broken`,
  // Stock on hand = what came in − what went out ± counts, lot by lot and store by store, and below zero at no line of the ledger.
  I11: `with ledger as (
         select lot_id, warehouse_id, item_id, quantity, sum(quantity) over (partition by lot_id order by seq) as held,
           sum(quantity) over (partition by warehouse_id, item_id order by seq) as stood from supply_movement),
       lots as (select lot_id, sum(quantity) as held from ledger group by 1),
       stores as (select warehouse_id, item_id, sum(quantity) as held from ledger group by 1, 2)
       select ((select count(*) from ledger) + (select count(*) from supply_balance) + (select count(*) from supply_lot))::int as checked,
         ((select count(*) from ledger where held < 0 or stood < 0)
          + (select count(*) from supply_lot l left join lots s on s.lot_id = l.id where l.on_hand <> coalesce(s.held, 0))
          + (select count(*) from supply_balance b left join stores s using (warehouse_id, item_id) where b.on_hand <> coalesce(s.held, 0)))::int as broken`,
  // Who did the work did not sign it off; who put a finding right did not close it, and nothing closed was left undone.
  I12: `select count(*)::int as checked, count(*) filter (where closed_by = done_by)::int as broken
        from (select submitted_by as done_by, closed_by from task where needs_second_check and state = 'closed'
              union all select coalesce(fixed_by, closed_by), closed_by from inspection_finding where state = 'closed') signed`,
};

const areaTablesText = `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'area_code'
  where c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity and c.relnamespace = 'public'::regnamespace order by 1`;
const peopleOfActorText = `select count(*)::int as checked, count(*) filter (where coalesce(reason, '') = '')::int as broken
  from audit where subject_type = 'person'`;

/** I10: as a county's user, no fenced table shows a row of another area; every read of a person has its reason. */
async function checkJurisdiction(sql: Sql, areaLo: string, areaHi: string): Promise<InvariantCount> {
  const tables = await sql.many<{ name: string }>(areaTablesText);
  await setBounds(sql, { lo: areaLo, hi: areaHi });
  let checked = 0;
  let broken = 0;
  for (const { name } of tables) {
    // Two ends may share a record (a transfer, an order away from home); those tables name both areas in their policy.
    const policy = await sql.one<{ n: number }>("select count(*)::int as n from pg_policies where tablename = $1", [
      name,
    ]);
    if (policy.n > 1) continue;
    const row = await sql.one<InvariantCount>(
      `select count(*)::int as checked, count(*) filter (where area_code < $1 or area_code >= $2)::int as broken from ${name}`,
      [areaLo, areaHi],
    );
    checked += row.checked;
    broken += row.broken;
  }
  const reads = await sql.one<InvariantCount>(peopleOfActorText);
  return { checked: checked + reads.checked, broken: broken + reads.broken };
}

/** Checks every invariant on the rows; `sql` is bound by row-level security, as the application's is. */
export async function checkInvariants(
  sql: Sql,
  now: string,
  county: { readonly lo: string; readonly hi: string },
): Promise<Record<InvariantId, InvariantCount>> {
  await setBounds(sql, everywhere);
  const counts: Partial<Record<InvariantId, InvariantCount>> = {};
  for (const [id, text] of Object.entries(queries))
    counts[id as InvariantId] = await sql.one<InvariantCount>(text, text.includes("$1") ? [now] : []);
  counts.I10 = await checkJurisdiction(sql, county.lo, county.hi);
  return counts as Record<InvariantId, InvariantCount>;
}
