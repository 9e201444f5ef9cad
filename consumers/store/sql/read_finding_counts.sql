select what, count(*) as number from store.findings where open group by what order by number desc, what
