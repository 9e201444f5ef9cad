insert into store.actions select * from stage_actions on conflict do nothing
