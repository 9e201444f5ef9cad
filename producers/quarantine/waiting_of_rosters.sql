-- Rows of these roster files that still wait and are not among those that go out now.
select context, sealed
from intake.quarantine
where state = 'waiting' and feed = 'roster' and sha256 = any(%(files)s) and id <> all(%(ids)s)
