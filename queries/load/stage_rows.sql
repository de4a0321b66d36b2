-- name:    stage_rows
-- what:    The rows of the careful reader, with their line numbers.
-- params:
-- returns: nothing
insert into stage
select
    line,
    unit,
    indicator,
    given::date,
    value,
    numerator,
    denominator
from careful_row
