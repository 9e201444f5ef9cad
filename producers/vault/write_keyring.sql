insert into vault.keyring (fingerprint) values (%s) on conflict do nothing
