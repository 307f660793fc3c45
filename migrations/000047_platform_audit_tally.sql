-- Calls that share a transaction are counted here by their sender and written to the audit every few minutes as one line:
-- a line for each group would be nearly a line for each scan of a city's phones, twenty times what the scan itself takes.
-- The counts are part of the calls' own transaction, so none is lost with a process. A row is of one connection to the
-- database, so that groups under way at the same time never wait for each other at a sender's row.
create table audit_tally (
  connection integer not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  area_code text collate "C" not null,
  since timestamptz not null,
  count integer not null,
  primary key (connection, actor_id, action, area_code)
) with (fillfactor = 50);
select wuyang.open('audit_tally');
