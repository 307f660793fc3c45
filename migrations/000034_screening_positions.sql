-- Laboratories get a place on the map, as sampling sites have one: latitude and longitude (WGS 84) together, or neither.
alter table lab add column lat double precision;
alter table lab add column lon double precision;
alter table lab add check ((lat is null) = (lon is null));
