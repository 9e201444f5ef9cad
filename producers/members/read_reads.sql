select read_at, who, why, what from vault.reads where person = %s::uuid order by read_at
