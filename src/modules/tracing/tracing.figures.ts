import { areaRange } from "#kernel/area";
import { delaysOf, type CountedFigure, type DelayRow, type DelayScope, type FigureScope } from "#modules/outbreaks";
import type { Tx } from "#platform/context";

/** Counts of this module's records for the reports, the phases and the live board; nobody is named. */

type ContactFigure = "contacts" | "contactsExcluded" | "contactsConverted";

function contactFigureText(subject: string, where: string): string {
  return `select ${subject} as "subjectId", case when state = 'excluded' then 'contactsExcluded' else 'contacts' end as figure,
      left(area_code, 6) as "areaCode", case when state = 'excluded' then '' else kind end as detail, count(*)::int as value
    from contact where ${where} group by 1, 2, 3, 4
    union all
    select ${subject}, 'contactsConverted', left(area_code, 6), '', count(*)::int
    from contact where state = 'converted' and ${where} group by 1, 3`;
}

/** Contacts by class, those excluded and those who became cases, by the county they live in. */
export async function contactFigures(tx: Tx, scope: FigureScope): Promise<CountedFigure<ContactFigure>[]> {
  if (scope.ids) return tx.sql.many(contactFigureText("id::text", "id = any($1::uuid[])"), [scope.ids]);
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(contactFigureText("''", "outbreak_id = $1 and area_code >= $2 and area_code < $3"), [
    scope.outbreakId,
    lo,
    hi,
  ]);
}

/** The ids of every contact of an outbreak, for records that came in without an event each. */
export async function contactIdsOf(tx: Tx, outbreakId: string): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>("select id from contact where outbreak_id = $1 order by id", [
    outbreakId,
  ]);
  return rows.map((row) => row.id);
}

/** Close and secondary contacts neither released, excluded, cases nor handed over to another city, in an area as far as the reader sees it. */
export async function openContacts(tx: Tx, outbreakId: string, areaCode = ""): Promise<number> {
  const { lo, hi } = areaRange(areaCode);
  const row = await tx.sql.one<{ n: number }>(
    `select count(*)::int as n from contact
     where outbreak_id = $1 and area_code >= $2 and area_code < $3 and kind in ('close', 'secondary')
       and state not in ('released', 'excluded', 'converted', 'handedOver')`,
    [outbreakId, lo, hi],
  );
  return row.n;
}

/** Contacts that were not excluded, by class. */
export async function contactTotals(
  tx: Tx,
  input: { outbreakId: string; areaCode: string },
): Promise<{ close: number; secondary: number }> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.one(
    `select (count(*) filter (where kind = 'close'))::int as close, (count(*) filter (where kind = 'secondary'))::int as secondary
     from contact where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded'`,
    [input.outbreakId, lo, hi],
  );
}

// The core track's due time was set from the positive by the protocol's own minutes, so it gives the start back.
const tracingPairs = `
  select 'positiveToCore' as arrow, core_due_at - make_interval(mins => ($1::jsonb ->> 'positiveToCore')::int) as start, core_done_at as stop
  from investigation
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and ($6::timestamptz is null or core_due_at >= $6)
    and (core_done_at is not null or state = 'open')
  union all
  select case kind when 'close' then 'contactToPlaced' else 'secondaryToPlaced' end, coalesce(escalated_at, identified_at), placed_at
  from contact
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and kind in ('close', 'secondary') and source = 'tracing'
    and (placed_at is not null or state in ('identified', 'ordered')) and ($6::timestamptz is null or identified_at >= $6)`;

/** The clocks from a positive to its core activity track, and from a contact's identification to the place. */
export async function tracingDelays(tx: Tx, scope: DelayScope): Promise<DelayRow[]> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(delaysOf(tracingPairs), [
    JSON.stringify(scope.targets),
    tx.now,
    scope.outbreakId,
    lo,
    hi,
    scope.since,
  ]);
}
