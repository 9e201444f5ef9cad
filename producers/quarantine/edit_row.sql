update intake.quarantine set sealed = %(sealed)s, line = %(line)s, edited_at = %(at)s where id = %(id)s
