select count(*) from vault.persons where generation < %s
