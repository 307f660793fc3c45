-- What a database needs that was spread by Citus and then restored into one PostgreSQL, run by «wuyang db gather»: each part
-- of distributed.sql undone. It changes nothing in a database that was never prepared for Citus.

-- The bounds are read once a statement again.
do $$
declare
  fenced record;
begin
  for fenced in
    select tablename, policyname from pg_policies
    where schemaname = 'public' and tablename in ('person', 'sample', 'absence', 'person_control') and qual not ilike '%select%'
  loop
    execute format(
      'alter policy %I on %I using (area_code >= (select current_setting(''wuyang.lo'', true)) and area_code < (select current_setting(''wuyang.hi'', true)))',
      fenced.policyname, fenced.tablename);
  end loop;
end
$$;

-- An identity that was registered twice meanwhile stops this, and PostgreSQL names it by its hash.
do $$
begin
  if exists (select from pg_index where indexrelid = to_regclass('person_identity') and not indisunique) then
    drop index person_identity;
    create unique index person_identity on person (id_hash) where id_hash is not null;
  end if;
  if exists (select from pg_index where indexrelid = to_regclass('person_ref') and not indisunique) then
    drop index person_ref;
    create unique index person_ref on person (register, ref) where ref is not null;
  end if;
end
$$;

do $$
begin
  if not exists (select from pg_constraint where conname = 'absence_round_id_fkey') then
    alter table absence add constraint absence_round_id_fkey foreign key (round_id) references round (id);
  end if;
  if not exists (select from pg_constraint where conname = 'person_alias_person_id_fkey') then
    alter table person_alias add constraint person_alias_person_id_fkey foreign key (person_id) references person (id) on delete cascade;
  end if;
end
$$;

do $$
declare
  asked text;
begin
  foreach asked in array array['stays_of', 'visitors_of', 'meetings_of'] loop
    if exists (select from pg_proc where pronamespace = 'wuyang'::regnamespace and proname = asked || '_here') then
      execute format('drop function wuyang.%I', asked);
      execute format('alter function wuyang.%I rename to %I', asked || '_here', asked);
    end if;
  end loop;
end
$$;
