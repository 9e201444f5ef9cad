select distinct sha256, line, reason from intake.quarantine where sha256 = any(%s)
