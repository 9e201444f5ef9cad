select unit_code, since, unit, branch from intake.unit_codes where unit_code = any(%s) order by unit_code, since
