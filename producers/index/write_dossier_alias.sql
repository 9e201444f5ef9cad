insert into intake.dossier_aliases (source, unit, alias, dossier, batch) values (%s, %s, %s, %s, %s)
on conflict (source, unit, alias) do update set dossier = excluded.dossier, batch = excluded.batch
