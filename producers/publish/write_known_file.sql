insert into intake.known_files (sha256, dossier, known_at) values (%s, %s, %s)
on conflict (sha256, dossier) do nothing
