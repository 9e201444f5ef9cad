select batch, receipts_at from intake.batches where state = 'staged'
