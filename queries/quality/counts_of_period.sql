-- name:    counts_of_period
-- what:    The figure of each unit for one indicator and period, as known at a moment.
-- params:  indicator VARCHAR, period_start DATE, known_at TIMESTAMP
-- returns: unit VARCHAR, value DOUBLE
select unit, value
from observation
where indicator = $indicator
    and period_start = $period_start
    and recorded_at <= $known_at
    and (superseded_at is null or superseded_at > $known_at)
    and value is not null
order by unit
