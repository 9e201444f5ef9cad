copy vault.versions (person, changed, by, why, at) from stdin
