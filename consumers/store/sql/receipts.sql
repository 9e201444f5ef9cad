insert into store.receipts select * from stage_receipts on conflict do nothing
