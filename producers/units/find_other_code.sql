select 1 from intake.unit_codes
where unit = %(unit)s and branch = %(branch)s and since = %(since)s and unit_code <> %(code)s
limit 1
