-- The three probes: who reports, single signals, daily counts with nil returns, and the alerts made of them.

create table probe_unit (
  id uuid primary key,
  -- The village or community where it stands.
  area_code text collate "C" not null,
  code text not null unique,
  kind text not null check (kind in ('feverClinic', 'villageClinic', 'pharmacy')),
  name text not null,
  -- The time of day by which its return is due, on the outbreak's clock.
  reports_by text not null check (reports_by ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  -- The first day a return is due.
  reports_from date not null,
  state text not null check (state in ('active', 'closed')),
  registered_at timestamptz not null
);
create index probe_unit_list on probe_unit (area_code, code);
select wuyang.protect('probe_unit');

create table probe_signal (
  id uuid primary key,
  outbreak_id uuid not null,
  -- Where the person is staying: that community visits.
  area_code text collate "C" not null,
  unit_id uuid not null references probe_unit (id),
  unit_kind text not null,
  person_id bigint not null,
  -- The unit's own number of the signal; the same number is the same signal.
  ref text not null,
  at timestamptz not null,
  temperature numeric(3, 1) check (temperature between 34 and 43),
  drug_classes text[] not null,
  symptoms text[] not null,
  state text not null check (state in ('open', 'visited', 'tested', 'negative', 'positive', 'closed', 'lost')),
  visit_due_at timestamptz not null,
  test_due_at timestamptz not null,
  visited_at timestamptz,
  visited_by text,
  tested_at timestamptz,
  ended_at timestamptz,
  -- Why it was closed or lost; never a name.
  reason text,
  protocol_version text not null,
  unique (unit_id, ref),
  check ((state in ('negative', 'positive', 'closed', 'lost')) = (ended_at is not null)),
  check (state <> 'visited' or visited_at is not null)
);
create index probe_signal_list on probe_signal (area_code, at desc, id desc);
create index probe_signal_open on probe_signal (person_id) where state in ('open', 'visited', 'tested');
select wuyang.protect('probe_signal');

-- What a unit saw in a day; zeros are a nil return, a missing row is silence.
create table probe_count (
  unit_id uuid not null references probe_unit (id),
  day date not null,
  area_code text collate "C" not null,
  fever integer not null check (fever >= 0),
  respiratory integer not null check (respiratory >= 0),
  drugs integer not null check (drugs >= 0),
  received_at timestamptz not null,
  received_by text not null,
  late boolean not null,
  corrections smallint not null default 0,
  primary key (unit_id, day)
);
create index probe_count_list on probe_count (area_code, day desc, (unit_id::text));
create index probe_count_day on probe_count (day);
select wuyang.protect('probe_count');

-- A count that stands out; something to look into, never a case.
create table probe_alert (
  id uuid primary key,
  outbreak_id uuid not null,
  -- The county or town whose units were added up.
  area_code text collate "C" not null,
  level text not null check (level in ('county', 'town')),
  measure text not null check (measure in ('fever', 'respiratory', 'drugs')),
  day date not null,
  -- The rules that fired, the strongest statistic and what was expected.
  rules text[] not null check (cardinality(rules) > 0),
  observed integer not null,
  expected double precision,
  state text not null check (state in ('raised', 'verified', 'dismissed')),
  raised_at timestamptz not null,
  verify_due_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  reason text,
  protocol_version text not null,
  unique (outbreak_id, area_code, measure, day),
  check ((state = 'raised') = (answered_at is null)),
  check (state <> 'dismissed' or reason is not null)
);
create index probe_alert_list on probe_alert (area_code, raised_at desc, id desc);
select wuyang.protect('probe_alert');

-- A unit's code and its signals' numbers are its own in the whole city: a repeat must be found in another county too.
create function wuyang.probe_unit_homes(codes text[]) returns table (code text, area_code text)
language sql stable set wuyang.lo = '' set wuyang.hi = U&'\FFFF' as $$
  select probe_unit.code, probe_unit.area_code from probe_unit where probe_unit.code = any(codes)
$$;
create function wuyang.probe_signal_refs(units uuid[], refs text[]) returns table (unit_id uuid, ref text)
language sql stable set wuyang.lo = '' set wuyang.hi = U&'\FFFF' as $$
  select probe_signal.unit_id, probe_signal.ref from probe_signal where probe_signal.unit_id = any(units) and probe_signal.ref = any(refs)
$$;
grant execute on function wuyang.probe_unit_homes(text[]), wuyang.probe_signal_refs(uuid[], text[]) to wuyang_app;
