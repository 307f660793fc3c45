-- Screening: rounds, sites, tubes, samples, boxes, laboratories, results and the counters people look at.

-- A round is not bound to one reader's area: a county works inside the city's round. The service shows
-- a reader the rounds over, inside and around their area, and the coverage rows below keep the fence.
create table round (
  id uuid primary key,
  outbreak_id uuid not null,
  kind text not null check (kind in ('area', 'quarantine', 'recheck', 'sentinel', 'keyGroup')),
  no integer not null check (no >= 1),
  area_code text collate "C" not null,
  -- {"villages": [...]} narrows the area; {} is all of it.
  scope jsonb not null,
  area_type text not null,
  -- A final round is the clean one asked for after the pause; standing rounds collect a day's single tubes.
  stage text not null check (stage in ('regular', 'final', 'standing')),
  day date not null,
  pool_size smallint not null check (pool_size between 1 and 20),
  household_size smallint not null check (household_size between 1 and 20),
  protocol_version text not null,
  opened_at timestamptz not null,
  due_at timestamptz,
  closed_at timestamptz,
  state text not null check (state in ('open', 'closed')),
  community_positives integer not null default 0 check (community_positives >= 0),
  unique (outbreak_id, kind, area_code, no)
);
create unique index round_standing on round (outbreak_id, kind, area_code, day) where kind <> 'area';
create index round_list on round (kind, opened_at desc, id);
select wuyang.open('round');

create table site (
  id uuid primary key,
  code text not null unique,
  area_code text collate "C" not null,
  name text not null,
  name_en text not null,
  tables smallint not null check (tables >= 1),
  lat double precision,
  lon double precision,
  state text not null check (state in ('open', 'closed')),
  created_at timestamptz not null
);
create index site_area on site (area_code, code);
select wuyang.protect('site');

create table lab (
  id uuid primary key,
  code text not null unique,
  area_code text collate "C" not null,
  name text not null,
  name_en text not null,
  capacity_tubes_day integer not null check (capacity_tubes_day >= 0),
  state text not null check (state in ('open', 'closed')),
  created_at timestamptz not null
);
create index lab_area on lab (area_code, code);
select wuyang.protect('lab');

create table box (
  id uuid primary key,
  outbreak_id uuid not null,
  code text not null,
  area_code text collate "C" not null,
  site_id uuid not null references site (id),
  state text not null check (state in ('open', 'sealed', 'in_transit', 'received')),
  tubes integer not null default 0 check (tubes >= 0),
  seal text,
  sealed_at timestamptz,
  sealed_by text,
  handed_over_at timestamptz,
  handed_over_by text,
  courier text,
  lab_id uuid references lab (id),
  received_at timestamptz,
  received_by text,
  counted integer check (counted >= 0),
  unique (outbreak_id, code),
  -- Both ends sign: who gives a box away is not who carries it, who carries it is not who takes it.
  check (courier is null or courier <> handed_over_by),
  check (received_by is null or received_by is distinct from courier)
);
create index box_area on box (area_code, state, code);
create index box_site on box (site_id);
select wuyang.protect('box');

-- What the laboratory counted is not what the site registered.
create table box_discrepancy (
  id uuid primary key,
  box_id uuid not null references box (id),
  area_code text collate "C" not null,
  lab_id uuid not null references lab (id),
  expected integer not null,
  counted integer not null,
  missing text[] not null,
  found_at timestamptz not null,
  found_by text not null
);
create index box_discrepancy_area on box_discrepancy (area_code, found_at);
create index box_discrepancy_box on box_discrepancy (box_id);
select wuyang.protect('box_discrepancy');

create table tube (
  id bigint generated always as identity primary key,
  outbreak_id uuid not null,
  round_id uuid not null references round (id),
  area_code text collate "C" not null,
  site_id uuid not null references site (id),
  box_id uuid not null references box (id),
  barcode text not null unique,
  kind text not null check (kind in ('pool', 'household', 'single')),
  capacity smallint not null check (capacity between 1 and 20),
  size smallint not null check (size between 0 and capacity),
  purpose text not null check (purpose in ('area', 'quarantine', 'recheck', 'sentinel', 'keyGroup')),
  recheck_of bigint references tube (id),
  collected_at timestamptz not null,
  handed_over_at timestamptz,
  received_at timestamptz,
  resulted_at timestamptz,
  state text not null check (state in ('open', 'closed', 'in_transit', 'received', 'resulted', 'rejected', 'lost')),
  result text check (result in ('negative', 'positive', 'invalid', 'grey')),
  -- The unclear result the same tube gave first; its members count as positive until the retest.
  unclear text check (unclear in ('invalid', 'grey')),
  retests smallint not null default 0,
  ct_n numeric(4, 2),
  ct_orf numeric(4, 2),
  lab_id uuid references lab (id),
  ended_reason text,
  check ((state = 'resulted') = (resulted_at is not null)),
  check (state <> 'resulted' or result in ('negative', 'positive')),
  check (kind <> 'single' or capacity = 1)
) with (fillfactor = 75);
-- Without the id: look-ups of a tube by its id must take the primary key, not skip through the areas here.
create index tube_area on tube (area_code);
create index tube_box on tube (box_id);
create index tube_round on tube (round_id, id);
create index tube_recheck on tube (recheck_of) where recheck_of is not null;
-- What waits in a laboratory.
create index tube_lab_waiting on tube (lab_id) where state = 'received';
create index tube_not_negative on tube (area_code) where result in ('positive', 'invalid', 'grey') or unclear is not null;
select wuyang.protect('tube');

-- One swab in one tube. Narrow and append-only in the main; keyed so that it can be partitioned by round.
-- The key is I1: a person is in one tube of a round at a time. The area is the person's own village.
create table sample (
  round_id uuid not null,
  person_id bigint not null,
  tube_id bigint not null,
  at timestamptz not null,
  area_code text collate "C" not null,
  primary key (person_id, round_id)
);
create index sample_tube on sample (tube_id);
select wuyang.protect('sample');

-- Every change of a sample's tube: moved (both tubes), rejected or lost (the person is to be sampled again).
create table sample_trace (
  round_id uuid not null,
  person_id bigint not null,
  area_code text collate "C" not null,
  from_tube_id bigint not null references tube (id),
  to_tube_id bigint references tube (id),
  why text not null check (why in ('moved', 'rejected', 'lost')),
  note text not null,
  at timestamptz not null,
  actor_id text not null,
  check ((why = 'moved') = (to_tube_id is not null))
);
create index sample_trace_person on sample_trace (person_id, at);
create index sample_trace_area on sample_trace (area_code);
create index sample_trace_from on sample_trace (from_tube_id);
select wuyang.protect('sample_trace');
revoke update, delete on sample_trace from wuyang_app;

-- Why a person of the round is not sampled; the row goes when they are sampled after all.
create table absence (
  round_id uuid not null references round (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  reason text not null check (reason in ('away', 'infant', 'quarantined', 'refused')),
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (person_id, round_id)
);
create index absence_area on absence (area_code, round_id);
select wuyang.protect('absence');

-- Who is in isolation now, mirrored from the isolation module's events: area rounds leave them out.
create table isolated_person (
  person_id bigint primary key,
  area_code text collate "C" not null,
  since timestamptz not null
);
create index isolated_person_area on isolated_person (area_code);
select wuyang.protect('isolated_person');

-- A community infection attributed to a round, once a person.
create table round_find (
  round_id uuid not null references round (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  found_at timestamptz not null,
  primary key (person_id, round_id)
);
create index round_find_area on round_find (area_code);
select wuyang.protect('round_find');

-- People by village and stage, kept on every write. The first check is I2: the database refuses a
-- write that would lose somebody's swab between two stages.
create table coverage (
  round_id uuid not null references round (id),
  area_code text collate "C" not null,
  due integer not null default 0 check (due >= 0),
  excused integer not null default 0 check (excused >= 0),
  collected integer not null default 0,
  at_site integer not null default 0 check (at_site >= 0),
  in_transit integer not null default 0 check (in_transit >= 0),
  received integer not null default 0 check (received >= 0),
  resulted integer not null default 0 check (resulted >= 0),
  lost integer not null default 0 check (lost >= 0),
  positive integer not null default 0 check (positive between 0 and resulted),
  -- People in a tube of the round now: those in a lost tube have to come again.
  sampled integer generated always as (collected - lost) stored,
  primary key (round_id, area_code),
  check (collected = at_site + in_transit + received + resulted + lost)
) with (fillfactor = 50);
create index coverage_area on coverage (area_code, round_id);
select wuyang.protect('coverage');
