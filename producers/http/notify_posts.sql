select pg_notify('intake_posts', '')
