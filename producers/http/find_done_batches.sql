-- What an earlier try of a post has published: its file is named after the post.
select dossier, file, batch, accepted, unchanged, refused
from intake.batches
where state = 'done' and (file = %(file)s or starts_with(file, %(file)s || '/'))
