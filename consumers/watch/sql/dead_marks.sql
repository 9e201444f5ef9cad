select topic, partition, "offset", digest, state, by, why, at from watch.dead_marks
