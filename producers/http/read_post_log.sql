select at, who, did, said from intake.post_log where post = %(post)s order by id
