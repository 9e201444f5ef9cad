insert into intake.unit_codes (unit_code, since, unit, branch, batch)
select * from unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::uuid[])
on conflict (unit_code, since) do update set unit = excluded.unit, branch = excluded.branch, batch = excluded.batch
