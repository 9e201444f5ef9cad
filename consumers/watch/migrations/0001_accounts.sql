-- Not on the log and not to be made again from it: back it up with the vault.

create table watch.accounts (
    name text primary key,
    hash text not null,
    made_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);

-- token: SHA-256 of the cookie's value, so that a copy of this table opens nothing.
create table watch.sessions (
    token bytea primary key,
    account text not null references watch.accounts on delete cascade,
    made_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index sessions_account on watch.sessions (account);

-- key: SHA-256 of what is counted (an account, an address, or both), so that a password typed into the wrong field is
-- not kept.
create table watch.attempts (
    key bytea not null,
    at timestamptz not null default clock_timestamp()
);
create index attempts_key on watch.attempts (key, at);
create index attempts_at on watch.attempts (at);

-- An action that was put on the log; it is waited for until the alert has a higher version than it had then.
create table watch.sent (
    alert uuid primary key,
    action text not null,
    by text not null,
    version int not null,
    at timestamptz not null default clock_timestamp()
);
