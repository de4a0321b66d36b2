-- name:    stage_kept
-- what:    The checked rows of one of several files, staged again.
-- params:  file BIGINT
-- returns: nothing
insert into stage by name
select unit, indicator, given, value, numerator, denominator
from kept_row
where file = $file
