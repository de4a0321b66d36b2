-- name:    stage_rows
-- what:    The figures that a feed made of an extract. A line is the extract's row, or of sums their number.
-- params:
-- returns: nothing
insert into stage
select
    line,
    unit,
    indicator,
    given,
    value,
    numerator,
    denominator
from feed_row
