select state, count(*) as number from store.alerts group by state
