select batch, dossier, file, accepted, unchanged, refused, staged_at
from intake.batches
where sha256 = any(%s) and state = 'done'
order by staged_at
