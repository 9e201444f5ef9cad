insert into store.receipt_refusals select * from stage_receipt_refusals on conflict do nothing
