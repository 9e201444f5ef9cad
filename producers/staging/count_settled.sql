select count(*) filter (where state = 'fixed')::int, count(*) filter (where state = 'discarded')::int
from intake.quarantine
where sha256 = %(sha256)s and dossier = %(dossier)s
