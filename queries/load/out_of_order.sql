-- name:    out_of_order
-- what:    The cell of the changed rows of which the store knows the newest moment, if that is not before this one.
-- params:  recorded_at TIMESTAMP
-- returns: unit VARCHAR, indicator VARCHAR, period_start DATE, last_moment TIMESTAMP
select unit, indicator, period_start, last_moment
from changed
where last_moment >= $recorded_at
order by last_moment desc, unit, indicator, period_start
limit 1
