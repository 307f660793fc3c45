-- Command: the phases an outbreak has entered, and its briefings with what they decided.

-- Each phase is entered once, with the measured conditions that let it be entered.
create table phase_entry (
  outbreak_id uuid not null,
  phase text not null,
  entered_at timestamptz not null,
  -- [{id, rule, met, value, target}] as measured at that moment.
  criteria jsonb not null,
  protocol_version text not null,
  primary key (outbreak_id, phase)
);
select wuyang.append_only('phase_entry');

-- What the phases were last measured on, over the whole outbreak: a county sees the city's values, not its own part.
create table phase_measure (
  outbreak_id uuid primary key,
  at timestamptz not null,
  measured jsonb not null
);
select wuyang.open('phase_measure');

create table briefing (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  no integer not null check (no >= 1),
  day date not null,
  slot text not null check (slot ~ '^[0-2][0-9]:[0-5][0-9]$'),
  cutoff_at timestamptz not null,
  held_at timestamptz not null,
  held_by text not null,
  freeze_id uuid not null,
  reconciled boolean not null,
  agenda jsonb not null,
  -- The situation report as data, frozen with its figures; it names nobody.
  report jsonb not null,
  unique (outbreak_id, day, slot),
  unique (outbreak_id, no)
);
create index briefing_area on briefing (area_code, cutoff_at desc, id desc);
select wuyang.append_only('briefing');
-- Every county follows the city's briefings; its directives are tasks of its own area.

create table decision (
  briefing_id uuid not null references briefing (id),
  no integer not null check (no >= 1),
  kind text not null,
  area_code text collate "C" not null,
  text_zh text not null,
  text_en text not null,
  team text not null,
  due_at timestamptz not null,
  task_id uuid not null,
  primary key (briefing_id, no)
);
create index decision_area on decision (area_code, due_at);
select wuyang.append_only('decision');
select wuyang.protect('decision');

-- What really happened day by day, where a drill replays a real outbreak; drawn beside the drill's curve.
create table real_series (
  outbreak_id uuid not null,
  day date not null,
  confirmed integer not null check (confirmed >= 0),
  asymptomatic integer not null check (asymptomatic >= 0),
  primary key (outbreak_id, day)
);
select wuyang.open('real_series');
