select at, who, did, said from intake.quarantine_log where held = %s order by id
