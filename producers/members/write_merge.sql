insert into vault.merges (loser, winner, by, why, at, batch, receipts_at, published)
values (%s::uuid, %s::uuid, %s, %s, %s, %s::uuid, %s::jsonb, false)
