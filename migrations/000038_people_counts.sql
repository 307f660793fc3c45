-- How many people of the register live in each village, as of one moment; who has registered since is found by
-- person_registered and counted with them. A trigger that kept the counts would have every import of a county wait for
-- every other, and no table that is spread over machines may have one.

create table person_count (
  area_code text collate "C" primary key,
  people integer not null
);
select wuyang.protect('person_count');

create table person_counted (
  -- One moment for all villages.
  only_one boolean primary key default true check (only_one),
  at timestamptz not null
);
select wuyang.open('person_counted');
