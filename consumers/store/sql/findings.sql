insert into store.findings as f
select distinct on (person, fact, what) * from stage_findings order by person, fact, what, "offset" desc
on conflict (person, fact, what) do update set
    unit = excluded.unit, day = excluded.day, open = excluded.open, cause = excluded.cause,
    partition = excluded.partition, "offset" = excluded."offset", recorded_at = excluded.recorded_at
where excluded."offset" > f."offset"
