-- Everything here follows from the log and can be made again from it.

-- The first offset that is not in this database yet; it moves in the transaction of its records.
create table store.offsets (
    topic text not null,
    partition int not null,
    next_offset bigint not null,
    primary key (topic, partition)
);

-- Records that could not be read. They are passed over, never lost: the log still has them.
create table store.rejected (
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    reason text not null,
    at timestamptz not null default now(),
    primary key (topic, partition, "offset")
);

-- day: of the last tick on that partition of unit.changes; passed: every unit of it lives on that day.
create table store.clock (
    partition int primary key,
    day date,
    passed date
);

create table store.unit_status (
    unit text primary key,
    kind text not null,
    day date,
    version bigint not null,
    workers int not null,
    present int not null,
    members int not null,
    tax_code text not null,
    union_code text not null,
    name text not null,
    ownership text not null,
    area_code text not null,
    park text not null,
    eligible_agreement text not null,
    eligible_party text not null,
    upper_union text not null,
    unions text[] not null,
    partial_cover boolean not null,
    agreement boolean not null,
    party boolean not null,
    baseline text not null,
    dissolved_on date,
    unclosed int not null,
    successors text[] not null,
    recorded_at timestamptz not null
);
create index unit_status_tax_code on store.unit_status (tax_code);

create table store.alerts (
    id uuid primary key,
    rule text not null,
    unit text not null,
    tax_code text not null,
    name text not null,
    episode int not null,
    version int not null,
    state text not null,
    workers int not null,
    opened_on date not null,
    confirmed_on date,
    resolved_on date,
    reason text not null,
    snoozed_until date,
    by text not null,
    history jsonb not null,
    recorded_at timestamptz not null
);
create index alerts_unit on store.alerts (unit);

create table store.effects (
    partition int not null,
    "offset" bigint not null,
    person uuid not null,
    unit text not null,
    day date not null,
    workers smallint not null,
    present smallint not null,
    members smallint not null,
    fact text not null,
    correction boolean not null,
    recorded_at timestamptz not null,
    primary key (partition, "offset")
);
create index effects_unit_day on store.effects (unit, day);
-- A tick asks for the few blocks that hold days ahead of it; a block range index costs nothing to keep.
create index effects_day on store.effects using brin (day);

create table store.marks (
    partition int not null,
    "offset" bigint not null,
    unit text not null,
    sign smallint not null,
    about text not null,
    day date not null,
    key text not null,
    branch text not null,
    "on" boolean not null,
    detail jsonb not null,
    fact text not null,
    recorded_at timestamptz not null,
    primary key (partition, "offset")
);
create index marks_unit on store.marks (unit);

create table store.actions (
    partition int not null,
    "offset" bigint not null,
    unit text not null,
    alert uuid not null,
    action text not null,
    by text not null,
    until date,
    recorded_at timestamptz not null,
    primary key (partition, "offset")
);

create table store.movements (
    movement_id uuid primary key,
    version int not null,
    supersedes int not null,
    person uuid not null,
    what text not null,
    from_unit text not null,
    to_unit text not null,
    left_on date,
    started_on date,
    facts text[] not null,
    recorded_at timestamptz not null
);
create index movements_from on store.movements (from_unit, left_on) where from_unit <> '';
create index movements_to on store.movements (to_unit, started_on) where to_unit <> '';

-- Readings of a movement that a later one has superseded.
create table store.movement_versions (
    like store.movements,
    primary key (movement_id, version)
);

create table store.receipts (
    batch uuid primary key,
    dossier text not null,
    file text not null,
    sha256 text not null,
    feed text not null,
    unit text not null,
    accepted int not null,
    unchanged int not null,
    refused_total int not null,
    signed boolean not null,
    ignored_columns text[] not null,
    recorded_at timestamptz not null
);
create index receipts_newest on store.receipts (recorded_at desc, batch);
create index receipts_dossier on store.receipts (dossier);

create table store.receipt_refusals (
    batch uuid not null references store.receipts on delete cascade,
    place int not null,
    line text not null,
    field text not null,
    reason text not null,
    message text not null,
    primary key (batch, place)
);

-- The sums of the effects that are due, so that a question about today reads no history.
create table store.unit_counts (
    unit text primary key,
    workers int not null,
    present int not null,
    members int not null
) with (fillfactor = 70);

create table store.person_units (
    person uuid not null,
    unit text not null,
    workers smallint not null,
    members smallint not null,
    primary key (person, unit)
) with (fillfactor = 90);

-- Persons who have had two spells, or two memberships, open at once: the only ones that a sum over units counts twice.
create table store.persons_in_several (
    person uuid primary key
);
