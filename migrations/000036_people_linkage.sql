-- Registers of millions of rows: what a row said is written once, what was decided about it stands beside it, and the
-- figures of a register are kept, not counted.

-- The rows of every area are moved, whoever runs this.
select set_config('wuyang.lo', '', true), set_config('wuyang.hi', U&'\FFFF', true);

-- Entries are numbered as they arrive: eight bytes that grow, where a random key touches another page with every row.
alter table person_entry add column no bigint generated always as identity;
-- The same number once more, for lists. With the key itself in the index of a list the planner answers look-ups by key through
-- that index (see person_area), and an expression of it is no index condition under row-level security, because addition is
-- not leakproof: a list would be read from its village's beginning.
alter table person_entry add column place bigint generated always as (no) stored;

-- Who an entry is linked to. No foreign key to the entry: checking one locks, and so rewrites, the entry itself.
alter table person_link add column entry_no bigint, add column register text;
update person_link l set entry_no = e.no, register = e.register from person_entry e where e.id = l.entry_id;
drop index person_link_standing;
drop index person_link_area;
alter table person_link drop column id, drop column entry_id,
  alter column entry_no set not null, alter column register set not null;
create unique index person_link_standing on person_link (entry_no) where undone_at is null;
-- What a person has taken back, so that no machine does it again.
create index person_link_undone on person_link (entry_no) where undone_at is not null;
-- Whether a register has named a person before.
create index person_link_person on person_link (person_id, register) where undone_at is null;

-- Whom an entry may be. The parts of the score are seven words in the order of the rules; as JSON they took four times as much.
alter table person_candidate add column entry_no bigint, add column words text;
update person_candidate c set entry_no = e.no, words = concat_ws(',', c.parts ->> 'name', c.parts ->> 'birth', c.parts ->> 'sex',
  c.parts ->> 'phone', c.parts ->> 'address', c.parts ->> 'area', c.parts ->> 'identity')
from person_entry e where e.id = c.entry_id;
drop index person_candidate_area;
alter table person_candidate drop column entry_id, drop column parts, alter column entry_no set not null,
  alter column words set not null;
alter table person_candidate rename column words to parts;
alter table person_candidate add primary key (entry_no, person_id);

-- Entries that were compared and are linked to nobody, with the keys by which somebody who registers later finds them.
create table person_open (
  entry_no bigint primary key,
  register text not null,
  area_code text collate "C" not null,
  -- new: nobody was found; review: a person decides; rejected: a person decided that it is nobody.
  state text not null check (state in ('new', 'review', 'rejected')),
  received_at timestamptz not null,
  name text not null,
  birth_date date,
  id_hash bytea,
  phone_hash bytea,
  -- As in person_entry; and the county as a column, because an expression of the area could not be searched by either.
  place bigint generated always as (entry_no) stored,
  county text collate "C" generated always as (left(area_code, 6)) stored
);
insert into person_open (entry_no, register, area_code, state, received_at, name, birth_date, id_hash, phone_hash)
  select no, register, area_code, state, received_at, name, birth_date, id_hash, phone_hash from person_entry
  where state in ('review', 'rejected') or (state = 'new' and compared_at is not null);
create index person_open_list on person_open (state, area_code, place);
create index person_open_identity on person_open (id_hash) where id_hash is not null;
create index person_open_phone on person_open (phone_hash) where phone_hash is not null;
-- County first: a register is compared county by county, so the index grows in one place at a time.
create index person_open_birth on person_open (county, birth_date) where birth_date is not null;
create index person_open_name on person_open (county, name);
select wuyang.protect('person_open');

-- What each register holds of each village, and how far it was compared: every entry of the village whose number is
-- above `compared_to` waits, but for the `ahead` of them that a person has decided before.
create table person_entry_count (
  register text not null,
  area_code text collate "C" not null,
  entries integer not null default 0,
  with_id integer not null default 0,
  valid_id integer not null default 0,
  linked integer not null default 0,
  -- Linked entries beyond the first of each person.
  repeated integer not null default 0,
  review integer not null default 0,
  unmatched integer not null default 0,
  rejected integer not null default 0,
  compared_to bigint not null default 0,
  ahead integer not null default 0,
  primary key (register, area_code)
) with (fillfactor = 50);
create index person_entry_count_area on person_entry_count (area_code, register);
select wuyang.protect('person_entry_count');
insert into person_entry_count (register, area_code, entries, with_id, valid_id, linked, repeated, review, unmatched, rejected, ahead)
  select register, area_code, count(*), count(*) filter (where id_state <> 'missing'), count(*) filter (where id_state = 'valid'),
    count(*) filter (where state = 'linked'), 0, count(*) filter (where state = 'review'),
    count(*) filter (where state = 'new' and compared_at is not null), count(*) filter (where state = 'rejected'),
    count(*) filter (where state <> 'new' or compared_at is not null)
  from person_entry group by register, area_code;
update person_entry_count c set repeated = again.n
from (
  select register, area_code, count(*) as n
  from (select register, area_code, row_number() over (partition by register, person_id order by no) as nth
        from person_entry where person_id is not null) as named
  where nth > 1 group by register, area_code) as again
where again.register = c.register and again.area_code = c.area_code;

drop index person_entry_list;
drop index person_entry_review;
drop index person_entry_waiting;
drop index person_entry_person;
alter table person_entry drop constraint person_entry_register_fkey, drop column id, drop column person_id, drop column state,
  drop column compared_at, add primary key (no);
create index person_entry_list on person_entry (area_code, register, place);

-- One run over the waiting entries of a register: asked for by somebody, worked by whichever process, seen by all.
create table person_link_run (
  no bigint generated always as identity primary key,
  register text not null references person_register (code),
  -- The register's area, for those who may see the run.
  area_code text collate "C" not null,
  -- The jurisdiction of who asked: nothing outside it is compared.
  within text collate "C" not null,
  state text not null check (state in ('running', 'done', 'cancelled')),
  started_by text not null,
  started_name text not null,
  started_at timestamptz not null,
  touched_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  -- Working time, so that the rate does not count the hours in which nobody worked.
  worked_ms bigint not null default 0,
  total integer not null,
  done integer not null default 0,
  linked integer not null default 0,
  review integer not null default 0,
  unmatched integer not null default 0,
  check ((state = 'running') = (ended_at is null))
);
create unique index person_link_run_open on person_link_run (register) where state = 'running';
select wuyang.protect('person_link_run');

-- People who came or changed since the open entries were compared, as runs of neighbouring ids.
create table person_arrival (
  no bigint generated always as identity primary key,
  first_id bigint not null,
  last_id bigint not null check (last_id >= first_id)
);
select wuyang.open('person_arrival');

-- A phone is looked up for its first owners only: with the id in the index the others are not read.
drop index person_phone;
create index person_phone on person (phone_hash, (id + 0)) where phone_hash is not null;

-- The day of birth that a swapped month and day may stand for.
create function wuyang.swapped_day(day date) returns date language sql immutable parallel safe as $$
  select case when extract(day from day) <= 12 and extract(day from day) <> extract(month from day)
    then make_date(extract(year from day)::int, extract(day from day)::int, extract(month from day)::int) end
$$;
grant execute on function wuyang.swapped_day(date) to wuyang_app;
