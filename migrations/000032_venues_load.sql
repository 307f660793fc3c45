-- A whole city is loaded at once: venues with numbers of the loader's choosing, and the newest day's visits into a table
-- that gets its indexes when it is full, which takes a fifth of the time.

grant usage, select, update on sequence venue_no_seq to wuyang_app;

-- Makes the table that a day's visits are loaded into; the day must not have begun otherwise.
create function wuyang.begin_visit_load(loaded date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  fresh text := wuyang.part_of('visit_load', loaded);
begin
  if to_regclass(wuyang.part_of('visit', loaded)) is not null then
    raise exception 'visits of % are there already', loaded;
  end if;
  execute format('drop table if exists %I', fresh);
  execute format('create table %I (like visit including defaults including constraints)', fresh);
  execute format('alter table %I add constraint one_day check (day >= %L and day < %L)', fresh, loaded, loaded + 1);
  execute format('grant insert, select on %I to wuyang_app', fresh);
end
$$;

-- Gives the loaded table its indexes and makes it the day's partition.
create function wuyang.end_visit_load(loaded date) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  fresh text := wuyang.part_of('visit_load', loaded);
  part text := wuyang.part_of('visit', loaded);
begin
  execute format('alter table %I add constraint %I primary key (venue_no, s, person_id, day)', fresh, part || '_pkey');
  execute format('create index %I on %I (person_id, s)', part || '_person_id_s_idx', fresh);
  execute format('revoke all on %I from wuyang_app', fresh);
  execute format('alter table %I rename to %I', fresh, part);
  execute format('alter table visit attach partition %I for values from (%L) to (%L)', part, loaded, loaded + 1);
  execute format('alter table %I drop constraint one_day', part);
  return pg_total_relation_size(part::regclass);
end
$$;
