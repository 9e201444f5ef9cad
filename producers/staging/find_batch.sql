select 1 from intake.batches where sha256 = %s and dossier = %s limit 1
