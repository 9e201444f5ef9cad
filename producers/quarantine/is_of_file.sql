select 1 from intake.batches where batch = %(batch)s and sha256 = %(sha256)s
