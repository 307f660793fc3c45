-- Tracing: investigations, tracks, exposures, contacts, their hand-over between counties, and links between cases.

create table investigation (
  id uuid primary key,
  outbreak_id uuid not null,
  case_id uuid not null unique,
  person_id bigint not null,
  area_code text collate "C" not null,
  state text not null check (state in ('open', 'done', 'cancelled')),
  opened_at timestamptz not null,
  core_due_at timestamptz,
  core_done_at timestamptz,
  core_done_by text,
  report_due_at timestamptz,
  report_done_at timestamptz,
  report_done_by text,
  -- Exposures in [window_from, window_to) count; both move when onset or isolation become known.
  window_from timestamptz,
  window_to timestamptz,
  -- Written by the identification, which sees every county; the tracer who asked reads them here.
  identified_at timestamptz,
  close_found integer not null default 0,
  secondary_found integer not null default 0,
  general_found integer not null default 0
);
create index investigation_area on investigation (area_code, opened_at desc, id desc);
select wuyang.protect('investigation');

create table track (
  id uuid primary key,
  outbreak_id uuid not null,
  case_id uuid not null,
  area_code text collate "C" not null,
  -- A venue of the register, or a place in words.
  venue_id uuid,
  place text,
  setting text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  source text not null check (source in ('visit', 'household', 'workplace', 'interview')),
  added_at timestamptz not null,
  check (venue_id is not null or place is not null),
  check (to_at >= from_at)
);
create index track_case on track (case_id, from_at);
create index track_area on track (area_code);
select wuyang.protect('track');

create table contact (
  id uuid primary key,
  outbreak_id uuid not null,
  person_id bigint not null,
  area_code text collate "C" not null,
  -- The case behind the strictest exposure; of a secondary contact, the case of the contact linked to.
  case_id uuid not null,
  linked_contact_id uuid references contact (id),
  kind text not null check (kind in ('close', 'secondary', 'general')),
  criterion_id text not null,
  rule_id text not null,
  setting text not null,
  higher_risk boolean not null,
  last_exposure_at timestamptz not null,
  identified_at timestamptz not null,
  due_at timestamptz,
  ordered_at timestamptz,
  placed_at timestamptz,
  released_at timestamptz,
  state text not null check (state in ('identified', 'ordered', 'placed', 'handedOver', 'excluded', 'released', 'converted')),
  excluded_reason text,
  escalated_from text,
  escalated_at timestamptz,
  converted_case_id uuid,
  -- Negative tests since identification: the escalation of linked contacts asks for the first ones.
  negative_tests integer not null default 0,
  source text not null check (source in ('tracing', 'import')),
  check ((state = 'excluded') = (excluded_reason is not null)),
  check ((state = 'converted') = (converted_case_id is not null)),
  check (kind <> 'secondary' or linked_contact_id is not null)
);
-- TRACE-9: one open contact record a person, whatever the number of cases met.
create unique index contact_open on contact (outbreak_id, person_id) where state in ('identified', 'ordered', 'placed');
-- A list sent twice makes no second record.
create unique index contact_imported on contact (outbreak_id, person_id) where source = 'import';
create index contact_list on contact (area_code, identified_at desc, id desc);
create index contact_case on contact (case_id, kind);
create index contact_person on contact (person_id);
create index contact_linked on contact (linked_contact_id) where linked_contact_id is not null;
create index contact_due on contact (due_at) where state in ('identified', 'ordered');
select wuyang.protect('contact');

create table exposure (
  id uuid primary key,
  outbreak_id uuid not null,
  case_id uuid not null,
  -- Set when the person met a contact of the case, not the case.
  via_contact_id uuid references contact (id),
  person_id bigint not null,
  area_code text collate "C" not null,
  -- What makes two findings of one meeting the same.
  key text not null,
  setting text not null,
  venue_id uuid,
  place text,
  last_at timestamptz not null,
  overlap_minutes integer not null check (overlap_minutes >= 0),
  gap_minutes integer not null check (gap_minutes >= 0),
  protected boolean not null default false,
  source text not null check (source in ('household', 'workplace', 'visit', 'tube', 'interview', 'import')),
  -- What the protocol made of it; null when no criterion fits.
  class text check (class in ('close', 'secondary', 'general')),
  criterion_id text,
  rule_id text,
  protocol_version text not null,
  found_at timestamptz not null,
  unique (person_id, case_id, key),
  check ((class is null) = (rule_id is null))
);
create index exposure_case on exposure (case_id);
create index exposure_area on exposure (area_code);
select wuyang.protect('exposure');

-- A contact offered to another county; the row belongs to the county that must answer.
create table contact_handover (
  id uuid primary key,
  outbreak_id uuid not null,
  contact_id uuid not null references contact (id),
  area_code text collate "C" not null,
  from_area text collate "C" not null,
  -- The county lies outside this outbreak: the answer comes by letter and the contact leaves the books.
  outside boolean not null,
  note text not null,
  offered_at timestamptz not null,
  offered_by text not null,
  due_at timestamptz not null,
  answer text check (answer in ('accepted', 'refused')),
  answered_at timestamptz,
  answered_by text,
  reason text,
  check ((answer is null) = (answered_at is null)),
  check (answer is distinct from 'refused' or reason is not null)
);
create unique index contact_handover_open on contact_handover (contact_id) where answer is null;
create index contact_handover_area on contact_handover (area_code, offered_at);
select wuyang.protect('contact_handover');

-- What a line list says of two cases without saying who infected whom, or with several possible infectors.
create table case_link (
  outbreak_id uuid not null,
  case_a uuid not null,
  case_b uuid not null,
  area_code text collate "C" not null,
  relation text not null,
  directed boolean not null,
  setting text not null,
  primary key (case_a, case_b, relation),
  check (case_a <> case_b)
);
create index case_link_area on case_link (area_code);
create index case_link_b on case_link (case_b);
select wuyang.protect('case_link');
