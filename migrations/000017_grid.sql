-- Grids and door-to-door work: who walks where, whom they must meet, what households need, what the streets get.

-- A village is cut into grids of about as many households as the protocol says; the code continues the village's.
create table grid (
  code text collate "C" primary key,
  area_code text collate "C" not null,
  name text not null,
  households integer not null check (households >= 0),
  cut_at timestamptz not null
);
create index grid_area on grid (area_code, code);
select wuyang.protect('grid');

create table grid_household (
  household_id bigint primary key,
  area_code text collate "C" not null,
  grid_code text collate "C" not null references grid (code),
  -- The place of the household in its grid, in the order in which the grid is walked.
  no integer not null check (no >= 1)
);
-- An expression, not the column: see the people register's migration.
create index grid_household_area on grid_household (area_code, grid_code, no);
select wuyang.protect('grid_household');

create table grid_worker (
  id uuid primary key,
  area_code text collate "C" not null,
  -- Null for a village cadre, who works in every grid of the village.
  grid_code text collate "C" references grid (code),
  -- The worker's number in the town's list.
  no text not null,
  name text not null,
  role text not null check (role in ('gridWorker', 'cadre', 'volunteer')),
  account text,
  phone_enc bytea,
  active boolean not null default true,
  registered_at timestamptz not null,
  unique (area_code, no)
);
create index grid_worker_account on grid_worker (account) where account is not null;
select wuyang.protect('grid_worker');

create table door_list (
  id uuid primary key,
  outbreak_id uuid not null,
  -- The town whose grids walk it.
  area_code text collate "C" not null,
  kind text not null check (kind in ('untested', 'returnee', 'homeQuarantine', 'elderly', 'sweep')),
  -- What the list is of (a round, a day and half-day), so that it is made once.
  key text not null,
  round_id uuid,
  made_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('open', 'closed')),
  closed_at timestamptz,
  total integer not null default 0,
  done integer not null default 0,
  not_home integer not null default 0,
  refused integer not null default 0,
  moved integer not null default 0,
  lapsed integer not null default 0,
  unique (kind, key, area_code),
  check ((state = 'closed') = (closed_at is not null))
);
create index door_list_area on door_list (area_code, due_at desc, (id::text));
create index door_list_open on door_list (kind, area_code) where state = 'open';
select wuyang.protect('door_list');

create table door_item (
  id uuid primary key,
  list_id uuid not null references door_list (id),
  area_code text collate "C" not null,
  grid_code text collate "C",
  household_id bigint,
  person_id bigint,
  -- The walking order within the list's grid.
  no integer not null,
  due_at timestamptz not null,
  state text not null check (state in ('open', 'done', 'notHome', 'refused', 'moved', 'lapsed')),
  attempts smallint not null default 0,
  visited_at timestamptz,
  worker_id uuid references grid_worker (id),
  proof jsonb,
  -- GRID-3: proven, in time, by a worker of the grid.
  counted boolean not null default false,
  escalated_at timestamptz,
  check (household_id is not null or person_id is not null),
  check (not counted or (proof is not null and visited_at <= due_at)),
  check (state <> 'done' or proof is not null)
);
-- A person, or a household as a whole, is on a list once; the counting of a list reads it by this index too.
create unique index door_item_once on door_item (list_id, person_id, household_id) nulls not distinct;
create index door_item_area on door_item (area_code, (coalesce(grid_code, '')), no, (id::text));
create index door_item_open on door_item (area_code, due_at) where state in ('open', 'notHome');
select wuyang.protect('door_item');

-- People without a door: a register of their own, by name or by what they are called.
create table hard_to_reach (
  id uuid primary key,
  area_code text collate "C" not null,
  kind text not null check (kind in ('roughSleeper', 'wastePicker', 'boatDweller', 'seasonalWorker', 'other')),
  called text not null,
  usual_place text not null,
  person_id bigint,
  active boolean not null default true,
  registered_at timestamptz not null,
  registered_by text not null,
  last_met_at timestamptz,
  last_tested_at timestamptz,
  last_outcome text check (last_outcome in ('met', 'tested', 'refused', 'notFound')),
  unique (area_code, kind, called)
);
create index hard_to_reach_area on hard_to_reach (area_code, registered_at desc, (id::text)) where active;
select wuyang.protect('hard_to_reach');

create table outreach (
  id uuid primary key,
  person_ref uuid not null references hard_to_reach (id),
  area_code text collate "C" not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('met', 'tested', 'refused', 'notFound')),
  note text not null default '',
  recorded_by text not null,
  unique (person_ref, at)
);
create index outreach_area on outreach (area_code, at);
select wuyang.protect('outreach');

create table household_need (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  household_id bigint,
  -- The door when the register does not know the household.
  place text not null default '',
  kind text not null check (kind in ('food', 'medicine', 'dialysis', 'delivery', 'mask', 'other')),
  note text not null default '',
  -- zone and home needs arise by rule, requests come from the household.
  cause text not null check (cause in ('zone', 'home', 'request')),
  -- What makes the same need one need: a zone's run, an order, a request's number.
  key text not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('asked', 'accepted', 'delivered', 'confirmed', 'refused')),
  moved_at timestamptz not null,
  delivered_at timestamptz,
  delivered_by text,
  confirmed_by text,
  unique (area_code, kind, key),
  check (household_id is not null or place <> ''),
  check (state not in ('delivered', 'confirmed') or delivered_at is not null)
);
create index household_need_area on household_need (area_code, due_at, (id::text));
create index household_need_open on household_need (area_code, due_at) where state in ('asked', 'accepted');
create index household_need_delivered on household_need (area_code) where state = 'delivered';
select wuyang.protect('household_need');

-- Villages in a zone and people in home quarantine, mirrored from the events of zones and isolation.
create table grid_watch (
  kind text not null check (kind in ('zone', 'home')),
  -- The village's code, or the order's id.
  subject text collate "C" not null,
  area_code text collate "C" not null,
  person_id bigint,
  household_id bigint,
  level text,
  since timestamptz not null,
  ended_at timestamptz,
  fed_at timestamptz,
  primary key (kind, subject),
  check ((kind = 'home') = (person_id is not null)),
  check ((kind = 'zone') = (level is not null))
);
create index grid_watch_area on grid_watch (area_code) where ended_at is null;
-- What the hourly duty looks for: who was not fed yet, or long ago.
create index grid_watch_fed on grid_watch (fed_at) where ended_at is null;
create index grid_watch_person on grid_watch (person_id) where person_id is not null;
select wuyang.protect('grid_watch');

create table lane (
  area_code text collate "C" not null,
  name text not null,
  no integer not null,
  primary key (area_code, name)
);
select wuyang.protect('lane');

create table street_round (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  kind text not null check (kind in ('disinfection', 'patrol')),
  day date not null,
  half text not null check (half in ('morning', 'evening')),
  due_at timestamptz not null,
  state text not null check (state in ('open', 'partial', 'done')),
  lanes_done text[] not null default '{}',
  lanes_missing text[] not null default '{}',
  done_at timestamptz,
  done_by text,
  unique (area_code, day, half, kind),
  check ((state = 'done') = (done_at is not null))
);
create index street_round_area on street_round (area_code, due_at desc, (id::text));
create index street_round_open on street_round (due_at) where state <> 'done';
select wuyang.protect('street_round');
