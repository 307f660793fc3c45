-- Checkpoints and exposed posts get a place on the map: latitude and longitude (WGS 84) together, or neither.
alter table inbound_checkpoint add column lat double precision;
alter table inbound_checkpoint add column lon double precision;
alter table inbound_checkpoint add check ((lat is null) = (lon is null));
alter table inbound_post add column lat double precision;
alter table inbound_post add column lon double precision;
alter table inbound_post add check ((lat is null) = (lon is null));
