copy intake.quarantine (batch, dossier, unit, feed, file, sha256, line, field, reason, message, sealed, refused_at) from stdin
