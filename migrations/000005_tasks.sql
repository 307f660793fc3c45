-- The one work item of the whole system: owner, deadline, evidence, second-person check, escalation.

create table task (
  id uuid primary key,
  outbreak_id uuid not null,
  kind text not null,
  area_code text collate "C" not null,
  owner_team text not null,
  owner_account text,
  subject_type text not null,
  subject_id text not null,
  params jsonb not null default '{}',
  state text not null check (state in ('open', 'started', 'submitted', 'closed', 'cancelled')),
  needs_second_check boolean not null,
  due_at timestamptz not null,
  created_at timestamptz not null,
  started_at timestamptz,
  started_by text,
  submitted_at timestamptz,
  submitted_by text,
  closed_at timestamptz,
  closed_by text,
  evidence jsonb,
  -- How far up the area tree a late task has been carried: 0 is its own area.
  escalated_level smallint not null default 0,
  escalated_to text collate "C",
  escalated_at timestamptz,
  reopened_count smallint not null default 0,
  cause_event uuid,
  -- I12: what one person did, another closes.
  check (not needs_second_check or state <> 'closed' or closed_by is distinct from submitted_by)
);
-- Lists by area, by what is due first; the narrowest role reads a few pages of this index.
create index task_area_due on task (area_code, due_at, id);
create index task_open_due on task (due_at) where state in ('open', 'started', 'submitted');
create index task_team_due on task (owner_team, area_code, due_at) where state in ('open', 'started', 'submitted');
create index task_subject on task (subject_type, subject_id, kind);
select wuyang.protect('task');
