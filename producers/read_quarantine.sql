select id, dossier, unit, feed, file, line, field, reason, message, refused_at, sealed
from intake.quarantine
where %(dossier)s = '' or dossier = %(dossier)s
order by id desc
limit %(limit)s
