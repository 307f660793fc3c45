-- Isolation: places, rooms and beds; who must stay where; journeys; the test calendar.
-- What must never happen (two people in a bed, a contact beside a case, a person in two places) is
-- refused here by exclusion constraints, so that no fault above this line can make it happen.

create extension if not exists btree_gist;

create table isolation_site (
  id uuid primary key,
  -- A running number; room and bed ids are made from it, so that ids have a natural order.
  no integer not null unique check (no between 1 and 9999999),
  area_code text collate "C" not null,
  kind text not null check (kind in ('central', 'fangcang', 'hospital')),
  name text not null,
  name_en text not null,
  -- The building phase of a fangcang; its phases open one after the other.
  phase integer check (phase >= 1),
  emergency boolean not null default false,
  state text not null check (state in ('planned', 'open', 'closed')),
  lat double precision,
  lon double precision,
  -- How long terminal disinfection keeps a bed from its next guest.
  cleaning_minutes integer not null check (cleaning_minutes >= 0),
  -- When a planned site can take its first guest.
  ready_at timestamptz,
  opened_at timestamptz,
  closed_at timestamptz,
  check (state = 'planned' or opened_at is not null),
  unique (area_code, kind, name)
);
create index isolation_site_area on isolation_site (area_code, no);
select wuyang.protect('isolation_site');

-- Row-level security hides other counties' sites from a county, but the running number is one for all.
create function wuyang.next_site_no() returns integer language sql security definer set search_path = public as $$
  select coalesce(max(no), 0) + 1 from isolation_site
$$;
create function wuyang.lock_site_no() returns void language sql as $$
  select pg_advisory_xact_lock(771010)
$$;
grant execute on function wuyang.next_site_no() to wuyang_app;

-- One floor serves one purpose at a time (domain.md §3.1); the purpose goes when the floor is empty.
create table isolation_floor (
  id bigint primary key,
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  floor integer not null,
  purpose text,
  busy integer not null default 0 check (busy >= 0)
);
create index isolation_floor_area on isolation_floor (area_code);
create index isolation_floor_site on isolation_floor (site_id, floor);
select wuyang.protect('isolation_floor');

create table room (
  id bigint primary key,
  floor_id bigint not null references isolation_floor (id),
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  kind text not null check (kind in ('single', 'family', 'accessible', 'ward', 'staff')),
  -- 隔离观察区 / 工作服务区 / 卫生通过区: people stay in the first, the others have no beds.
  zone text not null check (zone in ('isolation', 'clean', 'buffer')),
  number text not null,
  beds integer not null check (beds >= 0),
  -- Beds that are not free; kept by the trigger below.
  busy integer not null default 0 check (busy >= 0 and busy <= beds),
  check ((zone = 'isolation') = (kind <> 'staff')),
  check ((kind = 'staff') = (beds = 0))
);
-- An expression, not the column: with the plain id here the planner answers look-ups by id through this index,
-- skipping from area to area of the reader's range (PostgreSQL 18), a hundred times slower than the primary key.
create index room_area on room (area_code, (id + 0));
create index room_free on room (site_id, kind, id) where busy = 0 and beds > 0;
select wuyang.protect('room');

create table bed (
  id bigint primary key,
  room_id bigint not null references room (id),
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  kind text not null,
  no integer not null,
  state text not null check (state in ('free', 'reserved', 'inUse', 'cleaning', 'blocked')),
  free_at timestamptz,
  check ((state = 'cleaning') = (free_at is not null))
);
create index bed_area on bed (area_code);
create index bed_room on bed (room_id, no);
create index bed_free on bed (site_id, id) where state = 'free';
create index bed_cleaning on bed (free_at) where state = 'cleaning';
select wuyang.protect('bed');

-- What people look at is kept, not scanned: one row for each kind of room of a site.
create table isolation_counter (
  site_id uuid not null references isolation_site (id),
  kind text not null,
  area_code text collate "C" not null,
  rooms integer not null,
  rooms_busy integer not null default 0 check (rooms_busy >= 0),
  beds integer not null,
  in_use integer not null default 0 check (in_use >= 0),
  reserved integer not null default 0 check (reserved >= 0),
  cleaning integer not null default 0 check (cleaning >= 0),
  blocked integer not null default 0 check (blocked >= 0),
  primary key (site_id, kind),
  check (in_use + reserved + cleaning + blocked <= beds)
);
create index isolation_counter_area on isolation_counter (area_code);
select wuyang.protect('isolation_counter');

-- One statement changes beds; this carries the change to rooms, floors and counters in one go.
create function wuyang.count_beds() returns trigger language plpgsql as $$
begin
  with change as (
    select n.room_id, n.site_id, n.kind, o.state as was, n.state as becomes
    from new_beds n join old_beds o on o.id = n.id where o.state <> n.state
  ), by_room as (
    select room_id, sum((becomes <> 'free')::int - (was <> 'free')::int)::int as more from change group by room_id
  ), rooms as (
    update room r set busy = r.busy + b.more from by_room b where r.id = b.room_id and b.more <> 0
    returning r.site_id, r.kind, r.floor_id, b.more, (r.busy > 0)::int - (r.busy - b.more > 0)::int as taken
  ), floors as (
    update isolation_floor f set busy = f.busy + x.more,
      purpose = case when f.busy + x.more = 0 then null else f.purpose end
    from (select floor_id, sum(more)::int as more from rooms group by floor_id) x
    where f.id = x.floor_id and x.more <> 0
  ), by_site as (
    select site_id, kind, sum(taken)::int as taken, sum(in_use)::int as in_use, sum(reserved)::int as reserved,
      sum(cleaning)::int as cleaning, sum(blocked)::int as blocked
    from (
      select site_id, kind, 0 as taken,
        (becomes = 'inUse')::int - (was = 'inUse')::int as in_use,
        (becomes = 'reserved')::int - (was = 'reserved')::int as reserved,
        (becomes = 'cleaning')::int - (was = 'cleaning')::int as cleaning,
        (becomes = 'blocked')::int - (was = 'blocked')::int as blocked
      from change
      union all select site_id, kind, taken, 0, 0, 0, 0 from rooms
    ) part group by site_id, kind
  )
  update isolation_counter c set rooms_busy = c.rooms_busy + s.taken, in_use = c.in_use + s.in_use,
    reserved = c.reserved + s.reserved, cleaning = c.cleaning + s.cleaning, blocked = c.blocked + s.blocked
  from by_site s where c.site_id = s.site_id and c.kind = s.kind;
  return null;
end
$$;
create trigger count_beds after update on bed
  referencing old table as old_beds new table as new_beds
  for each statement execute function wuyang.count_beds();

create table isolation_order (
  id uuid primary key,
  outbreak_id uuid not null,
  person_id bigint not null,
  -- Where the person lives.
  area_code text collate "C" not null,
  household_id bigint,
  age integer,
  needs text[] not null default '{}',
  category text not null check (category in ('contact', 'case')),
  plan_class text not null,
  protocol_version text not null,
  segment integer not null default 0,
  mode text not null check (mode in ('central', 'home', 'homeMonitor', 'fangcang', 'hospital')),
  contact_id uuid,
  linked_contact_id uuid,
  case_id uuid,
  -- What the duration counts from: last exposure, leaving a zone, discharge.
  anchor_at timestamptz not null,
  ordered_at timestamptz not null,
  -- The protocol's limit for being in the place, and the rule it comes from.
  due_at timestamptz not null,
  due_rule text not null,
  -- When the clock's duty put the order on the overdue list (I5: late is visible).
  late_at timestamptz,
  state text not null check (state in ('pending', 'transferring', 'active', 'released', 'cancelled')),
  -- The allocated place (central, fangcang, hospital), whose county sees the order too.
  site_id uuid references isolation_site (id),
  site_area_code text collate "C",
  allocated_at timestamptz,
  placement_rule text,
  transfer_id uuid,
  carer_person_id bigint,
  -- When the order's clock stopped: the person was in the place.
  start_at timestamptz,
  -- The first day of observation, which the test days count from.
  observation_day0 date,
  segment_start_day date,
  planned_end_day date,
  -- Is this the last stretch of the plan? Then only a release ends it.
  last_segment boolean not null default false,
  symptomatic boolean,
  fever_free_since date,
  clinical text[] not null default '{}',
  ended_at timestamptz,
  end_reason text,
  check (state not in ('released', 'cancelled') or (ended_at is not null and end_reason is not null)),
  check (state <> 'active' or start_at is not null)
);
-- A person is under one order at a time; a new one supersedes the old in the same transaction.
create unique index isolation_order_open_person on isolation_order (person_id)
  where state in ('pending', 'transferring', 'active');
create index isolation_order_person on isolation_order (person_id, ordered_at);
create index isolation_order_area on isolation_order (area_code, due_at, id);
-- What waits, and what becomes late.
create index isolation_order_waiting on isolation_order (due_at, id) where state in ('pending', 'transferring');
create index isolation_order_end on isolation_order (last_segment, planned_end_day, id) where state = 'active';
create index isolation_order_case on isolation_order (case_id) where case_id is not null;
create index isolation_order_site on isolation_order (site_area_code) where site_area_code is not null;
select wuyang.protect('isolation_order');
-- The county of the place needs its guests, wherever they live.
create policy site_jurisdiction on isolation_order using (
  site_area_code >= (select current_setting('wuyang.lo', true)) and site_area_code < (select current_setting('wuyang.hi', true)));

-- A person can be the contact of several cases and still has one order.
create table order_contact (
  contact_id uuid primary key,
  order_id uuid not null references isolation_order (id),
  area_code text collate "C" not null,
  excluded_at timestamptz
);
create index order_contact_order on order_contact (order_id);
create index order_contact_area on order_contact (area_code);
select wuyang.protect('order_contact');

create table stay (
  id uuid primary key,
  order_id uuid not null references isolation_order (id),
  person_id bigint not null,
  bed_id bigint not null references bed (id),
  room_id bigint not null references room (id),
  site_id uuid not null references isolation_site (id),
  -- The place's area, not the person's.
  area_code text collate "C" not null,
  category text not null check (category in ('contact', 'case')),
  purpose text not null,
  -- Who may share the room: a household, or one person alone. Wards are shared by all of a category.
  party text not null,
  ward boolean not null,
  state text not null check (state in ('reserved', 'inUse', 'ended', 'cancelled')),
  -- The bed is kept for the person from reservation to departure.
  held tstzrange not null,
  -- The person is there.
  period tstzrange,
  reserved_at timestamptz not null,
  arrived_at timestamptz,
  left_at timestamptz,
  check ((state in ('inUse', 'ended')) = (period is not null)),
  -- I4: a bed holds one stay at a time.
  constraint stay_bed_once exclude using gist (bed_id with =, held with &&),
  -- I4: a contact never shares a room with a case.
  constraint stay_no_contact_with_case exclude using gist (room_id with =, category with <>, held with &&),
  -- A room that is not a ward is shared by one household only.
  constraint stay_room_one_party exclude using gist (room_id with =, party with <>, held with &&) where (not ward),
  -- A person is in one place at a time.
  constraint stay_person_once exclude using gist (person_id with =, period with &&)
);
create index stay_area on stay (area_code);
create index stay_order on stay (order_id);
create unique index stay_reserved_person on stay (person_id) where state = 'reserved';
create index stay_open_site on stay (site_id, room_id) where state in ('reserved', 'inUse');
create index stay_open_party on stay (party) where state in ('reserved', 'inUse');
create index stay_arrived on stay (arrived_at) where arrived_at is not null;
create index stay_left on stay (left_at) where left_at is not null;
select wuyang.protect('stay');

create table transfer (
  id uuid primary key,
  outbreak_id uuid not null,
  -- The end it leaves from; that end confirms the departure.
  area_code text collate "C" not null,
  -- The end it goes to; that end confirms the arrival.
  to_area_code text collate "C" not null,
  direction text not null check (direction in ('toSite', 'home')),
  category text not null check (category in ('contact', 'case')),
  from_site_id uuid references isolation_site (id),
  to_site_id uuid references isolation_site (id),
  vehicle text,
  seats integer not null check (seats >= 1),
  people integer not null check (people >= 1 and people <= seats),
  state text not null check (state in ('requested', 'departed', 'arrived', 'cancelled')),
  requested_at timestamptz not null,
  requested_by text not null,
  due_at timestamptz not null,
  departed_at timestamptz,
  departed_by text,
  arrived_at timestamptz,
  arrived_by text,
  check ((direction = 'toSite') = (to_site_id is not null)),
  check (state not in ('departed', 'arrived') or departed_at is not null),
  check ((state = 'arrived') = (arrived_at is not null))
);
create index transfer_area_due on transfer (area_code, due_at, id);
create index transfer_to_area on transfer (to_area_code);
create index transfer_open on transfer (due_at, id) where state in ('requested', 'departed');
select wuyang.protect('transfer');
create policy to_jurisdiction on transfer using (
  to_area_code >= (select current_setting('wuyang.lo', true)) and to_area_code < (select current_setting('wuyang.hi', true)));

create table transfer_person (
  transfer_id uuid not null references transfer (id),
  order_id uuid not null references isolation_order (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  to_area_code text collate "C" not null,
  -- The reserved bed at the other end; null on a journey home.
  stay_id uuid references stay (id),
  -- The stretch of the plan that begins on arrival; null when the person is released on arrival.
  segment integer,
  primary key (transfer_id, order_id)
);
create index transfer_person_order on transfer_person (order_id);
create index transfer_person_area on transfer_person (area_code);
select wuyang.protect('transfer_person');
create policy to_jurisdiction on transfer_person using (
  to_area_code >= (select current_setting('wuyang.lo', true)) and to_area_code < (select current_setting('wuyang.hi', true)));

-- The test calendar of each order, made when a stretch of its plan begins.
create table test_due (
  person_id bigint not null,
  order_id uuid not null references isolation_order (id),
  segment integer not null,
  day_no integer not null,
  -- Where the person lives; the county of the place sees the row through site_area_code.
  area_code text collate "C" not null,
  site_id uuid,
  site_area_code text collate "C",
  due_day date not null,
  sampled_at timestamptz,
  tube_id bigint,
  result text check (result in ('negative', 'positive')),
  ct_n numeric,
  ct_orf numeric,
  resulted_at timestamptz,
  check ((result is null) = (resulted_at is null)),
  check (result is null or sampled_at is not null),
  primary key (person_id, order_id, segment, day_no)
);
create index test_due_open on test_due (due_day, person_id) where sampled_at is null;
create index test_due_area on test_due (area_code);
select wuyang.protect('test_due');
create policy site_jurisdiction on test_due using (
  site_area_code >= (select current_setting('wuyang.lo', true)) and site_area_code < (select current_setting('wuyang.hi', true)));

-- I4, counted from the rows themselves and not through the constraints: broken pairs of stays.
create function wuyang.stays_broken(out checked bigint, out broken bigint) language sql stable as $$
  select (select count(*) from stay),
    (select count(*) from stay a join stay b on a.id < b.id and a.room_id = b.room_id and a.held && b.held
      and (a.bed_id = b.bed_id or a.category <> b.category))
    + (select count(*) from stay a join stay b on a.id < b.id and a.person_id = b.person_id and a.period && b.period)
$$;

-- I5: an order that is neither in its place nor ended, is late, and is not on the overdue list.
create function wuyang.orders_unseen(at timestamptz, grace interval, out checked bigint, out broken bigint) language sql stable as $$
  select count(*), count(*) filter (where state in ('pending', 'transferring') and due_at < at - grace and late_at is null)
  from isolation_order where category = 'contact'
$$;
