insert into store.register_facts select * from stage_register_facts order by "offset" on conflict do nothing
