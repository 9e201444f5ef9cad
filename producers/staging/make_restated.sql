create temp table if not exists restated (fact uuid, line text);
truncate restated
