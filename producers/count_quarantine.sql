select reason, count(*)::int from intake.quarantine group by reason order by reason
