import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { Signal, SignalQuery, SignalState, Signalled } from "./sentinel.model.ts";

const signalColumns = `s.id, s.area_code as "areaCode", u.code as "unitCode", u.name as "unitName", s.unit_kind as "unitKind", s.at,
  s.temperature::float8 as temperature, s.drug_classes as "drugClasses", s.symptoms, s.state, s.visit_due_at as "visitDueAt",
  s.test_due_at as "testDueAt", s.visited_at as "visitedAt", s.ended_at as "endedAt", s.reason`;
const waiting = "('open', 'visited', 'tested')";

/** Stores new signals; those whose number the unit has sent before are left as they are. Returns the new ids. */
export async function insertSignals(
  tx: Tx,
  facts: { outbreakId: string; protocolVersion: string },
  signals: Signalled["signals"],
): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    `insert into probe_signal (id, outbreak_id, area_code, unit_id, unit_kind, person_id, ref, at, temperature, drug_classes, symptoms, state,
       visit_due_at, test_due_at, protocol_version)
     select new.id, $1, area_code, unit_id, unit_kind, person_id, ref, at, temperature, string_to_array(drugs, ','), string_to_array(symptoms, ','),
       'open', visit_due_at, test_due_at, $2
     from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[], $8::text[], $9::timestamptz[], $10::numeric[], $11::text[],
       $12::text[], $13::timestamptz[], $14::timestamptz[])
       as new (id, area_code, unit_id, unit_kind, person_id, ref, at, temperature, drugs, symptoms, visit_due_at, test_due_at)
     on conflict (unit_id, ref) do nothing returning id`,
    [
      facts.outbreakId,
      facts.protocolVersion,
      signals.map((row) => row.signalId),
      signals.map((row) => row.areaCode),
      signals.map((row) => row.unitId),
      signals.map((row) => row.unitKind),
      signals.map((row) => row.personId),
      signals.map((row) => row.ref),
      signals.map((row) => row.at),
      signals.map((row) => row.temperature),
      signals.map((row) => row.drugClasses.join(",")),
      signals.map((row) => row.symptoms.join(",")),
      signals.map((row) => row.visitDueAt),
      signals.map((row) => row.testDueAt),
    ],
  );
  return rows.map((row) => row.id);
}

/** Which of a unit's numbers are known, wherever the person stays. */
export async function knownRefs(tx: Tx, unitIds: readonly string[], refs: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql.many<{ key: string }>(
    "select unit_id || ' ' || ref as key from wuyang.probe_signal_refs($1::uuid[], $2::text[])",
    [unitIds, refs],
  );
  return new Set(rows.map((row) => row.key));
}

const signalSorts: SortTable<Signal, "at" | "visitDue"> = {
  keys: {
    at: { sql: "s.at", type: "timestamptz", of: (row) => row.at },
    visitDue: { sql: "s.visit_due_at", type: "timestamptz", of: (row) => row.visitDueAt },
  },
  tie: { sql: "s.id", type: "uuid", of: (row) => row.id },
};

export async function pageSignals(tx: Tx, query: SignalQuery): Promise<Page<Signal>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, signalSorts, "-at", area);
  const rows = await tx.sql.many<Signal>(
    `select ${signalColumns} from probe_signal s left join probe_unit u on u.id = s.unit_id
     where s.area_code >= $1 and s.area_code < $2 and ($3::text is null or s.state = $3)
       and (not $4::boolean or (s.state = 'open' and s.visit_due_at < $5))
       and ${sort.after(7)}
     order by ${sort.order} limit $6`,
    [lo, hi, query.state ?? null, query.overdue ?? false, tx.now, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** What a visit or a result is decided by. */
export interface SignalFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly personId: number;
  readonly at: Instant;
  readonly state: SignalState;
  readonly testDueAt: Instant;
}
const factColumns = `id, outbreak_id as "outbreakId", area_code as "areaCode", person_id as "personId", at, state, test_due_at as "testDueAt"`;

/** Locks signals that the actor sees. */
export async function lockSignals(tx: Tx, ids: readonly string[]): Promise<Map<string, SignalFacts>> {
  const rows = await tx.sql.many<SignalFacts>(
    `select ${factColumns} from probe_signal where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Signals that wait for a result; the longest waiting first. */
export async function waitingSignals(
  tx: Tx,
  input: { since: Instant; limit: number; personIds?: readonly number[] },
): Promise<SignalFacts[]> {
  return tx.sql.many(
    `select ${factColumns} from probe_signal
     where state in ${waiting} and at >= $1 and ($2::bigint[] is null or person_id = any($2)) order by at, id limit $3`,
    [input.since, input.personIds ?? null, input.limit],
  );
}

/** Moves signals to the states decided; a visit is dated by the present. */
export async function updateSignals(
  tx: Tx,
  rows: readonly { id: string; state: SignalState; reason: string | null; visited: boolean }[],
): Promise<void> {
  await tx.sql.run(
    `update probe_signal set state = new.state, reason = coalesce(new.reason, probe_signal.reason),
       visited_at = case when new.visited then coalesce(visited_at, $5) else visited_at end,
       visited_by = case when new.visited then coalesce(visited_by, $6) else visited_by end,
       tested_at = case when new.state = 'tested' then $5 else tested_at end,
       ended_at = case when new.state in ${waiting} then null else $5 end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) as new (id, state, reason, visited) where probe_signal.id = new.id`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.state),
      rows.map((row) => row.reason),
      rows.map((row) => row.visited),
      tx.now,
      tx.actor.id,
    ],
  );
}

/** Signals as they came and stand, for the summary: late is a visit or a test after its deadline. */
export async function tallySignals(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  return tx.sql.one(
    `select count(*)::int as in, (count(*) filter (where state not in ${waiting}))::int as done,
       (count(*) filter (where coalesce(visited_at, ended_at, $1) > visit_due_at or (state in ${waiting} and test_due_at < $1)))::int as late,
       (count(*) filter (where state in ${waiting}))::int as open
     from probe_signal`,
    [tx.now],
  );
}
