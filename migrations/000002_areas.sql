-- The area tree: every code begins with its parent's code, so an area and all below it are one range.

create table area (
  code text collate "C" primary key,
  parent_code text collate "C" references area (code),
  level text not null check (level in ('country', 'province', 'city', 'county', 'town', 'village')),
  -- The kind within the level: district, county, subdistrict, town, township, village, community.
  kind text not null,
  name text not null,
  name_en text not null,
  population integer not null default 0 check (population >= 0),
  lat double precision,
  lon double precision,
  -- exact, or approximate where no openly licensed position exists.
  position text not null default 'approximate' check (position in ('exact', 'approximate')),
  boundary jsonb,
  check (parent_code is null or starts_with(code, parent_code))
);
create index area_parent on area (parent_code, code);
-- Names of areas are public: everyone reads them; only the import writes.
select wuyang.open('area');

-- Grows with every import, so that maps made from the tree know when they are stale.
create table area_version (
  one boolean primary key default true check (one),
  version bigint not null default 0
);
insert into area_version default values;
select wuyang.open('area_version');
