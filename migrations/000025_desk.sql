-- What a person at a desk keeps: views of lists, and how far the notices were read.

-- A view belongs to an account and remembers from which area it was shared: accounts of that area and below see it,
-- which is upwards of their own jurisdiction, so the service decides and not the fence.
create table saved_view (
  id uuid primary key,
  account_id text not null,
  owner_area text collate "C" not null,
  page text not null,
  name text not null,
  search jsonb not null,
  columns text[] not null,
  shared boolean not null,
  saved_at timestamptz not null,
  unique (account_id, page, name)
);
create index saved_view_shared on saved_view (page, owner_area, name) where shared;
select wuyang.open('saved_view');

-- Everything up to this moment has been read.
create table notice_seen (
  account_id text primary key,
  seen_until timestamptz not null
);
select wuyang.open('notice_seen');

-- Single notices read after that moment.
create table notice_read (
  account_id text not null,
  notice text not null,
  read_at timestamptz not null,
  primary key (account_id, notice)
);
select wuyang.open('notice_read');

-- A record's timeline is read latest first by the time, which the old index did not hold.
create index event_subject_time on event (subject_type, subject_id, at desc, id desc);
drop index event_subject;

-- Looks at people's data name their subject; the row of each use case does not.
create index audit_subject on audit (subject_type, subject_id, at desc) where subject_type <> 'useCase';

-- What was carried up to an area and is still open.
create index task_escalated on task (escalated_to, escalated_at)
  where escalated_to is not null and state in ('open', 'started', 'submitted');
