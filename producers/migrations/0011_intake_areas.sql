-- Wards, districts and provinces beyond those that come with the program (mobility areas load): the codes that an
-- enterprise register may state, and that a key may be bound to. Not from the log.
create table intake.areas (
    code      text not null,
    level     text not null,
    parent    text not null,                -- empty for a province
    first_day text not null,                -- YYYY-MM-DD, empty: no beginning
    last_day  text not null,                -- the last day that it was valid, empty: no end
    primary key (code, first_day)
);
