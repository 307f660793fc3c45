-- A whole synthetic city, loaded in chunks: what was ordered, and which chunks are done. A killed load goes on after them.

create table city_load (
  -- One city a database.
  only_one boolean primary key default true check (only_one),
  scenario text not null,
  seed integer not null,
  scale double precision not null check (scale > 0 and scale <= 1),
  -- The rest of the order: days of visits, the last of them, and the sizes of the outbreak.
  sizes jsonb not null,
  -- What the chunks are made of; another version of the program must not go on with them.
  plan text not null,
  -- The indexes that were taken away for the time of the load, as they are made again.
  indexes jsonb not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  report jsonb
);
select wuyang.open('city_load');

create table city_load_chunk (
  no integer primary key,
  phase text not null,
  rows bigint not null,
  seconds double precision not null
);
select wuyang.open('city_load_chunk');
