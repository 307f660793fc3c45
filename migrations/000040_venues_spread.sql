-- Packing a day where Citus spreads the visits: the new tables are spread before they are filled, beside the table they
-- will be a part of, and their size is that of all machines.

create function wuyang.spread_beside(target text, parent text, spread_by text) returns void language plpgsql as $$
begin
  if wuyang.is_spread(parent::regclass) then
    execute 'select create_distributed_table($1, $2, colocate_with := $3)' using target, spread_by, parent;
  end if;
end
$$;

create function wuyang.size_of(target text) returns bigint language plpgsql as $$
declare
  bytes bigint := pg_total_relation_size(target::regclass);
begin
  if wuyang.is_spread(target::regclass) then
    execute 'select citus_total_relation_size($1::regclass)' into bytes using target;
  end if;
  return bytes;
end
$$;

create or replace function wuyang.begin_visit_seal(sealed date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  fresh text;
begin
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    execute format('drop table if exists %I', fresh);
    execute format('create table %I (like %I including defaults including storage)', fresh, parent);
    execute format('alter table %I add check (day >= %L and day < %L)', fresh, sealed, sealed + 1);
    execute format('alter table %I alter column day set default %L', fresh, sealed);
    execute format('grant insert, select on %I to wuyang_app', fresh);
    perform wuyang.spread_beside(fresh, parent, case parent when 'visit_by_venue' then 'venue_no' else 'bucket' end);
  end loop;
end
$$;

create or replace function wuyang.end_visit_seal(sealed date, visits bigint, codec smallint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  fresh text;
  part text;
  bytes bigint := 0;
begin
  -- What takes time comes first: from the first swap on, readers wait.
  execute format('create index on %I (venue_no, first_s, end_s)', wuyang.part_of('visit_by_venue_new', sealed));
  execute format('create index on %I (bucket)', wuyang.part_of('visit_by_person_new', sealed));
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    execute format('analyze %I', fresh);
    execute format('revoke insert on %I from wuyang_app', fresh);
    bytes := bytes + wuyang.size_of(fresh);
  end loop;
  foreach parent in array array['visit_by_venue', 'visit_by_person'] loop
    fresh := wuyang.part_of(parent || '_new', sealed);
    part := wuyang.part_of(parent, sealed);
    execute format('drop table if exists %I', part);
    execute format('alter table %I rename to %I', fresh, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, sealed, sealed + 1);
  end loop;
  execute format('drop table if exists %I', wuyang.part_of('visit_closing', sealed));
  insert into visit_seal values (sealed, visits, bytes, codec, at)
    on conflict (day) do update set visits = excluded.visits, bytes = excluded.bytes, codec = excluded.codec, sealed_at = excluded.sealed_at;
  return bytes;
end
$$;
