-- Looking for people in other counties, in a form that also holds when Citus spreads the people over machines.

-- Is the table spread by Citus? False where there is no Citus.
create function wuyang.is_spread(target regclass) returns boolean language plpgsql stable as $$
declare
  spread boolean := false;
begin
  if to_regclass('pg_catalog.pg_dist_partition') is not null then
    execute 'select exists (select from pg_dist_partition where logicalrelid = $1)' into spread using target;
  end if;
  return spread;
end
$$;

-- The bounds of row-level security as statements: only these reach the other machines, calls of set_config() do not.
create function wuyang.set_bounds(lo text, hi text) returns void language plpgsql as $$
begin
  execute format('set local wuyang.lo = %L', lo);
  execute format('set local wuyang.hi = %L', hi);
end
$$;

-- Citus keeps no key unique that lacks the distribution column, and an identity may be registered in two counties at
-- once. Whoever registers people looks here first, so the look takes a lock that all of them wait for in turn.
create function wuyang.lock_identities() returns void language plpgsql as $$
begin
  if wuyang.is_spread('person') then
    perform pg_advisory_xact_lock(771004);
  end if;
end
$$;

-- PL/pgSQL, because Citus takes no parameters in SQL functions.
create or replace function wuyang.person_homes(hashes bytea[]) returns table (id_hash bytea, id bigint, area_code text)
language plpgsql as $$
declare
  lo text := coalesce(current_setting('wuyang.lo', true), '');
  hi text := coalesce(current_setting('wuyang.hi', true), '');
begin
  perform wuyang.lock_identities();
  perform wuyang.set_bounds('', U&'\FFFF');
  return query select p.id_hash, p.id, p.area_code from person p where p.id_hash = any(hashes);
  perform wuyang.set_bounds(lo, hi);
end
$$;

create or replace function wuyang.person_refs(of_register text, refs text[]) returns table (ref text, id bigint, area_code text)
language plpgsql as $$
declare
  lo text := coalesce(current_setting('wuyang.lo', true), '');
  hi text := coalesce(current_setting('wuyang.hi', true), '');
begin
  perform wuyang.lock_identities();
  perform wuyang.set_bounds('', U&'\FFFF');
  return query
    select p.ref, p.id, p.area_code from person p where p.register = of_register and p.ref = any(refs)
    union all
    select a.ref, a.person_id, a.area_code from person_alias a where a.register = of_register and a.ref = any(refs);
  perform wuyang.set_bounds(lo, hi);
end
$$;
