import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import { numbersOf } from "./rounds.store.ts";
import type { Purpose, Tube, TubeDetail, TubeQuery, TubeResult } from "./screening.model.ts";

/** SQL that reads tubes: the list, one tube with its members and what happened to it. */

const tubeColumns = `t.id, t.barcode, t.round_id as "roundId", r.no as "roundNo", t.area_code as "areaCode", null as "areaName", t.site_id as "siteId",
  b.code as box, t.lab_id as "labId", t.kind, t.capacity, t.size, t.purpose, t.recheck_of as "recheckOf", t.state, t.result, t.unclear, t.retests,
  t.ct_n as "ctN", t.ct_orf as "ctOrf", t.collected_at as "collectedAt", t.handed_over_at as "handedOverAt", t.received_at as "receivedAt",
  t.resulted_at as "resultedAt", t.ended_reason as "endedReason"`;

/** By what never changes of a tube: an index on what does would be written again at each of its stations. */
const tubeSorts: SortTable<Tube, "entered" | "collected" | "barcode"> = {
  keys: {
    entered: [],
    collected: { sql: "t.collected_at", type: "timestamptz", of: (row) => row.collectedAt },
    barcode: { sql: "t.barcode", type: "text", of: (row) => row.barcode },
  },
  tie: { sql: "t.id", type: "bigint", of: (row) => row.id },
};

/** Tubes of an area, newest first. */
export async function pageTubes(tx: Tx, query: TubeQuery): Promise<Page<Tube>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, tubeSorts, "-entered", area);
  const rows = await tx.sql.many<Tube>(
    `with t as materialized (
       select * from tube t
       where t.area_code >= $1 and t.area_code < $2 and ($3::uuid is null or t.round_id = $3) and ($4::text is null or t.state = $4)
         and ($5::text is null or t.result = $5) and ($6::text is null or t.barcode = $6)
         and ${sort.after(8)}
       order by ${sort.order} limit $7
     )
     select ${tubeColumns} from t join round r on r.id = t.round_id join box b on b.id = t.box_id
     order by ${sort.order}`,
    [
      lo,
      hi,
      query.roundId ?? null,
      query.state ?? null,
      query.result ?? null,
      query.barcode ?? null,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}

export async function tubesById(tx: Tx, ids: readonly number[]): Promise<Tube[]> {
  return tx.sql.many<Tube>(
    `select ${tubeColumns} from tube t join round r on r.id = t.round_id join box b on b.id = t.box_id where t.id = any($1::bigint[]) order by t.barcode`,
    [numbersOf(ids)],
  );
}

export async function tubeMembers(
  tx: Tx,
  tubeId: number,
): Promise<Omit<TubeDetail["members"][number], "personName">[]> {
  return tx.sql.many(
    `select person_id as "personId", area_code as "areaCode", at from sample where tube_id = $1 order by person_id`,
    [tubeId],
  );
}

export async function tubeTrace(tx: Tx, tubeId: number): Promise<TubeDetail["trace"]> {
  return tx.sql.many(
    `select person_id as "personId", why, from_tube_id as "fromTubeId", to_tube_id as "toTubeId", note, at, actor_id as "actorId"
     from sample_trace where from_tube_id = $1 or to_tube_id = $1 order by at, person_id`,
    [tubeId],
  );
}

/** A swab with what became of it. */
export interface PersonResult {
  readonly personId: number;
  readonly tubeId: number;
  readonly purpose: Purpose;
  readonly sampledAt: Instant;
  readonly result: TubeResult | null;
  readonly resultedAt: Instant | null;
}

/** The swabs of people taken at or after an instant, oldest first. */
export async function resultsOf(tx: Tx, personIds: readonly number[], since: Instant): Promise<PersonResult[]> {
  return tx.sql.many<PersonResult>(
    `with s as materialized (select person_id, tube_id, at from sample where person_id = any($1::bigint[]) and at >= $2)
     select s.person_id as "personId", s.tube_id as "tubeId", t.purpose, s.at as "sampledAt", t.result, t.resulted_at as "resultedAt"
     from s join tube t on t.id = s.tube_id order by s.person_id, s.at, s.tube_id`,
    [numbersOf(personIds), since],
  );
}
