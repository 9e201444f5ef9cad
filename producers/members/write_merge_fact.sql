insert into intake.facts
    (fact, key, version, live, content, batch, source, unit, branch, form, dossier, line, day, change)
values (%(fact)s::uuid, %(key)s, 1, true, '', %(batch)s::uuid, %(source)s, '', '', %(source)s, %(dossier)s, '1', %(day)s::date,
        'identity_merged')
