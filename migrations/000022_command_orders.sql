-- Command: directives relayed to the counties, minutes of the briefings, and the plan of reopening.

-- A directive from above, of a new response level, or of this command post; every county reads it.
create table directive (
  id uuid primary key,
  outbreak_id uuid not null,
  -- The area it is for; its counties each have a relay.
  area_code text collate "C" not null,
  no integer not null check (no >= 1),
  kind text not null check (kind in ('above', 'level', 'own')),
  issued_by text not null,
  -- The issuer's own number of the document; the same document is relayed once.
  document_no text,
  title jsonb not null,
  body jsonb not null,
  received_at timestamptz not null,
  relay_due_at timestamptz not null,
  relayed_at timestamptz not null,
  relayed_by text not null,
  receipt_due_at timestamptz not null,
  report_due_at timestamptz not null,
  unique (outbreak_id, no),
  check (received_at <= relayed_at)
);
create unique index directive_document on directive (outbreak_id, issued_by, document_no) where document_no is not null;
select wuyang.append_only('directive');

-- What one county did with a directive: its receipt and its report of how it was carried out.
create table directive_relay (
  id uuid primary key,
  directive_id uuid not null references directive (id),
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  state text not null check (state in ('relayed', 'received', 'reported', 'accepted', 'sentBack')),
  receipt_due_at timestamptz not null,
  received_at timestamptz,
  received_by text,
  report_due_at timestamptz not null,
  reported_at timestamptz,
  reported_by text,
  report text,
  -- Names of the files that show it, as they were given to the file store.
  photos text[] not null default '{}',
  accepted_at timestamptz,
  accepted_by text,
  sent_back_count smallint not null default 0,
  sent_back_reason text,
  unique (directive_id, area_code),
  -- I12: what one person reported, another accepts.
  check (accepted_by is null or accepted_by <> reported_by),
  check ((state = 'relayed') = (received_at is null)),
  check ((accepted_at is null) = (state <> 'accepted')),
  check ((reported_at is null) = (report is null))
);
create index directive_relay_area on directive_relay (area_code, report_due_at, (id));
select wuyang.protect('directive_relay');

-- The minutes of a briefing; a correction is a new version and the old one stays.
create table briefing_minutes (
  briefing_id uuid not null references briefing (id),
  version integer not null check (version >= 1),
  outbreak_id uuid not null,
  present text not null,
  body text not null,
  due_at timestamptz not null,
  written_at timestamptz not null,
  written_by text not null,
  primary key (briefing_id, version)
);
select wuyang.append_only('briefing_minutes');

-- One step of the reopening: a place, a trade or a bus line of one batch.
create table reopening_step (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  code text not null,
  batch integer not null check (batch >= 1),
  kind text not null check (kind in ('area', 'trade', 'busLine', 'school', 'other')),
  name jsonb not null,
  planned_at timestamptz not null,
  -- [{rule, measure, op, value}] that must hold when it is reopened.
  preconditions jsonb not null,
  state text not null check (state in ('planned', 'reopened', 'suspended')),
  reopened_at timestamptz,
  reopened_by text,
  -- [{id, met, value, target}] as measured at that moment.
  met jsonb,
  suspended_at timestamptz,
  suspended_by text,
  reason text,
  -- A find in the reopened place that nobody has decided on yet.
  find_at timestamptz,
  unique (outbreak_id, code),
  check ((reopened_at is null) = (met is null)),
  check ((state = 'planned') = (reopened_at is null)),
  check (find_at is null or state = 'reopened')
);
create index reopening_step_area on reopening_step (area_code, planned_at, (id));
select wuyang.protect('reopening_step');

-- How far each batch is, of the whole outbreak: a county that sees its own steps only still knows whether the batch before is open.
create table reopening_batch (
  outbreak_id uuid not null,
  batch integer not null,
  steps integer not null,
  reopened integer not null,
  primary key (outbreak_id, batch)
);
select wuyang.open('reopening_batch');
