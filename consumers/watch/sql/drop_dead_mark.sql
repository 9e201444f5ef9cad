delete from watch.dead_marks where topic = %(topic)s and partition = %(partition)s and "offset" = %(offset)s
