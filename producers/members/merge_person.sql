-- Also the ids that had been merged into the loser: a signpost always names the one that stays.
update vault.persons
set merged_into = %(winner)s::uuid, recorded_at = %(now)s,
    record = null, name_index = null, card_index = null
where id = %(loser)s::uuid or merged_into = %(loser)s::uuid
