-- Risk zones: what is proposed, what is in force, and every level a unit ever had.

-- Ranges and equality in one exclusion constraint need it.
create extension if not exists btree_gist;

create table zone (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  unit text not null check (unit in ('village', 'venue', 'compound')),
  -- The village's area code, or the code of the venue or the compound.
  unit_code text collate "C" not null,
  name text not null,
  name_en text not null,
  lat double precision,
  lon double precision,
  -- The case it was first drawn for; null when drawn by hand.
  case_id uuid,
  state text not null check (state in ('proposed', 'published', 'lifted', 'dropped')),
  -- The level in force, or the proposed one; zone_level holds the history.
  level text not null check (level in ('high', 'medium', 'low')),
  came_from text check (came_from in ('high', 'medium')),
  level_since timestamptz,
  -- ZONE-EXT: headquarters set day 0 anew.
  extended_from date,
  reason text not null,
  drawn_at timestamptz not null,
  drawn_by text not null,
  published_at timestamptz,
  lifted_at timestamptz,
  -- One review a day and one lifting task a level are enough, however many new infections.
  reviewed_on date,
  lift_asked_at timestamptz,
  check (state not in ('published', 'lifted') or level_since is not null),
  check ((state in ('lifted', 'dropped')) = (lifted_at is not null))
);
-- A unit has one zone at a time that is proposed or in force.
create unique index zone_unit on zone (unit_code) where state in ('proposed', 'published');
create index zone_list on zone (area_code, drawn_at desc, id desc);
create index zone_in_force on zone (area_code, level) where state = 'published';
select wuyang.protect('zone');

-- I6: a unit's level at any instant is single; the database refuses an overlap.
create table zone_level (
  zone_id uuid not null references zone (id),
  unit_code text collate "C" not null,
  area_code text collate "C" not null,
  level text not null check (level in ('high', 'medium', 'low')),
  period tstzrange not null check (not isempty(period) and not lower_inf(period)),
  rule_id text not null,
  reason text not null,
  protocol_version text not null,
  set_by text not null,
  exclude using gist (unit_code with =, period with &&)
);
create index zone_level_zone on zone_level (zone_id, lower(period));
create index zone_level_area on zone_level (area_code);
select wuyang.protect('zone_level');

-- The cases of a zone; an infection found inside sets its clean days back.
create table zone_case (
  zone_id uuid not null references zone (id),
  case_id uuid not null,
  area_code text collate "C" not null,
  at timestamptz not null,
  inside boolean not null,
  -- The case was excluded later; it no longer counts.
  excluded_at timestamptz,
  primary key (zone_id, case_id)
);
create index zone_case_case on zone_case (case_id);
create index zone_case_area on zone_case (area_code);
select wuyang.protect('zone_case');
