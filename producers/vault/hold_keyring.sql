select fingerprint, former, generation from vault.keyring for share
