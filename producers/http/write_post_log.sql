insert into intake.post_log (post, at, who, did, said)
select one, %(at)s, %(who)s, %(did)s, %(said)s from unnest(%(posts)s::uuid[]) one
