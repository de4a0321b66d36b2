-- name:    keep_rows
-- what:    Puts the checked rows of one of several files by, until all have been checked.
-- params:  file BIGINT
-- returns: nothing
insert into kept_row
select $file, unit, indicator, given, value, numerator, denominator
from stage
