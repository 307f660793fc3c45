-- A packed day says between which seconds anybody was anywhere in it, so that a span of time is looked up in the day it
-- lies in and not in all of a fortnight. Days packed before this say «any second»; they are gone with their retention.
alter table visit_seal
  add first_s integer not null default -2147483648,
  add end_s integer not null default 2147483647;

create or replace function wuyang.end_visit_seal(sealed date, visits bigint, codec smallint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  fresh text;
  part text;
  bytes bigint := 0;
  first_arrival integer;
  last_leaving integer;
begin
  -- What takes time comes first: from the first swap on, readers wait.
  execute format('create index on %I (venue_no, first_s, end_s)', wuyang.part_of('visit_by_venue_new', sealed));
  execute format('create index on %I (bucket)', wuyang.part_of('visit_by_person_new', sealed));
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    execute format('analyze %I', fresh);
    execute format('revoke insert on %I from wuyang_app', fresh);
    bytes := bytes + wuyang.size_of(fresh);
  end loop;
  execute format('select min(first_s), max(end_s) from %I', wuyang.part_of('visit_by_venue_new', sealed))
    into first_arrival, last_leaving;
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    part := wuyang.part_of(parent, sealed);
    execute format('drop table if exists %I', part);
    execute format('alter table %I rename to %I', fresh, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, sealed, sealed + 1);
  end loop;
  execute format('drop table if exists %I', wuyang.part_of('visit_closing', sealed));
  insert into visit_seal (day, visits, bytes, codec, sealed_at, first_s, end_s)
    values (sealed, visits, bytes, codec, at, coalesce(first_arrival, 0), coalesce(last_leaving, -1))
    on conflict (day) do update set visits = excluded.visits, bytes = excluded.bytes, codec = excluded.codec,
      sealed_at = excluded.sealed_at, first_s = excluded.first_s, end_s = excluded.end_s;
  return bytes;
end
$$;

-- A spread database answers the questions below in another way, and keeps that of one machine aside (distributed.sql): what
-- is new here takes the place of the latter.
do $$
declare
  asked text;
begin
  foreach asked in array array['visitors_of', 'meetings_of'] loop
    if exists (select from pg_proc where pronamespace = 'wuyang'::regnamespace and proname = asked || '_here') then
      execute format('alter function wuyang.%I rename to %I', asked, asked || '_spread');
      execute format('alter function wuyang.%I rename to %I', asked || '_here', asked);
    end if;
  end loop;
end
$$;

-- As before, but a packed day is searched only for the spans that it holds something of.
create or replace function wuyang.visitors_of(venues integer[], froms integer[], tos integer[], first_day date, last_day date, longest integer)
returns table (i integer, person integer, s integer, len integer, body bytea)
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    select w.i::int, v.person_id, v.s, v.len, null::bytea
      from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select w.i::int, v.person_id, v.s, v.len, null::bytea
      from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_closing v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select w.i::int, 0, c.first_s, null::integer, c.body
      from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_seal d
        on d.first_s <= w.hi and d.end_s >= w.lo and d.day >= first_day and d.day <= last_day
      cross join lateral (select c.first_s, c.body from visit_by_venue c
        where c.day = d.day and c.venue_no = w.venue and c.first_s <= w.hi and c.end_s >= w.lo offset 0) c;
end
$$;

create or replace function wuyang.meetings_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer,
  gap integer, assumed integer, longest integer)
returns table (own boolean, i integer, person integer, venue integer, s integer, len integer, body bytea)
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  part record;
  packed bytea;
  who integer;
  place integer;
  at integer;
  stop integer;
  has_lengths boolean;
  field integer;
  read_to integer;
  shift integer;
  octet integer;
  number integer;
  moment integer;
  where_no integer;
  length_s integer;
  stay_people integer[] := '{}';
  stay_venues integer[] := '{}';
  stay_moments integer[] := '{}';
  stay_lengths integer[] := '{}';
  froms integer[] := '{}';
  tos integer[] := '{}';
begin
  -- Rows before packed days: packing changes both in one moment, so no visit is missed.
  for part in
    select v.person_id, v.venue_no, v.s as moment, coalesce(v.len, -1) as len from visit v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
    union all
    select v.person_id, v.venue_no, v.s, coalesce(v.len, -1) from visit_closing v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
  loop
    stay_people := stay_people || part.person_id;
    stay_venues := stay_venues || part.venue_no;
    stay_moments := stay_moments || part.moment;
    stay_lengths := stay_lengths || part.len;
  end loop;
  for part in
    select p.bucket, p.body from visit_by_person p
      where p.bucket = any(buckets) and p.day >= first_day and p.day <= last_day
  loop
    packed := part.body;
    if get_byte(packed, 0) <> 2 then
      return query select null::boolean, 0, 0, 0, 0, 0, null::bytea;
      return;
    end if;
    has_lengths := (get_byte(packed, 1) & 1) = 1;
    foreach who in array people loop
      continue when who >> 6 <> part.bucket;
      place := who & 63;
      at := 134 + case when place = 0 then 0 else get_byte(packed, 4 + 2 * place) | (get_byte(packed, 5 + 2 * place) << 8) end;
      stop := 134 + (get_byte(packed, 6 + 2 * place) | (get_byte(packed, 7 + 2 * place) << 8));
      moment := get_byte(packed, 2) | (get_byte(packed, 3) << 8) | (get_byte(packed, 4) << 16) | (get_byte(packed, 5) << 24);
      read_to := case when has_lengths then 3 else 2 end;
      while at < stop loop
        length_s := -1;
        for field in 1..read_to loop
          number := 0;
          shift := 0;
          loop
            octet := get_byte(packed, at);
            at := at + 1;
            number := number | ((octet & 127) << shift);
            exit when octet < 128;
            shift := shift + 7;
          end loop;
          if field = 1 then
            moment := moment + number;
          elsif field = 2 then
            where_no := number;
          else
            length_s := number - 1;
          end if;
        end loop;
        if moment >= from_s and moment < to_s then
          stay_people := stay_people || who;
          stay_venues := stay_venues || where_no;
          stay_moments := stay_moments || moment;
          stay_lengths := stay_lengths || length_s;
        end if;
      end loop;
    end loop;
  end loop;
  for n in 1..cardinality(stay_people) loop
    length_s := stay_lengths[n];
    froms := froms || (stay_moments[n] - gap);
    tos := tos || (stay_moments[n] + case when length_s < 0 then assumed else least(length_s, longest) end + gap);
  end loop;
  return query
    select true, n::int, p, v, m, l, null::bytea
      from unnest(stay_people, stay_venues, stay_moments, stay_lengths) with ordinality as stay (p, v, m, l, n);
  return query
    select false, w.i::int, v.person_id, w.venue, v.s, coalesce(v.len, -1), null::bytea
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select false, w.i::int, v.person_id, w.venue, v.s, coalesce(v.len, -1), null::bytea
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_closing v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select false, w.i::int, 0, w.venue, c.first_s, -1, c.body
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_seal d
        on d.first_s <= w.hi and d.end_s >= w.lo and d.day >= first_day and d.day <= last_day
      cross join lateral (select c.first_s, c.body from visit_by_venue c
        where c.day = d.day and c.venue_no = w.venue and c.first_s <= w.hi and c.end_s >= w.lo offset 0) c;
end
$$;

do $$
declare
  asked text;
begin
  foreach asked in array array['visitors_of', 'meetings_of'] loop
    if exists (select from pg_proc where pronamespace = 'wuyang'::regnamespace and proname = asked || '_spread') then
      execute format('alter function wuyang.%I rename to %I', asked, asked || '_here');
      execute format('alter function wuyang.%I rename to %I', asked || '_spread', asked);
    end if;
  end loop;
end
$$;
