select post, key_id, format, unit, dossier, replaces, size, begun
from intake.posts
where post = %(post)s and state = 'held'
for update
