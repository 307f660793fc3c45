-- The registers that are brought together, their rows, and who is linked to whom, by what, and undone why.

create table person_register (
  code text primary key,
  -- The reporter's own area.
  area_code text collate "C" not null,
  kind text not null check (kind in ('population', 'coInvestigation', 'trade')),
  owner text not null,
  -- Since when its owner was asked to report electronically, and since when it does.
  asked_on date not null,
  electronic_since date check (electronic_since >= asked_on),
  created_at timestamptz not null
);
create index person_register_list on person_register (area_code, code);
select wuyang.protect('person_register');

create table person_entry (
  id uuid primary key,
  register text not null references person_register (code),
  -- The row's own number in its register.
  ref text not null,
  area_code text collate "C" not null,
  name text not null,
  birth_date date,
  sex text not null check (sex in ('male', 'female', 'unknown')),
  address text not null,
  -- What the identity number was: only a valid one is kept, encrypted, with its keyed hash.
  id_state text not null check (id_state in ('valid', 'invalid', 'missing')),
  id_kind text check (id_kind in ('residentId', 'passport', 'hkMacaoPermit', 'taiwanPermit', 'foreignPermit', 'other')),
  id_hash bytea,
  id_enc bytea,
  phone_hash bytea,
  phone_enc bytea,
  person_id bigint,
  state text not null check (state in ('new', 'review', 'linked', 'rejected')),
  received_at timestamptz not null,
  -- When it was last compared with the register of people; null before.
  compared_at timestamptz,
  unique (register, ref),
  check ((state = 'linked') = (person_id is not null)),
  check ((id_state = 'valid') = (id_hash is not null) and (id_hash is null) = (id_enc is null) and (id_hash is null) = (id_kind is null)),
  check ((phone_hash is null) = (phone_enc is null))
);
create index person_entry_list on person_entry (area_code, (id::text));
create index person_entry_review on person_entry (area_code, received_at) where state = 'review';
create index person_entry_waiting on person_entry (register, ref) where compared_at is null;
create index person_entry_person on person_entry (person_id) where person_id is not null;
select wuyang.protect('person_entry');

-- Whom an entry may be, with the parts of the score, for the review queue.
create table person_candidate (
  entry_id uuid not null references person_entry (id) on delete cascade,
  person_id bigint not null,
  area_code text collate "C" not null,
  score double precision not null,
  parts jsonb not null,
  primary key (entry_id, person_id)
);
create index person_candidate_area on person_candidate (area_code);
select wuyang.protect('person_candidate');

-- Every decision that linked an entry to a person; undoing one adds to its row and removes nothing.
create table person_link (
  id uuid primary key,
  entry_id uuid not null references person_entry (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  how text not null check (how in ('exactId', 'exactPhoneName', 'byHand', 'newPerson')),
  score double precision,
  decided_by text not null,
  decided_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  undone_why text,
  check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_why is null))
);
create unique index person_link_standing on person_link (entry_id) where undone_at is null;
create index person_link_area on person_link (area_code);
select wuyang.protect('person_link');

-- Candidates are searched among people of one day of birth, or of one name.
create index person_birth on person (birth_date, area_code);
create index person_name on person (name, area_code);
