-- The application puts jobs into the queue through one function: the queue's own tables are fenced by row-level security
-- without a policy, so adding a job as the application was refused. The queue's schema is made after the migrations, by
-- the library that owns it, hence the late binding of plpgsql.
create function wuyang.enqueue_job(job_name text, payload json, attempts integer, key text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job(job_name, payload, max_attempts := attempts, job_key := key);
end
$$;
revoke execute on function wuyang.enqueue_job(text, json, integer, text) from public;
grant execute on function wuyang.enqueue_job(text, json, integer, text) to wuyang_app;
