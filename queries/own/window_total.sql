-- name:    window_total
-- what:    What was returned in each window of the week, one row a unit, indicator and window; null: no return.
-- params:
-- returns: nothing
create table reporting.window_total as
select
    unit::varchar as unit,
    indicator::varchar as indicator,
    name::varchar as name,
    first_day::varchar::date as first_day,
    last_day::varchar::date as last_day,
    amount::double as amount,
    volume::double as volume,
    present::bigint as present
from window_total_text
