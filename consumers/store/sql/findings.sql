-- One row a finding, the last of the batch.
insert into store.findings as f
select * from stage_findings
on conflict (person, fact, what) do update set
    unit = excluded.unit, day = excluded.day, open = excluded.open, cause = excluded.cause,
    partition = excluded.partition, "offset" = excluded."offset", recorded_at = excluded.recorded_at
where excluded."offset" > f."offset"
