-- Public information: what is published (bulletins, notices), what residents ask for, and rumours with their answers.

-- A bulletin is made from one freeze of the figures; a notice is for one area. Both are signed by a second person.
create table publication (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  kind text not null check (kind in ('bulletin', 'notice')),
  -- Running number of the bulletins of an outbreak; notices have none.
  no integer check ((kind = 'bulletin') = (no is not null)),
  freeze_id uuid references figure_freeze (id) check ((kind = 'bulletin') = (freeze_id is not null)),
  title jsonb not null,
  body jsonb not null,
  state text not null check (state in ('draft', 'submitted', 'published', 'withdrawn')),
  written_by text not null,
  written_at timestamptz not null,
  due_at timestamptz not null,
  signed_by text,
  signed_at timestamptz,
  -- A notice is shown until then; null is until it is withdrawn.
  valid_to timestamptz,
  withdrawn_by text,
  withdrawn_at timestamptz,
  reason text,
  sent_back integer not null default 0,
  check (signed_by is null or signed_by <> written_by),
  check ((signed_at is null) = (state in ('draft', 'submitted')))
);
create unique index publication_no on publication (outbreak_id, no);
create index publication_area on publication (area_code, written_at desc);
create index publication_shown on publication (signed_at desc) where state = 'published';
select wuyang.protect('publication');

-- A resident asks for help. What they wrote and their number are sealed; only the answering side opens them.
create table resident_request (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  receipt text not null unique,
  kind text not null,
  text_enc bytea not null,
  phone_enc bytea,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('asked', 'answered', 'confirmed', 'referred')),
  answer text,
  answered_by text,
  answered_at timestamptz,
  closed_at timestamptz
);
create index resident_request_area on resident_request (area_code, due_at);
create index resident_request_open on resident_request (due_at) where state in ('asked', 'referred');
select wuyang.protect('resident_request');

-- A rumour is written down, checked and answered with the published fact; who said it is not recorded.
create table rumour (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  claim text not null,
  seen_where text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('recorded', 'checked', 'published', 'closed')),
  verdict text check (verdict in ('true', 'partly', 'false', 'unknown')),
  fact jsonb,
  source text,
  checked_by text,
  checked_at timestamptz,
  signed_by text,
  signed_at timestamptz,
  check (signed_by is null or signed_by <> checked_by),
  check ((verdict is null) = (checked_at is null))
);
create index rumour_area on rumour (area_code, recorded_at desc);
create index rumour_open on rumour (due_at) where state in ('recorded', 'checked');
create index rumour_shown on rumour (signed_at desc) where state = 'published';
select wuyang.protect('rumour');
