-- The recount of the counters kept by `coverage` against the rows that they count.

-- With the round and the village in it, a recount reads this index alone, in the order of tubes, and so does every
-- step of a tube; the swabs of one tube and village are one entry of it, so it grows by half and not fivefold.
drop index sample_tube;
create index sample_tube on sample (tube_id, round_id, area_code);
-- The same for tubes, whose states a round's page counts as well.
drop index tube_round;
create index tube_round on tube (round_id, id) include (area_code, state, result);
-- An index is read alone only where the table's pages are known to be seen by all. At the default of a fifth, a round
-- of nine million swabs after nine others would stay unknown until the next one.
alter table sample set (autovacuum_vacuum_insert_scale_factor = 0.02);

-- One recount of one round. Like its round it is bound to no reader's area; its differences are.
create table reconciliation (
  id uuid primary key,
  -- The order in which they were made; several may bear one moment of the outbreak's clock.
  no bigint generated always as identity,
  round_id uuid not null references round (id),
  at timestamptz not null,
  -- In the night, asked for by somebody, or made to set the counters right.
  reason text not null check (reason in ('nightly', 'asked', 'setRight')),
  villages integer not null check (villages >= 0),
  differing integer not null check (differing between 0 and villages),
  differences integer not null check (differences >= differing),
  -- How long counting and comparing took on the machine's own clock.
  ms integer not null check (ms >= 0),
  actor_id text not null
);
create unique index reconciliation_round on reconciliation (round_id, no);
select wuyang.open('reconciliation');

-- What a recount found, by village and counter, with the causes as far as rows tell:
-- [{"cause": "registeredLater", "people": 3}], whose people add up to counted - kept.
create table reconciliation_difference (
  reconciliation_id uuid not null references reconciliation (id),
  area_code text collate "C" not null,
  counter text not null check (counter in (
    'due', 'excused', 'collected', 'sampled', 'atSite', 'inTransit', 'received', 'resulted', 'positive', 'lost')),
  counted integer not null check (counted >= 0),
  kept integer not null,
  causes jsonb not null,
  primary key (reconciliation_id, area_code, counter),
  check (counted <> kept)
);
create index reconciliation_difference_area on reconciliation_difference (area_code);
select wuyang.protect('reconciliation_difference');
