-- Venues with their codes, and the visits that scans record: narrow, append-only, a partition a day.

create table venue (
  id uuid primary key,
  -- A short number for the bulk of visits; the id is what the API shows.
  no bigint generated always as identity unique,
  code text not null unique,
  area_code text collate "C" not null,
  kind text not null,
  name text not null,
  name_en text not null,
  lat double precision,
  lon double precision,
  capacity integer check (capacity > 0),
  created_at timestamptz not null
);
create index venue_area on venue (area_code, code);
select wuyang.protect('venue');

-- Whoever may read visits reads them through a query with a purpose; no area is stored because the venue has it.
create table visit (
  day date not null,
  venue_no bigint not null,
  person_id bigint not null,
  at timestamptz not null,
  -- When the person left, if the venue records it.
  until timestamptz check (until >= at),
  primary key (day, venue_no, at, person_id)
) partition by range (day);
create index visit_person on visit (person_id, at);
grant select, insert on visit to wuyang_app;

-- The application may add a day's partition and drop one whose time is over, and nothing else of the kind.
create function wuyang.add_visit_day(wanted date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part text := format('visit_%s', to_char(wanted, 'YYYYMMDD'));
begin
  if to_regclass(part) is null then
    perform pg_advisory_xact_lock(771006);
    execute format('create table if not exists %I partition of visit for values from (%L) to (%L)', part, wanted, wanted + 1);
  end if;
end
$$;

create function wuyang.drop_visit_days(before date) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part record;
  dropped integer := 0;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'visit'::regclass and c.relname < format('visit_%s', to_char(before, 'YYYYMMDD'))
  loop
    execute format('drop table %I', part.relname);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
