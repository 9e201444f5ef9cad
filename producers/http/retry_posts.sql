-- locked in the order of ids, as a change of the vault's key does; its turn comes in the order in which it was received
with held as (select post from intake.posts where post = any(%(posts)s) and state = 'held' order by post for update)
update intake.posts set state = 'queued', again_at = null from held where posts.post = held.post
returning posts.post
