import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { BoxState } from "./boxes.model.ts";
import { numbersOf } from "./rounds.store.ts";
import type { Purpose } from "./screening.model.ts";
import type { KnownTube, PersonFault, PlannedTube, Stage } from "./screening.rules.ts";

/**
 * What an upload reads and writes, in as few statements as its locks allow: at the evening's peak each turn between
 * server and database counts, and most uploads are one tube of ten people.
 */

/** Where an upload's tubes go: its site and round, and its box where that is there. */
export interface UploadPlace {
  readonly siteId: string;
  readonly siteArea: string;
  readonly roundId: string;
  readonly outbreakId: string;
  readonly roundArea: string;
  readonly purpose: Purpose;
  readonly poolSize: number;
  readonly householdSize: number;
}

export interface UploadBox {
  readonly id: string;
  readonly siteId: string;
  readonly state: BoxState;
  readonly handedOverAt: Instant | null;
  readonly receivedAt: Instant | null;
  readonly labId: string | null;
}

/** The site and the round of an upload with the box of its code, which is locked; undefined without site or round. */
export async function placeOf(
  tx: Tx,
  where: { readonly siteId: string; readonly roundId: string; readonly box: string },
): Promise<{ readonly place: UploadPlace; readonly box: UploadBox | null } | undefined> {
  const row = await tx.sql.maybe<
    UploadPlace & Omit<UploadBox, "id" | "siteId"> & { boxId: string | null; boxSite: string }
  >(
    `select s.id as "siteId", s.area_code as "siteArea", r.id as "roundId", r.outbreak_id as "outbreakId", r.area_code as "roundArea",
       r.kind as purpose, r.pool_size as "poolSize", r.household_size as "householdSize", b.id as "boxId", b.site_id as "boxSite", b.state,
       b.handed_over_at as "handedOverAt", b.received_at as "receivedAt", b.lab_id as "labId"
     from site s cross join round r
     left join lateral (select * from box where outbreak_id = r.outbreak_id and code = $3 for update) b on true
     where s.id = $1 and r.id = $2`,
    [where.siteId, where.roundId, where.box],
  );
  if (row === undefined) return undefined;
  const { boxId, boxSite, state, handedOverAt, receivedAt, labId, ...place } = row;
  const box = boxId === null ? null : { id: boxId, siteId: boxSite, state, handedOverAt, receivedAt, labId };
  return { place, box };
}

export interface Found {
  readonly known: ReadonlyMap<string, KnownTube>;
  readonly faults: readonly PersonFault[];
}

/**
 * Of an upload, the tubes that are known, locked, and the people who are unknown or are in a tube of the round already.
 * Each register is asked by its own key and nothing else: joined, the planner reads the whole of it for a full upload, and
 * Citus would pull it together.
 */
export async function foundOf(
  tx: Tx,
  roundId: string,
  barcodes: readonly string[],
  personIds: readonly number[],
): Promise<Found> {
  const row = await tx.sql.one<{ known: KnownTube[] | null; faults: PersonFault[] | null }>(
    `with p as materialized (select id from person where id = any($3::bigint[])),
     s as materialized (select person_id, tube_id from sample where person_id = any($3::bigint[]) and round_id = $1)
     select
       (select json_agg(k) from (
         select t.* from (select distinct barcode from unnest($2::text[]) b (barcode) order by 1) b
         cross join lateral (select id, barcode, round_id as "roundId", site_id as "siteId", kind, capacity, size, state
           from tube where barcode = b.barcode offset 0 for update) t) k) as known,
       (select json_agg(f order by f."personId") from (
         select u.person_id as "personId", s.tube_id as "tubeId" from unnest($3::bigint[]) u (person_id)
         left join p on p.id = u.person_id left join s on s.person_id = u.person_id
         where p.id is null or s.tube_id is not null) f) as faults`,
    [roundId, barcodes, numbersOf(personIds)],
  );
  return { known: new Map((row.known ?? []).map((tube) => [tube.barcode, tube])), faults: row.faults ?? [] };
}

/** Which of the tubes exist that others are re-checks of. */
export async function tubesThere(tx: Tx, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.sql.many<{ id: number }>("select id from tube where id = any($1::bigint[])", [numbersOf(ids)]);
  return new Set(rows.map((row) => row.id));
}

export interface StoredUpload {
  readonly place: UploadPlace;
  readonly box: UploadBox;
  /** From the box: tubes registered late stand where their box stands. */
  readonly stage: Stage;
  readonly fresh: readonly PlannedTube[];
  readonly topUps: readonly {
    readonly tubeId: number;
    readonly at: Instant;
    readonly personIds: readonly number[];
    readonly full: boolean;
  }[];
}

/**
 * A late tube's people count where its box is; those added to a tube at its site count there. How many come back travels in
 * `due`, which a village's new row has as 0: whoever is excused has a row already.
 */
function countedText(stage: Stage): string {
  const late = stage === "at_site" ? "" : `, ${stage}`;
  const lateOf = stage === "at_site" ? "" : ", fresh";
  const lateSet = stage === "at_site" ? "" : `, ${stage} = c.${stage} + excluded.${stage}`;
  const atSite = stage === "at_site" ? "fresh + added" : "added";
  return `insert into coverage as c (round_id, area_code, collected, at_site${late}, due)
     select $1, area_code, fresh + added, ${atSite}${lateOf}, back from change order by area_code
     on conflict (round_id, area_code) do update set collected = c.collected + excluded.collected, at_site = c.at_site + excluded.at_site${lateSet},
       excused = c.excused - excluded.due`;
}

/**
 * Stores new tubes and adds to those that stand at the site, stores the swabs with each person's own village, and moves
 * the counters of the villages, all in one statement; a person who was excused is so no longer. Gives how many tubes
 * and swabs were stored: fewer than were sent where another upload was quicker.
 */
export async function storeUpload(tx: Tx, upload: StoredUpload): Promise<{ tubes: number; people: number }> {
  const { place, box, stage, fresh, topUps } = upload;
  const isOpen = box.state === "open";
  const state = (tube: PlannedTube): string =>
    stage !== "at_site" ? stage : isOpen && tube.personIds.length < tube.capacity ? "open" : "closed";
  const members = [
    ...fresh.map((tube) => ({ barcode: tube.barcode, tubeId: null, at: tube.at, personIds: tube.personIds })),
    ...topUps.map((row) => ({ barcode: null, ...row })),
  ].flatMap(({ personIds, ...of }) => personIds.map((personId) => ({ ...of, personId })));
  return tx.sql.one(
    `with made as (
       insert into tube (round_id, outbreak_id, purpose, area_code, site_id, box_id, handed_over_at, received_at, lab_id,
         barcode, kind, capacity, size, recheck_of, collected_at, state)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, n.barcode, n.kind, n.capacity, n.size, n.recheck_of, n.at, n.state
       from unnest($10::text[], $11::text[], $12::int[], $13::int[], $14::bigint[], $15::timestamptz[], $16::text[])
         as n (barcode, kind, capacity, size, recheck_of, at, state)
       on conflict (barcode) do nothing returning id, barcode),
     grown as (
       update tube t set size = t.size + g.by, state = case when g.is_full then 'closed' else t.state end
       from unnest($17::bigint[], $18::int[], $19::boolean[]) as g (id, by, is_full) where t.id = g.id),
     counted_box as (update box set tubes = tubes + cardinality($10::text[]) where id = $6 and cardinality($10::text[]) > 0),
     sent as materialized (select * from unnest($20::bigint[], $21::text[], $22::bigint[], $23::timestamptz[]) m (person_id, barcode, tube_id, at)),
     member as (
       select m.person_id, coalesce(m.tube_id, made.id) as tube_id, m.at, m.tube_id is null as is_fresh
       from sent m left join made on made.barcode = m.barcode),
     put as (
       insert into sample (round_id, person_id, tube_id, at, area_code)
       select $1, p.id, m.tube_id, m.at, p.area_code from member m join person p on p.id = m.person_id
       where p.id = any($20::bigint[]) and m.tube_id is not null
       on conflict do nothing returning person_id, area_code),
     back as (delete from absence where round_id = $1 and person_id = any($20::bigint[]) returning area_code),
     change as (
       select area_code, sum(fresh)::int as fresh, sum(added)::int as added, sum(back)::int as back
       from (
         select put.area_code, m.is_fresh::int as fresh, (not m.is_fresh)::int as added, 0 as back from put join member m using (person_id)
         union all select area_code, 0, 0, 1 from back) x group by area_code),
     counted as (${countedText(stage)})
     select (select count(*)::int from made) as tubes, (select count(*)::int from put) as people`,
    [
      place.roundId,
      place.outbreakId,
      place.purpose,
      place.siteArea,
      place.siteId,
      box.id,
      box.handedOverAt,
      box.receivedAt,
      box.labId,
      fresh.map((tube) => tube.barcode),
      fresh.map((tube) => tube.kind),
      numbersOf(fresh.map((tube) => tube.capacity)),
      numbersOf(fresh.map((tube) => tube.personIds.length)),
      fresh.map((tube) => tube.recheckOf),
      fresh.map((tube) => tube.at),
      fresh.map(state),
      numbersOf(topUps.map((row) => row.tubeId)),
      numbersOf(topUps.map((row) => row.personIds.length)),
      topUps.map((row) => row.full),
      numbersOf(members.map((member) => member.personId)),
      members.map((member) => member.barcode),
      members.map((member) => member.tubeId),
      members.map((member) => member.at),
    ],
  );
}
