update intake.api_keys
set posts = posts + %(posts)s, accepted_rows = accepted_rows + %(accepted)s, refused_rows = refused_rows + %(refused)s
where id = %(id)s
