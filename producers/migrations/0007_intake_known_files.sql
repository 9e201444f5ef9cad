-- Files that came and were nothing new: nothing was published for them, and sent again they are files of before.

create table intake.known_files (
    sha256   text not null,
    dossier  text not null,
    known_at timestamptz not null,
    primary key (sha256, dossier)
);
comment on table intake.known_files is 'Files of which all was unchanged when they first came; the others are in batches.';
