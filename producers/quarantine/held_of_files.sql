select distinct sha256, line, first_reason from intake.quarantine where sha256 = any(%s)
