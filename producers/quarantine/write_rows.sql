copy intake.quarantine
    (batch, dossier, unit, feed, file, sha256, line, field, reason, first_reason, message, sealed, refused_at, context)
from stdin
