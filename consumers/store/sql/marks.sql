insert into store.marks select * from stage_marks on conflict do nothing
