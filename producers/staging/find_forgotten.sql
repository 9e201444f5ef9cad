-- Whom the vault did not know yet under these ids when the file first came; nobody as long as nobody was erased.
select asked.id
from unnest(%(persons)s::uuid[]) as asked (id)
left join vault.persons p on p.id = asked.id
where exists (select from vault.erasures)
  and (p.id is null or p.minted_at > (
      select least(
          (select min(staged_at) from intake.batches where sha256 = %(sha256)s),
          (select min(known_at) from intake.known_files where sha256 = %(sha256)s)
      )
  ))
