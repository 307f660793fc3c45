import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Alert, AlertQuery, AlertState } from "./sentinel.model.ts";

const alertColumns = `id, area_code as "areaCode", level, measure, day, rules, observed, expected, state, raised_at as "raisedAt",
  verify_due_at as "verifyDueAt", answered_at as "answeredAt", reason`;

export interface NewAlert {
  readonly areaCode: string;
  readonly level: Alert["level"];
  readonly measure: string;
  readonly day: Day;
  readonly rules: readonly string[];
  readonly observed: number;
  readonly expected: number | null;
}

/** Stores alerts; an area, measure and day has one. Returns the new ones. */
export async function insertAlerts(
  tx: Tx,
  facts: { outbreakId: string; protocolVersion: string; verifyDueAt: Instant },
  alerts: readonly NewAlert[],
): Promise<{ id: string; areaCode: string; measure: string; day: Day }[]> {
  return tx.sql.many(
    `insert into probe_alert (id, outbreak_id, area_code, level, measure, day, rules, observed, expected, state, raised_at, verify_due_at, protocol_version)
     select id, $1, area_code, level, measure, day, string_to_array(rules, ','), observed, expected, 'raised', $2, $3, $4
     from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::date[], $10::text[], $11::int[], $12::float8[])
       as new (id, area_code, level, measure, day, rules, observed, expected)
     on conflict (outbreak_id, area_code, measure, day) do nothing
     returning id, area_code as "areaCode", measure, day`,
    [
      facts.outbreakId,
      tx.now,
      facts.verifyDueAt,
      facts.protocolVersion,
      alerts.map(() => tx.newId()),
      alerts.map((row) => row.areaCode),
      alerts.map((row) => row.level),
      alerts.map((row) => row.measure),
      alerts.map((row) => row.day),
      alerts.map((row) => row.rules.join(",")),
      alerts.map((row) => row.observed),
      alerts.map((row) => row.expected),
    ],
  );
}

export async function lockAlert(tx: Tx, id: string): Promise<Alert | undefined> {
  return tx.sql.maybe<Alert>(`select ${alertColumns} from probe_alert where id = $1 for update`, [id]);
}

export async function updateAlert(tx: Tx, id: string, state: AlertState, reason: string | null): Promise<void> {
  await tx.sql.run("update probe_alert set state = $2, reason = $3, answered_at = $4, answered_by = $5 where id = $1", [
    id,
    state,
    reason,
    tx.now,
    tx.actor.id,
  ]);
}

export async function pageAlerts(tx: Tx, query: AlertQuery): Promise<Page<Alert>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Alert>(
    `select ${alertColumns} from probe_alert
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (raised_at, id) < ($4::timestamptz, $5::uuid))
     order by raised_at desc, id desc limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.raisedAt, row.id]);
}

/** Alerts as they came and stand, for the summary. */
export async function tallyAlerts(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  return tx.sql.one(
    `select count(*)::int as in, (count(*) filter (where state <> 'raised'))::int as done,
       (count(*) filter (where coalesce(answered_at, $1) > verify_due_at))::int as late,
       (count(*) filter (where state = 'raised'))::int as open from probe_alert`,
    [tx.now],
  );
}
