with codes as (delete from intake.unit_codes where batch = any(%(lost)s)),
     aliases as (delete from intake.dossier_aliases where batch = any(%(lost)s)),
     held as (delete from intake.quarantine where batch = any(%(lost)s)),
     again as (
         update intake.quarantine set state = 'waiting', settled_at = null, settled_batch = null
         where settled_batch = any(%(lost)s) and batch <> all(%(lost)s)
     ),
     corrections as (delete from intake.corrections where batch = any(%(lost)s)),
     images as (delete from intake.undo where batch = any(%(lost)s))
delete from intake.batches where batch = any(%(lost)s)
