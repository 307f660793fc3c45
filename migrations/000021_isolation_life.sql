-- The life of a site: selected, converted, checked, opened, cleaned, stood down; who answers for it, who works
-- there, what its day was like, what its guests ask for, and how they come home.

alter table isolation_site
  add column life text,
  -- By when the present step must be over; null when the protocol sets no time for it.
  add column life_due_at timestamptz,
  add column life_since timestamptz,
  add column ordered_at timestamptz,
  add column ordered_by text,
  add column converted_at timestamptz,
  -- Who checks a site is somebody else than who converted it.
  add column converted_by text,
  add column checked_at timestamptz;
update isolation_site set
  life = case state when 'planned' then 'selected' when 'open' then 'opened' else 'stoodDown' end,
  life_since = coalesce(closed_at, opened_at);
alter table isolation_site
  alter column life set not null,
  add constraint isolation_site_life check (
    (state = 'planned' and life in ('selected', 'converting', 'converted', 'checked'))
    or (state = 'open' and life = 'opened')
    or (state = 'closed' and life in ('cleaning', 'stoodDown'))),
  add constraint isolation_site_ordered check (life <> 'converting' or ordered_at is not null),
  add constraint isolation_site_converted check (life not in ('converted', 'checked') or converted_by is not null);
create index isolation_site_life_due on isolation_site (area_code, life_due_at, (id::text)) where life_due_at is not null;

create table site_life_event (
  -- In the order in which the steps were taken, also within one instant.
  no bigint generated always as identity primary key,
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  life text not null check (life in ('selected', 'converting', 'converted', 'checked', 'opened', 'cleaning', 'stoodDown')),
  at timestamptz not null,
  by text not null,
  -- The deadline of the step that ended with this one.
  was_due_at timestamptz,
  note text
);
create index site_life_event_site on site_life_event (site_id, no);
create index site_life_event_area on site_life_event (area_code);
select wuyang.protect('site_life_event');

-- The answers to the list of three zones and two passages; the list itself is a file of the module.
create table site_check (
  site_id uuid not null references isolation_site (id),
  item text not null,
  area_code text collate "C" not null,
  met boolean not null,
  note text,
  checked_at timestamptz not null,
  checked_by text not null,
  primary key (site_id, item)
);
create index site_check_area on site_check (area_code);
select wuyang.protect('site_check');

create table site_duty (
  id uuid primary key,
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  role text not null check (role in ('countyLeader', 'disciplineOfficer', 'disinfection', 'healthObservation', 'informationLiaison',
    'security', 'logistics', 'caseTransfer', 'humanisticCare')),
  name text not null,
  phone_enc bytea,
  phone_hash bytea,
  from_at timestamptz not null,
  to_at timestamptz,
  named_by text not null,
  check (to_at is null or to_at >= from_at)
);
-- One person holds a post at a time; who comes next relieves the one before.
create unique index site_duty_now on site_duty (site_id, role) where to_at is null;
create index site_duty_area on site_duty (area_code, from_at, (id::text));
select wuyang.protect('site_duty');

create table site_log (
  site_id uuid not null references isolation_site (id),
  day date not null,
  area_code text collate "C" not null,
  entered_at timestamptz not null,
  entered_by text not null,
  came_in integer not null check (came_in >= 0),
  went_out integer not null check (went_out >= 0),
  present integer not null check (present >= 0),
  -- What the register of stays counted when the log was entered; a difference is shown, not corrected away.
  register_present integer not null check (register_present >= 0),
  incidents integer not null check (incidents >= 0),
  note text,
  due_at timestamptz,
  primary key (site_id, day)
);
create index site_log_area on site_log (area_code, day, (site_id::text));
select wuyang.protect('site_log');

create table site_staff (
  id uuid primary key,
  site_id uuid not null references isolation_site (id),
  area_code text collate "C" not null,
  -- The member's number with the team that sent him; never a name.
  code text not null,
  zone text not null check (zone in ('isolation', 'clean', 'buffer')),
  from_at timestamptz not null,
  to_at timestamptz,
  last_tested_at timestamptz,
  last_result text check (last_result in ('negative', 'positive')),
  -- Null when the protocol asks for no tests of staff, or the member has left.
  due_at timestamptz,
  unique (site_id, code)
);
create index site_staff_due on site_staff (area_code, due_at, (id::text)) where due_at is not null;
create index site_staff_area on site_staff (area_code, code, (id::text));
select wuyang.protect('site_staff');

create table site_staff_test (
  staff_id uuid not null references site_staff (id),
  sampled_at timestamptz not null,
  area_code text collate "C" not null,
  due_at timestamptz,
  result text not null check (result in ('negative', 'positive')),
  primary key (staff_id, sampled_at)
);
create index site_staff_test_area on site_staff_test (area_code);
select wuyang.protect('site_staff_test');

create table care_request (
  id uuid primary key,
  order_id uuid not null references isolation_order (id),
  person_id bigint not null,
  site_id uuid not null references isolation_site (id),
  -- The place's area: its humanistic care group answers.
  area_code text collate "C" not null,
  kind text not null check (kind in ('medicine', 'diet', 'infant', 'elderly', 'psychological', 'pet', 'other')),
  state text not null check (state in ('asked', 'answered', 'confirmed', 'cancelled')),
  asked_at timestamptz not null,
  due_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  answer text,
  confirmed_at timestamptz,
  confirmed_by text,
  -- How often an answer did not help.
  sent_back integer not null default 0 check (sent_back >= 0),
  check (state not in ('answered', 'confirmed') or answered_at is not null),
  check ((state = 'confirmed') = (confirmed_at is not null))
);
create index care_request_due on care_request (area_code, due_at, (id::text));
create index care_request_open on care_request (order_id) where state in ('asked', 'answered');
create index care_request_site on care_request (site_id) where state in ('asked', 'answered');
select wuyang.protect('care_request');

-- One person comes home: out of a site of ours or from quarantine elsewhere. Who brings and who receives both sign.
create table homecoming (
  id uuid primary key,
  outbreak_id uuid not null,
  person_id bigint not null,
  -- The community that receives.
  area_code text collate "C" not null,
  origin text not null check (origin in ('site', 'outside')),
  transfer_id uuid references transfer (id),
  -- Where from outside the city: a place, never a person.
  from_place text,
  state text not null check (state in ('expected', 'handedOver', 'received', 'cancelled')),
  expected_at timestamptz not null,
  due_at timestamptz not null,
  handed_at timestamptz,
  handed_by text,
  received_at timestamptz,
  received_by text,
  check ((origin = 'site') = (transfer_id is not null)),
  check (state <> 'expected' or handed_at is null),
  check (state not in ('handedOver', 'received') or handed_at is not null),
  check ((state = 'received') = (received_at is not null))
);
create unique index homecoming_once on homecoming (person_id, expected_at);
create index homecoming_due on homecoming (area_code, due_at, (id::text));
create index homecoming_open on homecoming (due_at, (id::text)) where state in ('expected', 'handedOver');
select wuyang.protect('homecoming');
