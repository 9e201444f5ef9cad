insert into intake.areas (code, level, parent, first_day, last_day) values (%s, %s, %s, %s, %s)
on conflict (code, first_day) do update set level = excluded.level, parent = excluded.parent, last_day = excluded.last_day
