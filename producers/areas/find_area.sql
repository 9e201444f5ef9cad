select code, level, parent, first_day, last_day from intake.areas where code = %s
