insert into vault.positions (position, person, held) values (%s::uuid, %s::uuid, %s)
on conflict (position) do update set held = excluded.held
