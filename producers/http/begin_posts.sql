-- locked in the order of ids, as a change of the vault's key does: neither waits for the other
with held as (select post from intake.posts where post = any(%(posts)s) order by post for update)
update intake.posts set begun = begun + 1 from held where posts.post = held.post
