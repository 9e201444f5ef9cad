select distinct line from intake.quarantine where sha256 = %s
