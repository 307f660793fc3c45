-- Supplies: what there is, where it lies, every movement of it, who asked for it and who got it.

create table supply_item (
  id uuid primary key,
  code text collate "C" not null unique,
  name text not null,
  name_en text not null,
  unit text not null,
  unit_en text not null,
  kind text not null check (kind in ('ppe', 'sampling', 'disinfection', 'medicine', 'food', 'other')),
  perishable boolean not null,
  created_at timestamptz not null
);
select wuyang.open('supply_item');

create table supply_warehouse (
  id uuid primary key,
  area_code text collate "C" not null,
  code text collate "C" not null unique,
  name text not null,
  name_en text not null,
  level text not null check (level in ('city', 'county', 'town', 'site')),
  created_at timestamptz not null
);
create index supply_warehouse_area on supply_warehouse (area_code, code);
select wuyang.protect('supply_warehouse');

-- One batch of an item in one warehouse. I11: the database refuses what would go below zero, or below what is promised.
create table supply_lot (
  id uuid primary key,
  area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  batch text not null,
  -- Null where the thing does not spoil.
  expires_on date,
  on_hand bigint not null check (on_hand >= 0),
  -- Allocated to a request and not yet on the road.
  reserved bigint not null default 0 check (reserved >= 0),
  check (reserved <= on_hand),
  unique (warehouse_id, item_id, batch)
);
create index supply_lot_expiry on supply_lot (area_code, expires_on, (id::text)) where on_hand > 0 and expires_on is not null;
select wuyang.protect('supply_lot');

-- What a warehouse holds of an item, kept by the transaction that moves it.
create table supply_balance (
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  area_code text collate "C" not null,
  on_hand bigint not null check (on_hand >= 0),
  reserved bigint not null default 0 check (reserved >= 0),
  check (reserved <= on_hand),
  first_at timestamptz not null,
  counted_at timestamptz,
  primary key (warehouse_id, item_id)
);
create index supply_balance_list on supply_balance (area_code, (warehouse_id::text), (item_id::text));
select wuyang.protect('supply_balance');

-- The ledger: a wrong movement is answered by another one, never changed.
create table supply_movement (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  lot_id uuid not null references supply_lot (id),
  kind text not null check (kind in ('received', 'donated', 'issued', 'dispatched', 'returned', 'counted', 'expired', 'lost')),
  -- What comes in is positive, what goes out negative; only a count may be either.
  quantity bigint not null check (quantity <> 0),
  check (kind = 'counted' or (quantity > 0) = (kind in ('received', 'donated', 'returned'))),
  at timestamptz not null,
  reference_type text not null,
  reference_id text not null,
  note text not null,
  by text not null
);
create index supply_movement_list on supply_movement (area_code, at desc, seq desc);
create index supply_movement_lot on supply_movement (lot_id, seq);
select wuyang.append_only('supply_movement');
alter table supply_movement enable row level security;
alter table supply_movement force row level security;
create policy jurisdiction on supply_movement using (
  area_code >= (select current_setting('wuyang.lo', true)) and area_code < (select current_setting('wuyang.hi', true)));

-- What left a warehouse on each day, kept on write, so that days left is a look-up and not a scan of the ledger.
create table supply_day (
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  day date not null,
  area_code text collate "C" not null,
  used bigint not null default 0,
  sent bigint not null default 0,
  primary key (warehouse_id, item_id, day)
);
create index supply_day_area on supply_day (area_code, day);
select wuyang.protect('supply_day');

create table supply_count (
  id uuid primary key,
  area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  lot_id uuid not null references supply_lot (id),
  booked bigint not null check (booked >= 0),
  counted bigint not null check (counted >= 0),
  reason text not null,
  at timestamptz not null,
  by text not null,
  -- A difference is explained.
  check (booked = counted or reason <> '')
);
create index supply_count_list on supply_count (area_code, at desc, (id::text));
select wuyang.protect('supply_count');

-- Running low: raised by the clock, cleared when the stock lasts again.
create table supply_alert (
  id uuid primary key,
  area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  item_id uuid not null references supply_item (id),
  raised_at timestamptz not null,
  due_at timestamptz not null,
  days_left double precision not null,
  cleared_at timestamptz
);
create unique index supply_alert_open on supply_alert (warehouse_id, item_id) where cleared_at is null;
create index supply_alert_list on supply_alert (area_code, raised_at desc, (id::text));
select wuyang.protect('supply_alert');

create table supply_request (
  id uuid primary key,
  outbreak_id uuid not null,
  -- Who needs it.
  area_code text collate "C" not null,
  -- Who is asked: the area above, or a neighbour.
  source_area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  no text not null unique,
  state text not null check (state in ('asked', 'approved', 'partly', 'refused', 'allocated', 'dispatched', 'received', 'closed')),
  reason text not null,
  asked_at timestamptz not null,
  asked_by text not null,
  needed_by timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision text not null default '',
  closed_at timestamptz,
  closed_by text,
  check ((state in ('refused', 'closed')) = (closed_at is not null)),
  check (state = 'asked' or decided_at is not null),
  check (source_area_code <> area_code)
);
create index supply_request_list on supply_request (area_code, asked_at desc, (id::text));
create index supply_request_source on supply_request (source_area_code, asked_at desc, (id::text));
select wuyang.protect('supply_request');
-- Whoever is asked reads and answers it, wherever it comes from.
create policy source_jurisdiction on supply_request using (
  source_area_code >= (select current_setting('wuyang.lo', true)) and source_area_code < (select current_setting('wuyang.hi', true)));

create table supply_request_line (
  request_id uuid not null references supply_request (id),
  item_id uuid not null references supply_item (id),
  area_code text collate "C" not null,
  source_area_code text collate "C" not null,
  asked bigint not null check (asked > 0),
  approved bigint check (approved >= 0 and approved <= asked),
  primary key (request_id, item_id)
);
create index supply_request_line_area on supply_request_line (area_code);
select wuyang.protect('supply_request_line');
create policy source_jurisdiction on supply_request_line using (
  source_area_code >= (select current_setting('wuyang.lo', true)) and source_area_code < (select current_setting('wuyang.hi', true)));

-- One load of one vehicle.
create table supply_dispatch (
  id uuid primary key,
  request_id uuid not null unique references supply_request (id),
  area_code text collate "C" not null,
  source_area_code text collate "C" not null,
  vehicle text not null,
  departed_at timestamptz not null,
  due_at timestamptz not null,
  received_at timestamptz,
  received_by text
);
create index supply_dispatch_area on supply_dispatch (area_code, due_at);
select wuyang.protect('supply_dispatch');
create policy source_jurisdiction on supply_dispatch using (
  source_area_code >= (select current_setting('wuyang.lo', true)) and source_area_code < (select current_setting('wuyang.hi', true)));

-- Which lot serves which line; it names batch and expiry, since the receiver may not look into the other's warehouse.
create table supply_allocation (
  id uuid primary key,
  request_id uuid not null references supply_request (id),
  area_code text collate "C" not null,
  source_area_code text collate "C" not null,
  item_id uuid not null references supply_item (id),
  lot_id uuid not null,
  batch text not null,
  expires_on date,
  quantity bigint not null check (quantity > 0),
  received bigint check (received >= 0),
  -- Why another quantity arrived than was sent.
  discrepancy text not null default '',
  settled_at timestamptz,
  settlement text not null default '',
  check (received is null or received = quantity or discrepancy <> ''),
  unique (request_id, lot_id)
);
create index supply_allocation_area on supply_allocation (area_code);
select wuyang.protect('supply_allocation');
create policy source_jurisdiction on supply_allocation using (
  source_area_code >= (select current_setting('wuyang.lo', true)) and source_area_code < (select current_setting('wuyang.hi', true)));

create table supply_donation (
  id uuid primary key,
  area_code text collate "C" not null,
  warehouse_id uuid not null references supply_warehouse (id),
  receipt_no text not null,
  -- An organisation; of a person only the receipt's number is kept.
  giver_kind text not null check (giver_kind in ('organisation', 'person')),
  giver text not null,
  check (giver_kind = 'organisation' or giver = ''),
  item_id uuid not null references supply_item (id),
  lot_id uuid not null references supply_lot (id),
  quantity bigint not null check (quantity > 0),
  at timestamptz not null,
  by text not null,
  unique (receipt_no, lot_id)
);
create index supply_donation_list on supply_donation (area_code, at desc, (id::text));
select wuyang.protect('supply_donation');

-- Things carried to a household or a grid of a village; no name, only the grid and the house's number.
create table supply_delivery (
  id uuid primary key,
  outbreak_id uuid not null,
  area_code text collate "C" not null,
  no text not null unique,
  grid text not null,
  household text not null,
  need text not null,
  state text not null check (state in ('asked', 'sent', 'delivered', 'returned', 'refused')),
  asked_at timestamptz not null,
  asked_by text not null,
  due_at timestamptz not null,
  warehouse_id uuid,
  sent_at timestamptz,
  ended_at timestamptz,
  -- Somebody of the household signed for it.
  signed boolean,
  note text not null default '',
  check ((state in ('delivered', 'returned', 'refused')) = (ended_at is not null)),
  check (state not in ('sent', 'delivered', 'returned') or (sent_at is not null and warehouse_id is not null)),
  check ((state = 'delivered') = (signed is not null))
);
create index supply_delivery_list on supply_delivery (area_code, due_at desc, (id::text));
select wuyang.protect('supply_delivery');

create table supply_delivery_line (
  delivery_id uuid not null references supply_delivery (id),
  item_id uuid not null references supply_item (id),
  area_code text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  primary key (delivery_id, item_id)
);
create index supply_delivery_line_area on supply_delivery_line (area_code);
select wuyang.protect('supply_delivery_line');

-- Which lots a delivery took, so that what comes back goes back where it came from.
create table supply_delivery_lot (
  delivery_id uuid not null references supply_delivery (id),
  lot_id uuid not null references supply_lot (id),
  area_code text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  primary key (delivery_id, lot_id)
);
create index supply_delivery_lot_area on supply_delivery_lot (area_code);
select wuyang.protect('supply_delivery_lot');
