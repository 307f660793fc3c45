-- What the health page tells: duties that failed, the queue's jobs, the database's growth, standbys; and API tokens by an
-- id of their own, so that one can be named without its hash.

-- When a duty last failed and by what kind of error: never the error's own words, which may quote a person.
alter table tick add column failed_at timestamptz;
alter table tick add column failure text;

-- The size of the database once an hour, by the machine's clock.
create table database_size (
  at timestamptz primary key,
  bytes bigint not null
);
select wuyang.open('database_size');

alter table api_token add column id uuid not null default gen_random_uuid();
alter table api_token add column last_used_at timestamptz;
create unique index api_token_id on api_token (id);
create index api_token_account on api_token (account_id, created_at);

-- The queue hides its tables from the application; these functions run as the owner and give no payload away.
create function wuyang.queued_jobs(most integer)
returns table (
  id bigint, task text, attempts integer, attempts_max integer, run_at timestamptz, added_at timestamptz,
  taken_at timestamptz, failure text
) language plpgsql stable security definer set search_path = pg_catalog as $$
begin
  return query
    select j.id, j.task_identifier, j.attempts::integer, j.max_attempts::integer, j.run_at, j.created_at, j.locked_at, j.last_error
    from graphile_worker.jobs j
    order by (j.attempts >= j.max_attempts) desc, j.locked_at is null, j.attempts desc, j.run_at, j.id
    limit most;
end
$$;

create function wuyang.counted_jobs()
returns table (waiting bigint, running bigint, retrying bigint, failed bigint, oldest_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
  return query
    select count(*) filter (where j.locked_at is null and j.attempts = 0),
      count(*) filter (where j.locked_at is not null),
      count(*) filter (where j.locked_at is null and j.attempts between 1 and j.max_attempts - 1),
      count(*) filter (where j.locked_at is null and j.attempts >= j.max_attempts),
      min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts)
    from graphile_worker.jobs j;
end
$$;

-- Gives a job all its attempts again, from this moment on; false when there is none of this number or somebody works it.
create function wuyang.retry_job(job bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
  return exists (
    select 1 from graphile_worker.reschedule_jobs(job_ids := array[job], run_at := now(), attempts := 0) r);
end
$$;

-- Standbys that follow this database, with how far behind each is; only the owner may see that.
create function wuyang.standbys()
returns table (name text, state text, sync_state text, behind_bytes bigint, behind_seconds double precision)
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
  return query
    select r.application_name, r.state, r.sync_state,
      pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::bigint, extract(epoch from r.replay_lag)::double precision
    from pg_stat_replication r order by r.application_name, r.pid;
end
$$;

revoke execute on function wuyang.queued_jobs(integer), wuyang.counted_jobs(),
  wuyang.retry_job(bigint), wuyang.standbys() from public;
grant execute on function wuyang.queued_jobs(integer), wuyang.counted_jobs(),
  wuyang.retry_job(bigint), wuyang.standbys() to wuyang_app;
