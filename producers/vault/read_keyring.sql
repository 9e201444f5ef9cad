select fingerprint from vault.keyring
