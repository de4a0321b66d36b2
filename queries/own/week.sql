-- name:    week
-- what:    The week judged, one row: its name, its days, and as known when.
-- params:
-- returns: nothing
create table reporting.week as
select
    week::varchar as week,
    first_day::varchar::date as first_day,
    last_day::varchar::date as last_day,
    known_at::varchar::timestamp as known_at
from week_text
