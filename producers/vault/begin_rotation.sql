update vault.keyring set fingerprint = %s, former = %s, generation = generation + 1
where fingerprint = %s and former is null
returning generation
