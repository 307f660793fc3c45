import { areaRange } from "#kernel/area";
import type { GivenPosition } from "#domain/areas";
import type { Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { AreaListQuery, NewPost, Post, Worker } from "./control.model.ts";

/** SQL of exposed posts, their people and their tests. */

export interface PostFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly code: string;
  readonly testEveryDays: number;
  readonly loopDaysMax: number | null;
}

/** Stores a post; false when its code is taken. */
export async function insertPost(
  tx: Tx,
  row: NewPost & { id: string; outbreakId: string; testEveryDays: number; loopDaysMax: number | null },
): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into inbound_post (id, outbreak_id, area_code, code, name, trade, test_every_days, loop_days_max, lat, lon)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (code) do nothing`,
    [
      row.id,
      row.outbreakId,
      row.areaCode,
      row.code,
      row.name,
      row.trade,
      row.testEveryDays,
      row.loopDaysMax,
      row.lat ?? null,
      row.lon ?? null,
    ],
  );
  return stored === 1;
}

export async function placePost(tx: Tx, id: string, { lat, lon }: GivenPosition): Promise<void> {
  await tx.sql.run("update inbound_post set lat = $2, lon = $3 where id = $1", [id, lat ?? null, lon ?? null]);
}

export async function findPost(tx: Tx, key: { id?: string; code?: string }): Promise<PostFacts | undefined> {
  return tx.sql.maybe<PostFacts>(
    `select id, outbreak_id as "outbreakId", area_code as "areaCode", code, test_every_days as "testEveryDays", loop_days_max as "loopDaysMax"
     from inbound_post where id = $1 or code = $2`,
    [key.id ?? null, key.code ?? null],
  );
}

export async function pagePosts(tx: Tx, query: AreaListQuery, today: Day): Promise<Page<Post>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Post>(
    `select p.id, p.area_code as "areaCode", p.code, p.name, p.trade, p.test_every_days as "testEveryDays", p.loop_days_max as "loopDaysMax",
       p.lat, p.lon, w.workers, w.due, w.rotate
     from inbound_post p cross join lateral (
       select count(*)::int as workers, count(*) filter (where next_test_on <= $1::date)::int as due,
         count(*) filter (where since + p.loop_days_max <= $1::date)::int as rotate
       from inbound_worker where post_id = p.id and state = 'in') w
     where p.area_code >= $2 and p.area_code < $3 and ($4::text is null or (p.area_code, p.code) > ($4, $5))
     order by p.area_code, p.code limit $6`,
    [today, lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

/** Puts people on a post; who was out comes in anew, who is in stays as he is. Returns how many began. */
export async function insertWorkers(
  tx: Tx,
  post: PostFacts,
  personIds: readonly number[],
  today: Day,
  nextTestOn: Day,
): Promise<number> {
  return tx.sql.run(
    `insert into inbound_worker (post_id, person_id, area_code, state, since, next_test_on)
     select $1, person_id, $2, 'in', $4::date, $5::date from unnest($3::bigint[]) n (person_id)
     on conflict (post_id, person_id) do update set state = 'in', since = excluded.since, out_on = null,
       last_test_on = null, last_result = null, next_test_on = excluded.next_test_on where inbound_worker.state = 'out'`,
    [post.id, post.areaCode, personIds, today, nextTestOn],
  );
}

export interface WorkerFacts {
  readonly personId: number;
  readonly state: Worker["state"];
  readonly since: Day;
  readonly lastTestOn: Day | null;
  readonly nextTestOn: Day;
}

export async function lockWorkers(tx: Tx, postId: string, personIds: readonly number[]): Promise<WorkerFacts[]> {
  return tx.sql.many<WorkerFacts>(
    `select person_id as "personId", state, since, last_test_on as "lastTestOn", next_test_on as "nextTestOn"
     from inbound_worker where post_id = $1 and person_id = any($2::bigint[]) order by person_id for update`,
    [postId, personIds],
  );
}

export async function setOut(tx: Tx, postId: string, personIds: readonly number[], today: Day): Promise<void> {
  await tx.sql.run(
    "update inbound_worker set state = 'out', out_on = $3::date where post_id = $1 and person_id = any($2::bigint[])",
    [postId, personIds, today],
  );
}

export interface TestRow {
  readonly personId: number;
  readonly result: "negative" | "positive";
  readonly dueOn: Day;
  readonly nextTestOn: Day;
}

/** Stores the day's results and moves each worker's next test. */
export async function insertTests(tx: Tx, post: PostFacts, today: Day, rows: readonly TestRow[]): Promise<number> {
  const columns = [rows.map((r) => r.personId), rows.map((r) => r.result), rows.map((r) => r.dueOn)] as const;
  const stored = await tx.sql.run(
    `insert into inbound_worker_test (post_id, person_id, day, area_code, due_on, result, recorded_at)
     select $1, person_id, $5::date, $6, due_on, result, $7 from unnest($2::bigint[], $3::text[], $4::date[]) n (person_id, result, due_on)
     on conflict (post_id, person_id, day) do nothing`,
    [post.id, ...columns, today, post.areaCode, tx.now],
  );
  await tx.sql.run(
    `update inbound_worker w set last_test_on = $5::date, last_result = n.result, next_test_on = n.next_on
     from unnest($2::bigint[], $3::text[], $4::date[]) n (person_id, result, next_on) where w.post_id = $1 and w.person_id = n.person_id`,
    [post.id, columns[0], columns[1], rows.map((r) => r.nextTestOn), today],
  );
  return stored;
}

export async function dueCount(tx: Tx, postId: string, today: Day): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    "select count(*)::int as n from inbound_worker where post_id = $1 and state = 'in' and next_test_on <= $2::date",
    [postId, today],
  );
  return row.n;
}

/** Posts with a test due whose day has not been asked for yet, marked as asked. */
export async function askPosts(tx: Tx, today: Day): Promise<(PostFacts & { readonly due: number })[]> {
  return tx.sql.many(
    `update inbound_post p set asked_on = $1::date from (
       select post_id, count(*)::int as due from inbound_worker where state = 'in' and next_test_on <= $1::date group by post_id) w
     where w.post_id = p.id and (p.asked_on is null or p.asked_on < $1::date)
     returning p.id, p.outbreak_id as "outbreakId", p.area_code as "areaCode", p.code, p.test_every_days as "testEveryDays",
       p.loop_days_max as "loopDaysMax", w.due`,
    [today],
  );
}

export async function pageWorkers(tx: Tx, query: AreaListQuery): Promise<Page<Worker>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<Worker>(
    `select w.post_id as "postId", p.code as post, p.trade, w.area_code as "areaCode", w.person_id as "personId", w.state, w.since,
       w.last_test_on as "lastTestOn", w.next_test_on as "nextTestOn"
     from inbound_worker w join inbound_post p on p.id = w.post_id
     where w.state = 'in' and w.area_code >= $1 and w.area_code < $2
       and ($3::date is null or (w.next_test_on, p.code, w.person_id) > ($3, $4, $5::bigint))
     order by w.next_test_on, p.code, w.person_id limit $6`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.nextTestOn, row.post, row.personId]);
}
