-- Figures: a ledger of signed changes, each naming its event, and what every briefing froze from it.

-- Append-only double entry: the sum of a figure's changes is the figure, so that yesterday plus the
-- listed changes is today (I7). A line is written by the event's reaction, in the event's transaction.
create table figure_ledger (
  seq bigint generated always as identity primary key,
  outbreak_id uuid not null,
  at timestamptz not null,
  -- The county, so that the sums of the counties are the city's.
  area_code text collate "C" not null,
  figure text not null,
  -- What the figure is split by (provenance, class, mode, level); empty when it is not.
  detail text not null,
  change integer not null check (change <> 0),
  subject_type text not null check (subject_type in ('case', 'tube', 'contact', 'order', 'zone')),
  subject_id text not null,
  event_id uuid not null,
  event_name text not null
);
create index figure_ledger_subject on figure_ledger (subject_type, subject_id);
create index figure_ledger_outbreak on figure_ledger (outbreak_id, seq);
create index figure_ledger_area on figure_ledger (area_code, seq);
select wuyang.append_only('figure_ledger');
select wuyang.protect('figure_ledger');

-- One freeze of all figures; `ledger_to` is the last line it counts.
create table figure_freeze (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  no integer not null check (no >= 1),
  slot text not null,
  cutoff_at timestamptz not null,
  ledger_from bigint not null,
  ledger_to bigint not null check (ledger_to >= ledger_from),
  -- False when what the records say is not the freeze before plus the changes since.
  reconciled boolean not null,
  frozen_by text not null,
  unique (outbreak_id, no)
);
create index figure_freeze_area on figure_freeze (area_code, cutoff_at);
select wuyang.append_only('figure_freeze');
-- A county reads its part of the city's freeze below; the head line holds no figure.

create table frozen_figure (
  freeze_id uuid not null references figure_freeze (id),
  area_code text collate "C" not null,
  figure text not null,
  detail text not null,
  value integer not null,
  previous integer not null,
  change integer not null,
  primary key (freeze_id, area_code, figure, detail)
);
create index frozen_figure_area on frozen_figure (area_code, freeze_id);
select wuyang.append_only('frozen_figure');
select wuyang.protect('frozen_figure');
