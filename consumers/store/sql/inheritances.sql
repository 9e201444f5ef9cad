insert into store.inheritances select * from stage_inheritances on conflict do nothing
