-- What several server processes on one database count together.

-- Requests of one sender to one guarded route within the running window. Unlogged: a crash forgets a minute's counts,
-- and counting an attempt costs no flush to disk. The key is a hash, so no address of anybody is kept.
create unlogged table rate_window (
  key bytea primary key,
  count integer not null,
  ends_at timestamptz not null
);
select wuyang.open('rate_window');
