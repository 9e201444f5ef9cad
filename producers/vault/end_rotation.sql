update vault.keyring set former = null
