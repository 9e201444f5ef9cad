-- A line that corrected another one can be cited itself: it is the one that a count's explanation names.
create table intake.corrections (
    dossier text not null,
    line    text not null,
    fact    uuid not null,                  -- that this line restated
    batch   uuid not null
);
create index corrections_cited on intake.corrections (hashtextextended(dossier, 0), line);
create index corrections_batch on intake.corrections (batch);
comment on table intake.corrections is 'Lines that restated a fact of another line: a citation of them means that line.';
