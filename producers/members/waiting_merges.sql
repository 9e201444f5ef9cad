select m.loser, m.winner, m.batch, m.at, f.day, m.receipts_at
from vault.merges m
join intake.facts f on f.batch = m.batch and f.change = 'identity_merged'
    and hashtextextended(f.key, 0) = hashtextextended(replace(m.loser::text, '-', ''), 0) and length(f.key) = 32
where not m.published
order by m.at
