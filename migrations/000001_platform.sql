-- The platform's own tables: the jurisdiction fence, accounts, events, audit, idempotency, ticks.

create schema if not exists wuyang;

do $$
begin
  if not exists (select from pg_roles where rolname = 'wuyang_app') then
    create role wuyang_app nologin;
  end if;
end
$$;

-- The jurisdiction of the running transaction is a range of area codes; unset means nothing is visible.
create function wuyang.protect(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy jurisdiction on %s using (area_code >= (select current_setting(''wuyang.lo'', true)) and area_code < (select current_setting(''wuyang.hi'', true)))',
    target);
  execute format('grant select, insert, update, delete on %s to wuyang_app', target);
end
$$;

-- Tables without an area: the service alone decides.
create function wuyang.open(target regclass) returns void language plpgsql as $$
begin
  execute format('grant select, insert, update, delete on %s to wuyang_app', target);
end
$$;

-- Tables that only grow: no update, no delete, not even by a mistake in our own code.
create function wuyang.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name;
end
$$;

create function wuyang.append_only(target regclass) returns void language plpgsql as $$
begin
  execute format(
    'create trigger append_only before update or delete or truncate on %s for each statement execute function wuyang.refuse_change()',
    target);
  execute format('grant select, insert on %s to wuyang_app', target);
end
$$;

create table account (
  id uuid primary key,
  login text not null unique,
  password_hash text not null,
  name text not null,
  roles text[] not null,
  area_code text collate "C" not null,
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  disabled_at timestamptz,
  created_at timestamptz not null
);
select wuyang.open('account');

create table session (
  token_hash bytea primary key,
  account_id uuid not null references account (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_account on session (account_id);
select wuyang.open('session');

create table api_token (
  token_hash bytea primary key,
  account_id uuid not null references account (id),
  label text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
select wuyang.open('api_token');

-- Every state change: who, when, what, from which device, caused by which event.
create table event (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null,
  name text not null,
  outbreak_id uuid,
  area_code text collate "C" not null,
  subject_type text not null,
  subject_id text not null,
  actor_id text not null,
  actor_name text not null,
  device text,
  cause uuid,
  data jsonb not null
);
create index event_subject on event (subject_type, subject_id, seq);
create index event_area_time on event (area_code, at);
create index event_name_time on event (name, at);
select wuyang.append_only('event');
alter table event enable row level security;
alter table event force row level security;
create policy jurisdiction on event using (
  area_code >= (select current_setting('wuyang.lo', true)) and area_code < (select current_setting('wuyang.hi', true)));

-- Who did or read what, for which reason. `tx` lets the sealer take rows in an order that is final.
create table audit (
  seq bigint generated always as identity primary key,
  tx xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  area_code text collate "C" not null,
  reason text,
  count integer not null default 1
);
create index audit_tx on audit (tx, seq);
create index audit_time on audit (at);
create index audit_actor on audit (actor_id, at);
select wuyang.append_only('audit');

-- Blocks of sealed audit rows: each hash covers its rows and the block before.
create table audit_block (
  no bigint primary key,
  tx_from xid8 not null,
  tx_below xid8 not null,
  rows integer not null,
  previous_hash bytea not null,
  hash bytea not null,
  sealed_at timestamptz not null
);
select wuyang.append_only('audit_block');

-- A write sent twice with one key is done once and answered alike.
create table idempotency (
  actor_id text not null,
  key text not null,
  use_case text not null,
  request_hash bytea not null,
  response jsonb,
  at timestamptz not null,
  primary key (actor_id, key)
);
select wuyang.open('idempotency');

-- When each repeating duty last ran, on the outbreak's own clock.
create table tick (
  name text primary key,
  last_at timestamptz not null
);
select wuyang.open('tick');

-- Small facts about this installation, such as the key check and the drill clock.
create table setting (
  name text primary key,
  value jsonb not null
);
select wuyang.open('setting');

grant usage on schema wuyang, public to wuyang_app;
