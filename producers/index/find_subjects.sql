select distinct key from intake.facts where key = any(%s) and live and change = 'enterprise_stated'
