insert into intake.quarantine_log (held, at, who, did, said)
select unnest(%(ids)s::bigint[]), %(at)s, %(who)s, %(did)s, unnest(%(said)s::text[])
