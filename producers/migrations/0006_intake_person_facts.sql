-- Facts of one person: membership history, and what moves to another id when two are merged. Eight bytes a row.
create index facts_person on intake.facts (hashtextextended(key, 0)) where length(key) = 32;
