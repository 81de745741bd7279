-- Quiet hours by the wall clock at the recipient. Who may be in one of several zones is left alone in the quiet hours of each.
-- An ambiguous wall time is its first instant; a missing one moves forward.
create or replace function outbound.wall_instant(wall timestamp, zone text) returns timestamptz
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select case when (wall at time zone zone - interval '1 hour') at time zone zone = wall
    then wall at time zone zone - interval '1 hour' else wall at time zone zone end
$$;
comment on function outbound.wall_instant(timestamp, text) is 'The first instant at which clocks in the zone show this time.';
revoke execute on function outbound.wall_instant(timestamp, text) from public;
grant execute on function outbound.wall_instant(timestamp, text) to omneuro_app;

create or replace function outbound.is_night(wall time, quiet_from time, quiet_until time) returns boolean
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$
  select quiet_from > quiet_until and (wall >= quiet_from or wall < quiet_until)
    or quiet_from < quiet_until and wall >= quiet_from and wall < quiet_until
$$;
comment on function outbound.is_night(time, time, time) is 'Whether clocks that show this time are in quiet hours.';
revoke execute on function outbound.is_night(time, time, time) from public;
grant execute on function outbound.is_night(time, time, time) to omneuro_app;

create or replace function outbound.waking_at(zones text[], quiet_from time, quiet_until time, at timestamptz) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  candidate timestamptz := at;
  moved boolean; wall timestamp; ends timestamp; z text; morning timestamptz; quarter timestamptz;
begin
  if quiet_from = quiet_until then return at; end if;
  -- Each round moves past one zone's night; zones that share no waking hour never settle.
  for round in 1 .. 64 loop
    moved := false;
    foreach z in array zones loop
      wall := candidate at time zone z;
      if outbound.is_night(wall::time, quiet_from, quiet_until) then
        ends := wall::date + quiet_until + case when wall::time >= quiet_until then interval '1 day' else interval '0' end;
        -- Where clocks were set back over the end of the night, it ends a second time.
        morning := case when outbound.wall_instant(ends, z) > candidate then outbound.wall_instant(ends, z)
          else greatest(ends at time zone z, candidate + interval '1 second') end;
        -- Clocks change before it ends: set back over its beginning they show the hour before it once more, set forward over its end they
        -- may show what comes after it early.
        if (morning at time zone z) - (morning at time zone 'UTC') <> wall - (candidate at time zone 'UTC') then
          quarter := date_bin('15 minutes', candidate, 'epoch') + interval '15 minutes';
          while quarter < morning and outbound.is_night((quarter at time zone z)::time, quiet_from, quiet_until) loop
            quarter := quarter + interval '15 minutes';
          end loop;
          morning := least(morning, quarter);
        end if;
        candidate := morning;
        moved := true;
      end if;
    end loop;
    if not moved then return candidate; end if;
  end loop;
  return 'infinity';
end $$;
comment on function outbound.waking_at(text[], time, time, timestamptz) is
  'The first instant from `at` on that is outside quiet hours in every zone; infinity when the zones share none.';
revoke execute on function outbound.waking_at(text[], time, time, timestamptz) from public;
grant execute on function outbound.waking_at(text[], time, time, timestamptz) to omneuro_app;
