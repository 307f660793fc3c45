-- Who met somebody, in one turn: what two questions (stays_of, then visitors_of) told, with the packed part of a person
-- read here, since on a busy machine the turn between the two took as long as the answer. The bytes are those of
-- src/modules/venues/segment.rules.ts, version 2. A row with `own` is a stay of one of the people, numbered by `i`; another
-- is a visit, or (body given) a segment, that may touch the stay of that number. Times are seconds since 2020-01-01 UTC;
-- `gap` is what may lie between two stays, `assumed` the length of a stay nobody ended, `longest` what one counts for at most.
-- A single row without `own` says that a day is packed in another version, and that the two questions must be asked.
create function wuyang.meetings_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer,
  gap integer, assumed integer, longest integer)
returns table (own boolean, i integer, person integer, venue integer, s integer, len integer, body bytea)
language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  part record;
  packed bytea;
  who integer;
  place integer;
  at integer;
  stop integer;
  has_lengths boolean;
  field integer;
  read_to integer;
  shift integer;
  octet integer;
  number integer;
  moment integer;
  where_no integer;
  length_s integer;
  stay_people integer[] := '{}';
  stay_venues integer[] := '{}';
  stay_moments integer[] := '{}';
  stay_lengths integer[] := '{}';
  froms integer[] := '{}';
  tos integer[] := '{}';
begin
  -- Rows before packed days: packing changes both in one moment, so no visit is missed.
  for part in
    select v.person_id, v.venue_no, v.s as moment, coalesce(v.len, -1) as len from visit v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
    union all
    select v.person_id, v.venue_no, v.s, coalesce(v.len, -1) from visit_closing v
      where v.person_id = any(people) and v.day >= first_day and v.day <= last_day and v.s >= from_s and v.s < to_s
  loop
    stay_people := stay_people || part.person_id;
    stay_venues := stay_venues || part.venue_no;
    stay_moments := stay_moments || part.moment;
    stay_lengths := stay_lengths || part.len;
  end loop;
  for part in
    select p.bucket, p.body from visit_by_person p
      where p.bucket = any(buckets) and p.day >= first_day and p.day <= last_day
  loop
    packed := part.body;
    if get_byte(packed, 0) <> 2 then
      return query select null::boolean, 0, 0, 0, 0, 0, null::bytea;
      return;
    end if;
    has_lengths := (get_byte(packed, 1) & 1) = 1;
    foreach who in array people loop
      continue when who >> 6 <> part.bucket;
      place := who & 63;
      at := 134 + case when place = 0 then 0 else get_byte(packed, 4 + 2 * place) | (get_byte(packed, 5 + 2 * place) << 8) end;
      stop := 134 + (get_byte(packed, 6 + 2 * place) | (get_byte(packed, 7 + 2 * place) << 8));
      moment := get_byte(packed, 2) | (get_byte(packed, 3) << 8) | (get_byte(packed, 4) << 16) | (get_byte(packed, 5) << 24);
      read_to := case when has_lengths then 3 else 2 end;
      while at < stop loop
        length_s := -1;
        for field in 1..read_to loop
          number := 0;
          shift := 0;
          loop
            octet := get_byte(packed, at);
            at := at + 1;
            number := number | ((octet & 127) << shift);
            exit when octet < 128;
            shift := shift + 7;
          end loop;
          if field = 1 then
            moment := moment + number;
          elsif field = 2 then
            where_no := number;
          else
            length_s := number - 1;
          end if;
        end loop;
        if moment >= from_s and moment < to_s then
          stay_people := stay_people || who;
          stay_venues := stay_venues || where_no;
          stay_moments := stay_moments || moment;
          stay_lengths := stay_lengths || length_s;
        end if;
      end loop;
    end loop;
  end loop;
  for n in 1..cardinality(stay_people) loop
    length_s := stay_lengths[n];
    froms := froms || (stay_moments[n] - gap);
    tos := tos || (stay_moments[n] + case when length_s < 0 then assumed else least(length_s, longest) end + gap);
  end loop;
  return query
    select true, n::int, p, v, m, l, null::bytea
      from unnest(stay_people, stay_venues, stay_moments, stay_lengths) with ordinality as stay (p, v, m, l, n);
  return query
    select false, w.i::int, v.person_id, w.venue, v.s, coalesce(v.len, -1), null::bytea
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select false, w.i::int, v.person_id, w.venue, v.s, coalesce(v.len, -1), null::bytea
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_closing v
        on v.venue_no = w.venue and v.day >= first_day and v.day <= last_day and v.s >= w.lo - longest and v.s <= w.hi
    union all
    select false, w.i::int, 0, w.venue, c.first_s, -1, c.body
      from unnest(stay_venues, froms, tos) with ordinality as w (venue, lo, hi, i) join visit_by_venue c
        on c.venue_no = w.venue and c.first_s <= w.hi and c.end_s >= w.lo and c.day >= first_day and c.day <= last_day;
end
$$;
