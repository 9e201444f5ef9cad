-- Letters without case, tone or hook, so that "cong doan" finds "Công đoàn". Decomposed first: lower() of a database
-- without a locale knows ASCII alone. The marks are those of Vietnamese; translate() drops them, having no partner.
create function watch.plain(said text) returns text
    language sql immutable parallel safe strict
return lower(translate(normalize(said, NFD), U&'\0110\0111\0300\0301\0302\0303\0306\0309\031B\0323', 'Dd'));
