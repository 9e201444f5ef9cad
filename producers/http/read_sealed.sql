select sealed from intake.posts where post = %(post)s
