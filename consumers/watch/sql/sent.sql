insert into watch.sent as s (alert, action, by, version)
values (%(alert)s, %(action)s, %(by)s, %(version)s)
on conflict (alert) do update set action = excluded.action, by = excluded.by, version = excluded.version, at = excluded.at
