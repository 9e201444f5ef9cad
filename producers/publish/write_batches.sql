copy intake.batches
    (batch, state, dossier, unit, feed, file, sha256, accepted, unchanged, refused, receipts_at, staged_at, notes)
from stdin
