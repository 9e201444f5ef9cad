select id, sealed from intake.quarantine where id > %s order by id limit %s
