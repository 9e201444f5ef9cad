-- What an account may do: operator sees counts, alerts and receipts, nothing personal; clerk also sees and corrects
-- refused rows. Nobody gets a wider role by this migration.
alter table watch.accounts
    add column role text not null default 'operator' check (role in ('operator', 'clerk'));
