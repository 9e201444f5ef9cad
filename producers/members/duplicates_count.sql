select count(*) from vault.persons where merged_into is null and record is not null
