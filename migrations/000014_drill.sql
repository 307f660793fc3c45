-- A drill's own memory: what its actors will do next and where the epidemic stands, saved with each step's work.

create table drill_run (
  id uuid primary key,
  scenario text not null,
  seed integer not null,
  scale double precision not null check (scale > 0 and scale <= 1),
  protocol text not null,
  -- How many parts of the city have been set up; the set-up goes on after a kill where it stopped.
  setup_done smallint not null default 0,
  -- Minutes since the local midnight that begins day 0.
  minute integer not null,
  now_at timestamptz not null,
  state bytea,
  finished_at timestamptz,
  summary jsonb
);
select wuyang.open('drill_run');
