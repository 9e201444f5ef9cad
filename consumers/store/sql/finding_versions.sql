insert into store.finding_versions select * from stage_finding_versions on conflict do nothing
