delete from vault.distinct_pairs where one = any(%(ids)s::uuid[]) or other = any(%(ids)s::uuid[])
