update intake.posts set begun = begun + 1 where post = any(%(posts)s)
