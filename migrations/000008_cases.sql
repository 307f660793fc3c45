-- Cases: positive tubes and the holds they cause, case records, their numbers and their history.

-- A tube whose members are held: the clocks of its re-check run from here.
create table positive_tube (
  tube_id bigint primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  barcode text not null,
  kind text not null,
  purpose text not null,
  round_id uuid,
  -- An unclear (invalid or grey) tube holds its members as a positive one does.
  cause text not null check (cause in ('positive', 'unclear')),
  size smallint not null check (size >= 1),
  ct_n numeric(4, 2),
  ct_orf numeric(4, 2),
  lab_id uuid,
  collected_at timestamptz,
  resulted_at timestamptz not null,
  held_at timestamptz not null,
  recheck_due_at timestamptz,
  -- When the squad is told again if somebody still has no answer (their single tube was lost, or nobody came).
  ask_again_at timestamptz,
  -- When the first and the last member's re-check result arrived.
  first_recheck_at timestamptz,
  settled_at timestamptz,
  state text not null check (state in ('open', 'cleared', 'confirmed')),
  check ((state = 'open') = (settled_at is null))
);
create index positive_tube_list on positive_tube (area_code, resulted_at desc, tube_id);
create index positive_tube_open on positive_tube (outbreak_id, state, resulted_at);
create index positive_tube_again on positive_tube (ask_again_at) where state = 'open';
select wuyang.protect('positive_tube');

create table hold (
  id uuid primary key,
  outbreak_id uuid not null,
  person_id bigint not null,
  -- The person's own village, so that each county sees its own held people.
  area_code text collate "C" not null,
  tube_id bigint not null references positive_tube (tube_id),
  sampled_at timestamptz,
  placed_at timestamptz not null,
  recheck_tube_id bigint,
  recheck_sampled_at timestamptz,
  recheck_result text check (recheck_result in ('negative', 'positive', 'invalid', 'grey')),
  recheck_at timestamptz,
  -- Negative single tubes so far; the protocol says how many clear a person.
  negatives smallint not null default 0,
  lifted_at timestamptz,
  outcome text check (outcome in ('negative', 'positive', 'knownCase')),
  unique (person_id, tube_id),
  check (lifted_at is null or outcome is not null)
);
create index hold_tube on hold (tube_id, person_id);
create index hold_area on hold (area_code, placed_at);
create index hold_open on hold (person_id) where lifted_at is null;
create index hold_open_area on hold (area_code) where lifted_at is null;
select wuyang.protect('hold');

create table case_record (
  id uuid primary key,
  outbreak_id uuid not null,
  person_id bigint not null,
  area_code text collate "C" not null,
  state text not null check (state in ('preliminary', 'suspect', 'confirmed', 'asymptomatic', 'excluded')),
  -- The running number within its class; preliminary positives have none (they are not published).
  number integer check (number >= 1),
  title_zh text,
  title_en text,
  severity text,
  rule_id text,
  facts jsonb not null default '{}',
  provenance text not null,
  in_community boolean not null,
  source text not null check (source in ('tube', 'clinic', 'notice', 'import')),
  -- The number or name of the record in the register it was imported from.
  ref text,
  age smallint check (age between 0 and 150),
  cluster text,
  -- The tube that first gave the signal, and the single tube that proved it.
  signal_tube_id bigint,
  tube_id bigint,
  ct_n numeric(4, 2),
  ct_orf numeric(4, 2),
  sampled_at timestamptz,
  signal_at timestamptz,
  positive_at timestamptz not null,
  preliminary_due_at timestamptz,
  preliminary_reported_at timestamptz,
  onset_at timestamptz,
  diagnosed_at timestamptz,
  report_due_at timestamptz,
  reported_at timestamptz,
  quarantined_at timestamptz,
  admitted_at timestamptz,
  control_at timestamptz,
  outcome text check (outcome in ('inCare', 'recovered', 'died')),
  outcome_at timestamptz,
  excluded_reason text,
  infector_case_id uuid references case_record (id),
  protocol_version text not null,
  created_at timestamptz not null,
  check (state <> 'preliminary' or diagnosed_at is null),
  check (state not in ('suspect', 'confirmed', 'asymptomatic') or diagnosed_at is not null),
  check ((state = 'excluded') = (excluded_reason is not null)),
  check (reported_at is null or diagnosed_at is not null),
  check (infector_case_id is distinct from id)
);
-- CASE-7: a person is one case of an outbreak, however many tubes turn positive.
create unique index case_person on case_record (outbreak_id, person_id) where state <> 'excluded';
create unique index case_number on case_record (outbreak_id, state, number) where number is not null and state <> 'excluded';
create index case_list on case_record (outbreak_id, positive_at desc, id desc);
create index case_area on case_record (area_code, positive_at desc, id desc);
create index case_report on case_record (outbreak_id, diagnosed_at) where diagnosed_at is not null;
create index case_infector on case_record (infector_case_id) where infector_case_id is not null;
select wuyang.protect('case_record');

-- One row an outbreak and class: numbers have no gaps and no doubles.
create table case_counter (
  outbreak_id uuid not null,
  class text not null,
  last integer not null,
  primary key (outbreak_id, class)
);
select wuyang.open('case_counter');

-- Every change of a case's class after its first: counted once, never as a new infection.
create table reclassification (
  id uuid primary key,
  outbreak_id uuid not null,
  case_id uuid not null references case_record (id),
  area_code text collate "C" not null,
  from_state text not null,
  to_state text not null,
  from_number integer,
  to_number integer,
  rule_id text not null,
  reason text,
  at timestamptz not null,
  actor_id text not null
);
create index reclassification_case on reclassification (case_id, at);
create index reclassification_area on reclassification (area_code, at);
select wuyang.protect('reclassification');

-- How a person is kept, as isolation and zones report it: decides where an infection was found.
create table person_control (
  person_id bigint not null,
  area_code text collate "C" not null,
  status text not null check (status in ('none', 'home', 'homeMonitor', 'central', 'hospital', 'closedLoop', 'highZone', 'mediumZone')),
  since timestamptz not null,
  primary key (person_id, since)
);
create index person_control_area on person_control (area_code);
select wuyang.protect('person_control');

-- The level of a whole unit (a village), which costs one row instead of one for each resident.
create table area_control (
  unit_code text collate "C" not null,
  area_code text collate "C" not null,
  status text not null check (status in ('none', 'highZone', 'mediumZone')),
  since timestamptz not null,
  primary key (unit_code, since)
);
create index area_control_area on area_control (area_code);
select wuyang.protect('area_control');
