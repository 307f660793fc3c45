-- What a database needs before Citus takes its large tables, run by «wuyang db distribute», after each upgrade again.
-- It changes nothing where it was run before. Each part names the rule it answers.

-- Citus refuses policies with a subquery (its source, commands/policy.c: «Subqueries are not supported in policies on
-- distributed tables»). Without one the bound is read for each row that no index has chosen.
do $$
declare
  fenced record;
begin
  for fenced in
    select tablename, policyname from pg_policies
    where schemaname = 'public' and tablename in ('person', 'sample', 'absence', 'person_control') and qual ilike '%select%'
  loop
    execute format(
      'alter policy %I on %I using (area_code >= current_setting(''wuyang.lo'', true) and area_code < current_setting(''wuyang.hi'', true))',
      fenced.policyname, fenced.tablename);
  end loop;
end
$$;

-- «Primary keys and uniqueness constraints must include the distribution column» (Citus 13, «Creating and Modifying
-- Distributed Objects»). Whoever registers people takes a lock instead: wuyang.lock_identities().
do $$
begin
  if exists (select from pg_index where indexrelid = to_regclass('person_identity') and indisunique) then
    drop index person_identity;
    create index person_identity on person (id_hash) where id_hash is not null;
  end if;
  if exists (select from pg_index where indexrelid = to_regclass('person_ref') and indisunique) then
    drop index person_ref;
    create index person_ref on person (register, ref) where ref is not null;
  end if;
end
$$;

-- A distributed table may refer to, and be referred to by, only reference tables and tables beside it (the same page).
-- Rounds and people are not deleted, so what the two keys still guarded is that an id was right when it was written.
alter table absence drop constraint if exists absence_round_id_fkey;
alter table person_alias drop constraint if exists person_alias_person_id_fkey;

-- The two questions of tracing. Their plans are made for the values at hand, because Citus finds the shards by them; what
-- is asked in several lists stands apart, because Citus wraps a joined list of lists wrongly (planner/recursive_planning.c,
-- TransformFunctionRTE). Rows are read before packed days, so what is packed meanwhile is seen twice and never missed.
-- What one machine asks by stays beside them under another name, for the way back (gathered.sql).
do $$
declare
  asked text;
begin
  foreach asked in array array['stays_of', 'visitors_of', 'meetings_of'] loop
    if not exists (select from pg_proc where pronamespace = 'wuyang'::regnamespace and proname = asked and prosrc like '%-- As Citus takes it.%') then
      execute format('drop function if exists wuyang.%I', asked || '_here');
      execute format('alter function wuyang.%I rename to %I', asked, asked || '_here');
    end if;
  end loop;
end
$$;

create or replace function wuyang.stays_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer)
returns table (person integer, venue integer, s integer, len integer, body bytea) language plpgsql stable as $$
-- As Citus takes it.
begin
  return query select v.person_id, v.venue_no, v.s, v.len, null::bytea from visit v
    where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s;
  return query select v.person_id, v.venue_no, v.s, v.len, null::bytea from visit_closing v
    where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s;
  return query select p.bucket, 0, 0, null::integer, p.body from visit_by_person p
    where p.bucket = any(buckets) and p.day >= first_day and p.day <= last_day;
end
$$;

-- Two questions, each of the shards that it names, take the place of the one that would read from all.
create or replace function wuyang.meetings_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer,
  gap integer, assumed integer, longest integer)
returns table (own boolean, i integer, person integer, venue integer, s integer, len integer, body bytea) language plpgsql stable as $$
-- As Citus takes it.
begin
  return query select null::boolean, 0, 0, 0, 0, 0, null::bytea;
end
$$;

create or replace function wuyang.visitors_of(venues integer[], froms integer[], tos integer[], first_day date, last_day date, longest integer)
returns table (i integer, person integer, s integer, len integer, body bytea) language plpgsql stable as $$
-- As Citus takes it.
begin
  return query
    with w as materialized (select * from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i))
    select w.i::int, v.person_id, v.s, v.len, null::bytea from w join visit v on v.venue_no = w.venue
      where v.venue_no = any(venues) and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi;
  return query
    with w as materialized (select * from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i))
    select w.i::int, v.person_id, v.s, v.len, null::bytea from w join visit_closing v on v.venue_no = w.venue
      where v.venue_no = any(venues) and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi;
  return query
    with w as materialized (select * from unnest(venues, froms, tos) with ordinality as w (venue, lo, hi, i))
    select w.i::int, 0, c.first_s, null::integer, c.body from w join visit_by_venue c on c.venue_no = w.venue
      where c.venue_no = any(venues) and c.first_s <= w.hi and c.end_s >= w.lo and c.day >= first_day and c.day <= last_day;
end
$$;
