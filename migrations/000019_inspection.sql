-- Supervision: who inspects, by which list, what was found, and how each finding was proved done.

create table inspection_team (
  code text primary key,
  area_code text collate "C" not null,
  name text not null,
  name_en text not null,
  headcount integer not null check (headcount between 1 and 1000),
  -- Accounts of the members, so that a list shows a person their own day.
  members text[] not null default '{}',
  created_at timestamptz not null
);
create index inspection_team_area on inspection_team (area_code, code);
select wuyang.protect('inspection_team');

-- What is inspected: a venue by its code, a quarantine site, a sampling site, a checkpoint.
create table inspection_place (
  code text primary key,
  area_code text collate "C" not null,
  place_type text not null,
  name text not null,
  name_en text not null,
  -- The venue's code where the place has one; a place that must have one and has none is a gap.
  venue_code text,
  created_at timestamptz not null
);
create index inspection_place_area on inspection_place (area_code, code);
create index inspection_place_type on inspection_place (area_code, place_type);
select wuyang.protect('inspection_place');

-- The places of one team on one day, in the order in which it goes to them.
create table inspection_route (
  team_code text not null references inspection_team (code),
  day date not null,
  area_code text collate "C" not null,
  places text[] not null check (cardinality(places) between 1 and 200),
  made_at timestamptz not null,
  made_by text not null,
  primary key (team_code, day)
);
create index inspection_route_area on inspection_route (area_code, day, team_code);
select wuyang.protect('inspection_route');

-- Every version of a checklist under which somebody inspected; a version never changes.
create table inspection_checklist (
  id text not null,
  version text not null,
  place_type text not null,
  body jsonb not null,
  hash text not null,
  first_used_at timestamptz not null,
  primary key (id, version)
);
select wuyang.open('inspection_checklist');

create table inspection_visit (
  id uuid primary key,
  team_code text not null references inspection_team (code),
  place_type text not null,
  place_id text not null,
  place_name text not null,
  area_code text collate "C" not null,
  at timestamptz not null,
  checklist_id text not null,
  checklist_version text not null,
  answers jsonb not null,
  -- Null when nothing on the list applied.
  score smallint check (score between 0 and 100),
  -- Was the venue's code seen at the door; null where none is asked for.
  code_posted boolean,
  visited_by text not null,
  foreign key (checklist_id, checklist_version) references inspection_checklist (id, version),
  unique (team_code, place_id, at)
);
create index inspection_visit_area on inspection_visit (area_code, at desc, (id::text));
create index inspection_visit_place on inspection_visit (place_id, at);
select wuyang.protect('inspection_visit');

create table inspection_finding (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  -- Null for a finding that came in as a row of a list.
  visit_id uuid references inspection_visit (id),
  team_code text not null references inspection_team (code),
  place_type text not null,
  place_id text not null,
  place_name text not null,
  checklist_id text not null,
  checklist_version text not null,
  item_id text not null,
  text text not null,
  text_en text not null,
  note text,
  severity text not null check (severity in ('severe', 'serious', 'minor')),
  fix_now boolean not null,
  owner_team text not null,
  found_at timestamptz not null,
  found_by text not null,
  due_at timestamptz not null,
  -- How often the same item was found at the same place in the days before.
  repeats smallint not null default 0,
  state text not null check (state in ('open', 'rectified', 'closed', 'sentBack', 'escalated')),
  task_id uuid,
  fixed_by text,
  fixed_at timestamptz,
  fixed_note text,
  checked_by text,
  checked_at timestamptz,
  checked_note text,
  closed_by text,
  closed_at timestamptz,
  sent_back_count smallint not null default 0,
  escalated_level smallint not null default 0,
  escalated_to text collate "C",
  -- I12: what one person put right, another checks, and only after it was put right.
  check (closed_by <> fixed_by),
  check ((state = 'closed') = (closed_at is not null) and (state = 'closed') = (closed_by is not null)),
  check (state not in ('rectified', 'closed') or fixed_by is not null),
  foreign key (checklist_id, checklist_version) references inspection_checklist (id, version),
  -- The same item at the same place at the same moment is the same finding, however it came in.
  unique (place_id, item_id, found_at)
);
create index inspection_finding_area on inspection_finding (area_code, due_at, (id::text));
create index inspection_finding_late on inspection_finding (due_at) where state in ('open', 'sentBack', 'escalated');
create index inspection_finding_task on inspection_finding (task_id);
create index inspection_finding_found on inspection_finding (area_code, found_at);
select wuyang.protect('inspection_finding');

-- A photo of what was found, of the repair, or of the re-check; small, because telephones send thousands.
create table inspection_photo (
  id uuid primary key,
  finding_id uuid not null references inspection_finding (id),
  area_code text collate "C" not null,
  stage text not null check (stage in ('found', 'rectified', 'checked')),
  name text not null,
  content_type text not null check (content_type in ('image/jpeg', 'image/png', 'image/webp')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  taken_at timestamptz not null,
  added_at timestamptz not null,
  added_by text not null,
  bytes bytea not null check (octet_length(bytes) between 1 and 1048576),
  unique (finding_id, stage, sha256)
);
create index inspection_photo_area on inspection_photo (area_code);
select wuyang.protect('inspection_photo');

-- What followed: penalties against a place or a unit, and commendations.
create table inspection_sanction (
  id uuid primary key,
  area_code text collate "C" not null,
  kind text not null check (kind in ('warning', 'notice', 'interview', 'suspension', 'fine', 'accountability', 'commendation')),
  subject text not null,
  place_id text,
  finding_id uuid references inspection_finding (id),
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  -- One finding is answered once by one kind of penalty.
  unique (finding_id, kind)
);
create index inspection_sanction_area on inspection_sanction (area_code, decided_at desc, (id::text));
select wuyang.protect('inspection_sanction');
