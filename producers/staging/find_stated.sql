select key from intake.facts where key = any(%(subjects)s) and live and change = 'enterprise_stated'
union
select key from intake.facts where key = any(%(subjects)s) and live and change = 'union_stated'
