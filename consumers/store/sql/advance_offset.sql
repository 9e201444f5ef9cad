update store.offsets set next_offset = %(end)s
where topic = %(topic)s and partition = %(partition)s and next_offset = %(start)s
