-- Looks at a person's trail stand in the vault's read log, with all others; those that were written here move there.
do $$
begin
    if to_regclass('vault.reads') is not null then
        insert into vault.reads (read_at, who, why, what, person, rows)
        select at, 'page:' || account, 'trail on the page', 'trail', person, 1 from watch.trail_reads;
    end if;
end $$;
drop table watch.trail_reads;
