delete from intake.quarantine where id = any(%s::bigint[])
