-- Closed days of visits are packed into segments, by venue and by bucket of people; today's stay rows.

-- Today's rows are as narrow as they can be, since the two indexes are what limits how many scans a second are taken:
-- numbers of four bytes, and seconds since 2020-01-01 UTC in place of moments. `len` is null where nobody recorded the leaving.
alter table visit rename to visit_wide;
alter index visit_pkey rename to visit_wide_pkey;
alter index visit_person rename to visit_wide_person;
do $$
declare
  part record;
begin
  for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'visit_wide'::regclass loop
    execute format('alter table %I rename to %I', part.relname, 'wide_' || part.relname);
  end loop;
end
$$;
create table visit (
  day date not null,
  venue_no integer not null,
  person_id integer not null,
  s integer not null,
  len integer check (len >= 0),
  -- The day comes last: it is the same in a whole partition, and a venue's minutes must lie side by side.
  primary key (venue_no, s, person_id, day)
) partition by range (day);
create index visit_person on visit (person_id, s);
grant select, insert, update (len) on visit to wuyang_app;
select wuyang.add_visit_day(day) from (select distinct day from visit_wide) as days;
insert into visit
  select day, venue_no, person_id, floor(extract(epoch from at))::bigint - 1577836800,
    case when until is null then null else greatest(0, extract(epoch from until - date_trunc('second', at)))::integer end
  from visit_wide on conflict do nothing;
drop table visit_wide;

-- A day that is being packed: no visit arrives in it any more, and readers still find its rows.
create table visit_closing (like visit including all) partition by range (day);
grant select on visit_closing to wuyang_app;

create table visit_seal (
  day date primary key,
  visits bigint not null,
  bytes bigint not null,
  codec smallint not null,
  sealed_at timestamptz not null
);
grant select on visit_seal to wuyang_app;

-- first_s and end_s: the first arrival and the last leaving, in seconds since 2020-01-01 UTC.
create table visit_by_venue (
  day date not null,
  venue_no integer not null,
  first_s integer not null,
  end_s integer not null,
  body bytea not null
) partition by range (day);
-- A segment is made to lie on a page; compressing it or moving it out of line would only slow its reading.
alter table visit_by_venue alter column body set storage plain;
create index visit_by_venue_time on visit_by_venue (venue_no, first_s, end_s);

create table visit_by_person (
  day date not null,
  bucket integer not null,
  body bytea not null
) partition by range (day);
alter table visit_by_person alter column body set storage plain;
create index visit_by_person_bucket on visit_by_person (bucket);
grant select on visit_by_venue, visit_by_person to wuyang_app;

create function wuyang.part_of(parent text, part_day date) returns text language sql immutable as $$
  select format('%s_%s', parent, to_char(part_day, 'YYYYMMDD'))
$$;

-- Moves a day's rows out of the way of arriving visits; late ones begin a new partition.
create function wuyang.close_visit_day(closed date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part text := wuyang.part_of('visit', closed);
  closing text := wuyang.part_of('visit_closing', closed);
begin
  if to_regclass(part) is null or to_regclass(closing) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(771006);
  -- Arriving visits would queue behind a long wait; whoever closes tries again later.
  perform set_config('lock_timeout', '2s', true);
  execute format('alter table visit detach partition %I', part);
  execute format('alter table %I rename to %I', part, closing);
  execute format('alter table visit_closing attach partition %I for values from (%L) to (%L)', closing, closed, closed + 1);
end
$$;

-- Makes the tables that the packed day is loaded into, beside those in use.
create function wuyang.begin_visit_seal(sealed date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
begin
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    execute format('drop table if exists %I', wuyang.part_of(parent || '_new', sealed));
    execute format('create table %I (like %I including defaults including storage)', wuyang.part_of(parent || '_new', sealed), parent);
    execute format('alter table %I add check (day >= %L and day < %L)', wuyang.part_of(parent || '_new', sealed), sealed, sealed + 1);
    execute format('alter table %I alter column day set default %L', wuyang.part_of(parent || '_new', sealed), sealed);
    execute format('grant insert, select on %I to wuyang_app', wuyang.part_of(parent || '_new', sealed));
  end loop;
end
$$;

-- Puts the packed day in the place of its rows, in one moment.
create function wuyang.end_visit_seal(sealed date, visits bigint, codec smallint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  fresh text;
  part text;
  bytes bigint := 0;
begin
  -- What takes time comes first: from the first swap on, readers wait.
  execute format('create index on %I (venue_no, first_s, end_s)', wuyang.part_of('visit_by_venue_new', sealed));
  execute format('create index on %I (bucket)', wuyang.part_of('visit_by_person_new', sealed));
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    execute format('analyze %I', fresh);
    execute format('revoke insert on %I from wuyang_app', fresh);
    bytes := bytes + pg_total_relation_size(fresh::regclass);
  end loop;
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    part := wuyang.part_of(parent, sealed);
    execute format('drop table if exists %I', part);
    execute format('alter table %I rename to %I', fresh, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, sealed, sealed + 1);
  end loop;
  execute format('drop table if exists %I', wuyang.part_of('visit_closing', sealed));
  insert into visit_seal values (sealed, visits, bytes, codec, at)
    on conflict (day) do update set visits = excluded.visits, bytes = excluded.bytes, codec = excluded.codec, sealed_at = excluded.sealed_at;
  return bytes;
end
$$;

-- Retention drops whole days, packed or not, in one statement.
create or replace function wuyang.drop_visit_days(before date) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part record;
  days text[] := '{}';
begin
  for part in
    select c.relname, p.relname as parent from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.oid in ('visit'::regclass, 'visit_closing'::regclass, 'visit_by_venue'::regclass, 'visit_by_person'::regclass)
      and right(c.relname, 8) < to_char(before, 'YYYYMMDD')
  loop
    execute format('drop table %I', part.relname);
    days := days || right(part.relname, 8);
  end loop;
  delete from visit_seal where day < before;
  return (select count(distinct d) from unnest(days) as d);
end
$$;

-- The two questions of tracing, wherever the visits lie. They are functions for the sake of their plans: made once a
-- connection and for any value, always over the indexes. Planning over the days' partitions takes longer than answering.
-- A row is a visit, or (body given) a segment: its bucket in `person` or its first arrival in `s`.
create function wuyang.stays_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer)
returns table (person integer, venue integer, s integer, len integer, body bytea)
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return query
    select v.person_id, v.venue_no, v.s, v.len, null::bytea from visit v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
    union all
    select v.person_id, v.venue_no, v.s, v.len, null::bytea from visit_closing v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
    union all
    select p.bucket, 0, 0, null::integer, p.body from visit_by_person p
      where p.bucket = any(buckets) and p.day >= first_day and p.day <= last_day;
end
$$;

-- `wanted` are spans of seconds at venues, and `longest` the seconds that a stay may have begun before a span and still
-- reach it.
create function wuyang.visitors_of(venues integer[], froms integer[], tos integer[], first_day date, last_day date, longest integer)
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
      from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_by_venue c
        on c.venue_no = w.venue and c.first_s <= w.hi and c.end_s >= w.lo and c.day >= first_day and c.day <= last_day;
end
$$;
