-- Areas as dated data (meaning, rule 15). Loaded from files of schemas/areas, not from the log: a reset keeps them.
-- Boundary sets (schemes): 2025 (two levels, decision 19/2025/QĐ-TTg, in force 2025-07-01), before-2025, parks,
-- union-groups. A code means nothing without its scheme: wards of 2025 reuse codes of wards before, with another extent.

create table store.areas (
    scheme text not null,
    code text not null,
    level text not null,
    name text not null,
    unit_type text not null,
    parent text not null,
    province text not null,
    valid_from date,
    valid_to date,
    primary key (scheme, code)
);

-- Wards before 2025 -> wards of 2025; a ward that was split stands here once for each new one.
create table store.area_links (
    old text not null,
    new text not null,
    primary key (old, new)
);
create index area_links_new on store.area_links (new);

-- Wards of 2025 that a union grouping reaches.
create table store.area_members (
    grouping text not null,
    ward text not null,
    primary key (grouping, ward)
);
create index area_members_ward on store.area_members (ward);

-- What was loaded already, so that a start does not load it again.
create table store.area_files (
    name text primary key,
    sha256 text not null,
    loaded_at timestamptz not null default now()
);

-- A ward code, read in one scheme, as an area of a boundary set. Where one code leads to several areas, to none: null.
-- Whoever loads areas refreshes it.
create materialized view store.area_readings as
with wards as (
    select a.scheme, a.code, a.valid_from, a.valid_to from store.areas a where a.level = 'ward'
), onward as (
    select l.old, case when count(*) = 1 then min(l.new) end as new from store.area_links l group by l.old
), back as (
    select l.new, case when count(*) = 1 then min(l.old) end as old from store.area_links l group by l.new
), grouped as (
    select m.ward, case when count(*) = 1 then min(m.grouping) end as grouping from store.area_members m group by m.ward
), today as (
    select w.*, case w.scheme when '2025' then w.code else o.new end as new
    from wards w left join onward o on w.scheme = 'before-2025' and o.old = w.code
)
select t.code, t.scheme as read_as, t.valid_from, t.valid_to, '2025' as boundaries, t.new as area from today t
union all
select t.code, t.scheme, t.valid_from, t.valid_to, 'before-2025',
    case t.scheme when 'before-2025' then t.code else b.old end
from today t left join back b on t.scheme = '2025' and b.new = t.code
union all
select t.code, t.scheme, t.valid_from, t.valid_to, 'union-groups', g.grouping
from today t left join grouped g on g.ward = t.new;
create index area_readings_code on store.area_readings (boundaries, code);
