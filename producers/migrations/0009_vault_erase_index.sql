-- Erasing a person takes out what names the person on either side; the keys lead by the other side.
create index merges_winner on vault.merges (winner);
create index distinct_pairs_other on vault.distinct_pairs (other);
