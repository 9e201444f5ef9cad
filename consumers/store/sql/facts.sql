-- Some of these are there already: an offset was moved back by hand, or the same version is on the log twice.
insert into store.facts select * from stage_facts order by "offset" on conflict do nothing
