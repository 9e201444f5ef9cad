-- Who is in a range of ids and has facts on one partition; answered from the index alone.
select distinct person from store.facts
where person >= %(first)s and person <= %(last)s and partition = %(partition)s
