update intake.quarantine set state = 'discarded', settled_at = %(at)s, why = %(why)s where id = any(%(ids)s)
