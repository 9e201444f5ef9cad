copy intake.facts (fact, key, version, live, content, past, batch, source, unit, branch, form, dossier, line, day, change, detail)
from stdin
