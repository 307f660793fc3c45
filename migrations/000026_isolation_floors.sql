-- The floors of one site, and who waits for a room, as people at a screen read them.

-- An expression, not the column: see room_area.
create index room_site on room (site_id, (id + 0));
-- Small: only who has no room yet, and only who has no vehicle yet.
create index isolation_order_wants_room on isolation_order (area_code, due_at, (id::text))
  where state = 'pending' and site_id is null;
create index isolation_order_wants_vehicle on isolation_order (area_code, due_at, (id::text))
  where state = 'pending' and site_id is not null and transfer_id is null;
-- Whose stretch of the plan ends on which day, for the releases of a village as of a city.
create index isolation_order_ends on isolation_order (area_code, planned_end_day, (id::text)) where state = 'active';

-- Both ends confirm a journey; the name stands beside the account, as it was then.
alter table transfer
  add column departed_by_name text,
  add column arrived_by_name text;
