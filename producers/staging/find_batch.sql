select 1 from intake.batches where sha256 = %(sha256)s and dossier = %(dossier)s
union all
select 1 from intake.known_files where sha256 = %(sha256)s and dossier = %(dossier)s
limit 1
