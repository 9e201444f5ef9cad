select a.hash, a.person, a.kind from vault.aliases a where a.number is null order by a.person limit %s
