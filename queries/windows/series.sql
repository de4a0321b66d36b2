-- name:    series
-- what:    Every figure of one unit and indicator, as known at a moment, oldest first.
-- params:  unit VARCHAR, indicator VARCHAR, known_at TIMESTAMP
-- returns: period_start DATE, value DOUBLE, numerator DOUBLE, denominator DOUBLE
select
    period_start,
    value,
    numerator,
    denominator
from observation
where unit = $unit
    and indicator = $indicator
    and recorded_at <= $known_at
    and (superseded_at is null or superseded_at > $known_at)
order by period_start
