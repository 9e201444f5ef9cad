select one, other from vault.distinct_pairs
