select reason, count(*)::int from intake.quarantine where state = 'waiting' group by reason order by reason
