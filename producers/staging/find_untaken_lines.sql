-- Rows of a file that were refused and never came in: they wait, or were given up.
select distinct dossier, unit, line from intake.quarantine where sha256 = %s and state <> 'fixed'
