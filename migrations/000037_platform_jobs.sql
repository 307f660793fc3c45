-- Jobs are put into the queue by its owner: the queue closes its tables to every other role by row-level security.
create function wuyang.add_job(task text, payload json, attempts integer, job_key text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job(task, payload, max_attempts := attempts, job_key := add_job.job_key);
end
$$;
revoke execute on function wuyang.add_job(text, json, integer, text) from public;
grant execute on function wuyang.add_job(text, json, integer, text) to wuyang_app;
