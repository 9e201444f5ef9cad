-- What still names a lost batch after that was new in it.
delete from intake.facts where batch = any(%(lost)s)
