-- Inbound control: where travellers come from, who they are, the roads, the letters, the closed loops, the goods.

-- Key regions: a place elsewhere (an area code, or a country's name), its level and its days. Nobody's jurisdiction.
create table inbound_region (
  id uuid primary key,
  outbreak_id uuid not null,
  place text collate "C" not null,
  name text not null,
  level text not null check (level in ('high', 'medium', 'low', 'abroad')),
  from_day date not null,
  to_day date check (to_day >= from_day),
  source text not null,
  set_at timestamptz not null,
  set_by text not null,
  unique (outbreak_id, place, from_day)
);
select wuyang.open('inbound_region');

-- A traveller's declaration, or the entry somebody else made of one who did not declare.
create table inbound_declaration (
  id uuid primary key,
  outbreak_id uuid not null,
  -- The same traveller on the same day has the same number.
  receipt text not null unique,
  area_code text collate "C" not null,
  source text not null check (source in ('public', 'list', 'letter', 'road')),
  name text not null,
  id_kind text,
  id_hash bytea,
  id_enc bytea,
  phone_enc bytea,
  origin text collate "C" not null,
  via text not null,
  left_on date not null,
  arrives_at timestamptz not null,
  vehicle text,
  state text not null check (state in ('declared', 'arrived', 'classified', 'closed', 'cancelled')),
  level text not null check (level in ('abroad', 'high', 'medium', 'low', 'none')),
  -- The plan class of the protocol; null where the level has no plan.
  plan text,
  rule_id text not null,
  person_id bigint,
  declared_at timestamptz not null,
  due_at timestamptz not null,
  arrived_at timestamptz,
  classified_at timestamptz,
  closed_at timestamptz,
  close_reason text,
  check (state not in ('classified', 'closed') or classified_at is not null),
  check ((state in ('closed', 'cancelled')) = (closed_at is not null)),
  check (state <> 'classified' or person_id is not null)
);
create index inbound_declaration_list on inbound_declaration (area_code, due_at, (id::text));
create index inbound_declaration_due on inbound_declaration (due_at, id);
create index inbound_declaration_open on inbound_declaration (origin, left_on) where state in ('declared', 'arrived', 'classified');
create index inbound_declaration_person on inbound_declaration (person_id) where state = 'classified';
create index inbound_declaration_identity on inbound_declaration (id_hash) where state in ('declared', 'arrived');
select wuyang.protect('inbound_declaration');

-- A checkpoint of one county meets travellers to another: it learns that they declared and their level, nothing more.
create function wuyang.inbound_open(receipts text[], hashes bytea[]) returns table (id uuid, receipt text, id_hash bytea, level text)
language sql stable set wuyang.lo = '' set wuyang.hi = U&'\FFFF' as $$
  select d.id, d.receipt, d.id_hash, d.level from inbound_declaration d
  where d.state in ('declared', 'arrived') and d.receipt = any(receipts)
  union
  select d.id, d.receipt, d.id_hash, d.level from inbound_declaration d
  where d.state in ('declared', 'arrived') and d.id_hash = any(hashes)
$$;
grant execute on function wuyang.inbound_open(text[], bytea[]) to wuyang_app;

create table inbound_checkpoint (
  id uuid primary key,
  area_code text collate "C" not null,
  code text not null unique,
  name text not null,
  road text not null,
  kind text not null check (kind in ('road', 'station', 'airport')),
  state text not null check (state in ('open', 'closed')),
  opened_at timestamptz not null
);
create index inbound_checkpoint_list on inbound_checkpoint (area_code, code);
select wuyang.protect('inbound_checkpoint');

create table inbound_shift (
  checkpoint_id uuid not null references inbound_checkpoint (id),
  area_code text collate "C" not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  lead text not null,
  staff integer not null check (staff > 0),
  primary key (checkpoint_id, starts_at)
);
create index inbound_shift_list on inbound_shift (area_code, starts_at);
select wuyang.protect('inbound_shift');

-- Every person, vehicle and load at a checkpoint; it only grows.
create table inbound_pass (
  id uuid primary key,
  checkpoint_id uuid not null,
  area_code text collate "C" not null,
  at timestamptz not null,
  kind text not null check (kind in ('person', 'vehicle', 'goods')),
  outcome text not null check (outcome in ('passed', 'refused', 'tested', 'escorted')),
  reason text not null,
  level text not null,
  declaration_id uuid,
  person_id bigint,
  temperature numeric(3, 1),
  plate text,
  disinfected boolean not null
);
create index inbound_pass_list on inbound_pass (area_code, at desc, id desc);
create index inbound_pass_at on inbound_pass (at desc, id desc);
select wuyang.append_only('inbound_pass');
alter table inbound_pass enable row level security;
alter table inbound_pass force row level security;
create policy jurisdiction on inbound_pass using (
  area_code >= (select current_setting('wuyang.lo', true)) and area_code < (select current_setting('wuyang.hi', true)));

-- Co-investigation letters, in and out, and the people they name.
create table inbound_letter (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  direction text not null check (direction in ('in', 'out')),
  counterpart text not null,
  reference text not null,
  state text not null check (state in ('open', 'receipted', 'answered')),
  -- When it was received (in) or sent (out).
  at timestamptz not null,
  due_at timestamptz not null,
  receipt_at timestamptz,
  answered_at timestamptz,
  unique (direction, counterpart, reference),
  check ((state = 'answered') = (answered_at is not null)),
  check (state = 'open' or receipt_at is not null)
);
create index inbound_letter_list on inbound_letter (area_code, due_at, (id::text));
create index inbound_letter_due on inbound_letter (due_at, id);
select wuyang.protect('inbound_letter');

create table inbound_letter_person (
  id uuid primary key,
  letter_id uuid not null references inbound_letter (id),
  area_code text collate "C" not null,
  line integer not null,
  name text not null,
  id_kind text,
  id_hash bytea,
  id_enc bytea,
  phone_enc bytea,
  origin text collate "C" not null,
  left_on date not null,
  outcome text check (outcome in ('found', 'notHere', 'unreachable')),
  outcome_at timestamptz,
  declaration_id uuid,
  unique (letter_id, line),
  check ((outcome is null) = (outcome_at is null))
);
create index inbound_letter_person_list on inbound_letter_person (area_code, letter_id, line);
select wuyang.protect('inbound_letter_person');

-- People met at a station or at the border of the city and taken home, point to point.
create table inbound_escort (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  declaration_id uuid,
  person_id bigint,
  reason text not null check (reason in ('arrival', 'quarantineOver')),
  place text not null,
  vehicle text,
  state text not null check (state in ('planned', 'met', 'delivered', 'cancelled')),
  planned_at timestamptz not null,
  due_at timestamptz not null,
  met_at timestamptz,
  delivered_at timestamptz,
  check (declaration_id is not null or person_id is not null),
  check ((state = 'delivered') = (delivered_at is not null))
);
create unique index inbound_escort_once on inbound_escort (declaration_id) where state <> 'cancelled';
create index inbound_escort_list on inbound_escort (area_code, due_at, (id::text));
create index inbound_escort_due on inbound_escort (due_at, id);
select wuyang.protect('inbound_escort');

-- Closed-loop trades and high-risk posts, their people and their tests.
create table inbound_post (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  code text not null unique,
  name text not null,
  trade text not null,
  test_every_days integer not null check (test_every_days between 1 and 30),
  -- Days in the loop at most; null = the post is tested, not closed.
  loop_days_max integer check (loop_days_max between 1 and 60),
  -- The day for which its tests were asked for last.
  asked_on date
);
create index inbound_post_list on inbound_post (area_code, code);
select wuyang.protect('inbound_post');

create table inbound_worker (
  post_id uuid not null references inbound_post (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  state text not null check (state in ('in', 'out')),
  since date not null,
  out_on date,
  last_test_on date,
  last_result text check (last_result in ('negative', 'positive')),
  next_test_on date not null,
  primary key (post_id, person_id)
);
create index inbound_worker_due on inbound_worker (area_code, next_test_on) where state = 'in';
select wuyang.protect('inbound_worker');

create table inbound_worker_test (
  post_id uuid not null,
  person_id bigint not null,
  day date not null,
  area_code text collate "C" not null,
  due_on date not null,
  result text not null check (result in ('negative', 'positive')),
  recorded_at timestamptz not null,
  primary key (post_id, person_id, day)
);
create index inbound_worker_test_area on inbound_worker_test (area_code, day);
select wuyang.protect('inbound_worker_test');

-- Goods from key regions and from abroad: held until they are sampled, negative and disinfected.
create table inbound_goods (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  batch text not null unique,
  kind text not null check (kind in ('coldChain', 'import', 'parcel', 'other')),
  origin text collate "C" not null,
  level text not null,
  state text not null check (state in ('held', 'released', 'sealed')),
  arrived_at timestamptz not null,
  due_at timestamptz not null,
  samples integer not null default 0 check (samples >= 0),
  positives integer check (positives between 0 and samples),
  resulted_at timestamptz,
  disinfected_at timestamptz,
  ended_at timestamptz,
  check ((state = 'held') = (ended_at is null)),
  check (state <> 'released' or (positives = 0 and samples > 0 and disinfected_at is not null))
);
create index inbound_goods_list on inbound_goods (area_code, due_at, (id::text));
create index inbound_goods_due on inbound_goods (due_at, id);
select wuyang.protect('inbound_goods');
