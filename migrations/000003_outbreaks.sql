-- An outbreak, the protocol it runs under and the changes of both; no personal data.

create table outbreak (
  id uuid primary key,
  name text not null,
  name_en text not null,
  disease text not null,
  protocol_id text not null,
  protocol_version text not null,
  -- The rules in force, copied here so that a changed file never changes a running outbreak.
  protocol jsonb not null,
  -- Counts the rule sets of this outbreak; the key of the protocol cache.
  protocol_revision integer not null,
  time_zone text not null,
  area_code text collate "C" not null,
  phase text not null check (phase in ('activation', 'containment', 'communityZero', 'lifting', 'allClear')),
  response_level text not null,
  first_positive_at timestamptz,
  opened_at timestamptz not null,
  community_zero_at timestamptz,
  all_clear_at timestamptz,
  closed_at timestamptz,
  drill boolean not null
);
-- OUT-1: one outbreak is open at a time, so every sheet and screen speaks of the same one.
create unique index outbreak_one_open on outbreak ((closed_at is null)) where closed_at is null;
create index outbreak_opened on outbreak (opened_at desc, id);
-- Counties below the outbreak's area must read it too, so the service alone decides.
select wuyang.open('outbreak');

-- OUT-3: which rules were in force when, who moved to them and why.
create table outbreak_protocol (
  outbreak_id uuid not null references outbreak (id),
  revision integer not null,
  protocol_id text not null,
  protocol_version text not null,
  protocol jsonb not null,
  from_at timestamptz not null,
  moved_by text not null,
  reason text not null,
  primary key (outbreak_id, revision)
);
select wuyang.append_only('outbreak_protocol');

-- OUT-4: every phase and response level the outbreak went through.
create table outbreak_stage (
  outbreak_id uuid not null references outbreak (id),
  no integer not null,
  kind text not null check (kind in ('phase', 'responseLevel')),
  value text not null,
  at timestamptz not null,
  set_by text not null,
  primary key (outbreak_id, no)
);
select wuyang.append_only('outbreak_stage');
