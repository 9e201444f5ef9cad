select setval(pg_get_serial_sequence('vault.versions', 'seq'), coalesce(max(seq), 0) + 1, false) from vault.versions
